"""`adopt --verify` beside a Pulumi that says what a test wants: what is told when it goes wrong."""

import json
import os
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.objects import Group, Region
from identity_center.model.existing.snapshot_file import write_existing
from identity_center_cli.main import main

STORE: Final = "d-1234567890"
EXISTING: Final = Existing(
    region="us-east-1",
    instance_arn="arn:aws:sso:::instance/ssoins-1234567890abcdef",
    identity_store_id=STORE,
    read_from="2026-11-30T00:00:00+00:00",
    read_until="2026-11-30T00:00:00+00:00",
    groups=(Group(id="g-1", name="Auditors"),),
    regions=(Region(name="us-east-1", status="ACTIVE", is_primary=True),),
)
URN: Final = (
    "urn:pulumi:dev::access::identity-center:index:AccessModel$identity-center:index:Directory$"
    "aws:identitystore/group:Group::auditors"
)
#: It keeps what it is called with, and prints what the file `answers.json` has for the command.
PULUMI: Final = """#!{python}
import json, os, pathlib, sys
here = pathlib.Path(__file__).parent
with (here / "calls").open("a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "|" + os.environ.get("PULUMI_OPTION_POLICY_PACK", "no pack") + "\\n")
if os.environ.get("PULUMI_SKIP_CHECKPOINTS") == "true":
    (here / "one-writing").open("a").write(sys.argv[1] + "\\n")
answer = json.loads((here / "answers.json").read_text())[sys.argv[1]]
print(answer["out"])
sys.exit(answer["status"])
"""


class FakePulumi:
    """A `pulumi` on PATH."""

    def __init__(self, folder: Path) -> None:
        """Put it into a folder."""
        self.folder = folder
        file = folder / "pulumi"
        file.write_text(PULUMI.format(python=sys.executable), encoding="utf-8")
        file.chmod(0o755)
        self.answers: dict[str, dict[str, Any]] = {"import": {"out": "", "status": 0}}
        self.has()
        self.previews()

    def has(self, **resources: str) -> None:
        """Say what is in the state: ids by URN."""
        listed = [{"urn": URN, "id": identifier} for identifier in resources.values()]
        out = json.dumps({"version": 3, "deployment": {"resources": listed}})
        self.answers["stack"] = {"out": out, "status": 0}

    def previews(self, *steps: dict[str, Any], status: int = 0, **more: Any) -> None:  # noqa: ANN401 - JSON
        """Say what a preview shows."""
        self.answers["preview"] = {"out": json.dumps({"steps": list(steps), **more}), "status": status}

    def calls(self) -> list[str]:
        """Return what it was called with."""
        return (self.folder / "calls").read_text(encoding="utf-8").splitlines()

    def __call__(self) -> int:
        """Run the command beside it."""
        (self.folder / "answers.json").write_text(json.dumps(self.answers), encoding="utf-8")
        return main(["adopt", "--into", "access", "--snapshot", "snapshot.json", "--verify"])


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    """Give a Pulumi, a snapshot of an instance, and a folder to run in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("PULUMI_OPTION_POLICY_PACK", "a pack")
    (tmp_path / "snapshot.json").write_text(write_existing(EXISTING), encoding="utf-8")
    return FakePulumi(tmp_path)


def test_what_the_state_has_by_another_id_is_not_called_imported(
    pulumi: FakePulumi, capsys: pytest.CaptureFixture[str]
) -> None:
    """The preview sees no difference between two groups of one name: the state alone tells."""
    pulumi.has(auditors=f"{STORE}/g-2")

    assert pulumi() == 1
    told = capsys.readouterr().out
    assert "1 group: 0 imported, 1 left over" in told
    assert f"auditors: the state has it as {STORE}/g-2, AWS as {STORE}/g-1" in told
    assert not any(call.startswith("import") for call in pulumi.calls())


def test_each_difference_is_named_with_what_would_change(
    pulumi: FakePulumi, capsys: pytest.CaptureFixture[str]
) -> None:
    """`1 to update` sends somebody looking through thousands of resources."""
    pulumi.has(auditors=f"{STORE}/g-1")
    pulumi.previews(
        {"op": "same", "urn": URN},
        {"op": "update", "urn": URN, "detailedDiff": {"description": {"kind": "add"}}},
    )

    assert pulumi() == 1
    told = capsys.readouterr().out
    assert "DIFFERENT: update aws:identitystore/group:Group auditors: description" in told
    assert all(call.endswith("|no pack") for call in pulumi.calls()), "whether it is good is another question"


def test_how_long_to_wait_is_no_difference_in_aws(
    pulumi: FakePulumi, capsys: pytest.CaptureFixture[str]
) -> None:
    """No import can read it, and every adoption would end red; with another property beside it, it does."""
    pulumi.has(auditors=f"{STORE}/g-1")
    pulumi.previews({"op": "update", "urn": URN, "detailedDiff": {"timeouts.create": {}, "timeouts": {}}})
    assert pulumi() == 0
    assert "the preview changes nothing else" in capsys.readouterr().out

    pulumi.previews({"op": "update", "urn": URN, "detailedDiff": {"timeouts": {}, "displayName": {}}})
    assert pulumi() == 1


def test_a_preview_that_fails_is_told_by_its_errors(
    pulumi: FakePulumi, capsys: pytest.CaptureFixture[str]
) -> None:
    """A failed preview has no steps: no difference is not the same as no answer."""
    pulumi.has(auditors=f"{STORE}/g-1")
    errors = [
        {"severity": "error", "message": "access/people.yaml:3:5: wrong"},
        {"severity": "info", "message": "x"},
    ]
    pulumi.previews(status=255, diagnostics=errors)

    assert pulumi() == 2
    told = capsys.readouterr()
    assert "`pulumi preview` ended with status 255\naccess/people.yaml:3:5: wrong" in told.err
    assert "changes nothing" not in told.out


def test_without_pulumi_the_message_says_so(
    pulumi: FakePulumi, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The model is written all the same, and the import file is there for a machine that has it."""
    monkeypatch.setenv("PATH", "/nonexistent")

    assert pulumi() == 2
    assert "`pulumi` is not on PATH" in capsys.readouterr().err
    assert (pulumi.folder / "access" / "people.yaml").exists()
    assert (pulumi.folder / "identity-center.import.json").exists()


def test_the_import_alone_writes_its_state_once(pulumi: FakePulumi, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine writes it whole after each resource, which of 10,000 takes hours; an update must do that."""
    pulumi()
    assert (pulumi.folder / "one-writing").read_text(encoding="utf-8") == "import\n"

    monkeypatch.setenv("PULUMI_SKIP_CHECKPOINTS", "false")
    pulumi()
    assert (pulumi.folder / "one-writing").read_text(encoding="utf-8") == "import\n", "somebody's wish holds"
