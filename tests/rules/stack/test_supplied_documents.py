"""Policies that are made elsewhere are judged where somebody supplies their texts."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from identity_guard.rules.supplied import SuppliedDocumentsError
from identity_guard.testing.in_process_engine import Made, Told

Run = Callable[..., list[Told]]
EVERYTHING: Final = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
}
NOTHING: Final = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "s3:List*", "Resource": "*"},
}
ATTACHED: Final = Made(
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "company",
    {"role": "deploy", "policyArn": "arn:aws:iam::111122223333:policy/team/Company"},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder of texts."""
    (tmp_path / "Company.json").write_text(json.dumps(NOTHING), encoding="utf-8")
    return tmp_path


def test_without_its_text_a_policy_of_elsewhere_is_undecided(preview: Run) -> None:
    """The pack never calls AWS."""
    assert {each.policy for each in preview(ATTACHED)} == {"undecided"}


def test_a_supplied_text_decides(preview: Run, update: Run, folder: Path) -> None:
    """In the preview and in the update, for better and for worse."""
    configured = {"undecided": {"documents": str(folder)}}

    assert preview(ATTACHED, **configured) == []

    (folder / "Company.json").write_text(json.dumps(EVERYTHING), encoding="utf-8")
    for run in (preview, update):
        (told,) = run(ATTACHED, **configured)

        assert (told.policy, told.level) == ("no-root-level-access", "mandatory")
        assert "Company" in told.message


def test_a_policy_of_this_stack_comes_before_a_supplied_text(preview: Run, folder: Path) -> None:
    """What the stack says is what will be."""
    own = Made(
        "aws:iam/policy:Policy",
        "own",
        {"name": "Company", "path": "/team/", "policy": json.dumps(EVERYTHING)},
    )
    told = preview(own, ATTACHED, undecided={"documents": str(folder)})

    assert [each.policy for each in told] == ["no-root-level-access"]


def test_a_folder_that_is_not_there_is_an_error(preview: Run, tmp_path: Path) -> None:
    """Else a mistyped folder would leave everything undecided in silence."""
    with pytest.raises(SuppliedDocumentsError, match="`documents` is no folder"):
        preview(ATTACHED, undecided={"documents": str(tmp_path / "nowhere")})


def test_a_relative_folder_is_one_of_the_packs(preview: Run) -> None:
    """The engine runs the pack from anywhere; the texts are shipped with it."""
    pack = Path(__file__).parents[3] / "policies"

    with pytest.raises(SuppliedDocumentsError, match=re.escape(f"is no folder: {pack / 'nowhere'}")):
        preview(ATTACHED, undecided={"documents": "nowhere"})


def test_a_file_that_is_no_text_is_an_error(preview: Run, folder: Path) -> None:
    """To pass over it would judge its policy by what is left."""
    (folder / "Broken.json").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(SuppliedDocumentsError, match="cannot be read: UnicodeDecodeError"):
        preview(ATTACHED, undecided={"documents": str(folder)})


def test_a_folder_in_place_of_a_file_is_an_error(preview: Run, folder: Path) -> None:
    """The message names the setting; a bare error of the system would name nothing that the user wrote."""
    (folder / "Nested.json").mkdir()

    with pytest.raises(SuppliedDocumentsError, match="cannot be read: IsADirectoryError"):
        preview(ATTACHED, undecided={"documents": str(folder)})
