"""`identity-center adopt` where a model is already: what is new is added, and what people wrote stays."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.settings import REGION
from tests.support.adopting import adopt, folder, model, written
from tests.support.lived_in import ADMIN, MANAGEMENT, SHOP, LivedIn

__all__ = ["folder"]


def test_later_what_is_new_is_added_and_no_line_of_a_person_changes(
    lived_in: LivedIn, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A tool that writes over comments is run once."""
    assert adopt(folder) == 0
    people = folder / "people.yaml"
    text = people.read_text(encoding="utf-8").replace(
        "    members: [ada]", "    members: [ada] # ask Grace first\n"
    )
    people.write_text(text.replace("groups:", "# Teams, not projects.\ngroups:"), encoding="utf-8")
    before = written(folder)
    new = lived_in.user("new@example.com")
    group = lived_in.made.group("Newcomers")
    lived_in.join(group, new)
    lived_in.join(lived_in.groups["Auditors"], new)
    lived_in.made.assign(lived_in.sets["Billing"], group, SHOP)
    arn = lived_in.made.permission_set("Visiting")
    lived_in.made.sso.attach_managed_policy_to_permission_set(
        **lived_in.made.of_set(arn), ManagedPolicyArn=ADMIN
    )

    assert adopt(folder) == 0
    assert (
        "Visiting: `permissionSetDefaults` would give it `tags` that it does not have"
        in capsys.readouterr().out
    )
    after, said = written(folder), model(folder)
    for name, old in before.items():
        new_lines = iter(after[name].splitlines())
        kept = [line for line in old.splitlines() if "members: [ada]" not in line]
        assert all(any(line == each for each in new_lines) for line in kept), name
    assert "    members: [ada, new] # ask Grace first" in after["people.yaml"]
    assert said["groups"]["newcomers"] == {"displayName": "Newcomers", "members": ["new"]}
    assert {"group": "newcomers", "permissionSets": ["billing"], "accounts": [SHOP]} in said["assignments"]


def test_a_part_is_adopted_alone_and_the_rest_later(lived_in: LivedIn, folder: Path) -> None:
    """Nobody decides on everything on one day."""
    assert adopt(folder, "--only", "people", "permission-sets") == 0
    first = model(folder)
    assert adopt(folder) == 0

    assert lived_in.sets
    assert set(first) == {"users", "groups", "externalUsers", "permissionSetDefaults", "permissionSets"}
    assert set(model(folder)) > {*first, "assignments", "applications", "accountAccess"}
    assert {key: model(folder)[key] for key in first if key != "externalUsers"} == {
        key: value for key, value in first.items() if key != "externalUsers"
    }


def test_a_model_that_cannot_be_read_is_left_alone(
    lived_in: LivedIn, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is added to a model that nobody understands may say it twice."""
    assert lived_in.sets
    folder.mkdir()
    (folder / "people.yaml").write_text(
        "groups:\n  a: {displayName: A, members: [nobody]}\n", encoding="utf-8"
    )
    before = written(folder)

    assert adopt(folder) == 2

    told = capsys.readouterr().err
    assert "nothing was written" in told
    assert "people.yaml:1:" in told or "people.yaml:2:" in told
    assert written(folder) == before
    assert not (folder.parent / "identity-center.import.json").exists()


def test_a_file_in_a_spelling_of_its_own_is_not_written_anew(
    lived_in: LivedIn, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that comes back in another spelling is a change of every line in the review."""
    folder.mkdir()
    odd = "groups:\n     auditors:   {displayName:   Auditors}\n"
    (folder / "people.yaml").write_text(odd, encoding="utf-8")

    assert adopt(folder) == 2, "a member of its group can be added nowhere else"
    assert "people.yaml cannot be added to" in capsys.readouterr().err
    assert written(folder) == {"people.yaml": odd}

    lived_in.leave("Auditors")
    assert adopt(folder) == 0
    assert written(folder)["people.yaml"] == odd
    assert "platform-engineers" in written(folder)["people-2.yaml"]


def project(folder: Path, **files: dict[str, Any]) -> None:
    """Put the folder into a project whose stacks' files say these things of a model."""
    (folder.parent / "Pulumi.yaml").write_text("name: access\nruntime: python\n", encoding="utf-8")
    for name, said in files.items():
        config = {f"identity-center:{key}": value for key, value in said.items()}
        text = yaml.safe_dump({"config": {"aws:region": REGION, **config}})
        (folder.parent / f"Pulumi.{name}.yaml").write_text(text, encoding="utf-8")


AUDITORS = {"auditors": {"displayName": "Auditors"}}


def test_what_the_stacks_own_file_says_is_not_said_again(
    lived_in: LivedIn, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A group in the file and once more in the folder is refused in the first preview, in the best case."""
    reading = {"reading-things": {"name": "Reading", "managedPolicies": ["ReadOnlyAccess"]}}
    project(folder, dev={"groups": AUDITORS, "permissionSets": reading, "modelFolder": "access"})
    before = (folder.parent / "Pulumi.dev.yaml").read_text(encoding="utf-8")
    lived_in.leave("Auditors")

    assert adopt(folder) == 0, capsys.readouterr().err

    said = model(folder)
    assert "auditors" not in said["groups"]
    assert "Reading" not in [each["name"] for each in said["permissionSets"].values()]
    assert {
        "group": "auditors",
        "permissionSets": ["billing", "reading-things"],
        "accounts": [MANAGEMENT, SHOP],
    } in said["assignments"]
    assert (folder.parent / "Pulumi.dev.yaml").read_text(encoding="utf-8") == before
    file = folder.parent / "identity-center.import.json"
    assert any(each["logicalName"] == "auditors" for each in json.loads(file.read_text())["resources"])


def test_what_belongs_into_an_entry_of_the_stacks_file_is_left_out_and_named(
    lived_in: LivedIn, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody's own file is written to, and nobody is told that a member is in the model who is not."""
    assert lived_in.groups
    project(folder, dev={"groups": AUDITORS})

    assert adopt(folder) == 0, capsys.readouterr().err

    why = "`auditors` stands in Pulumi.dev.yaml, to which adopt adds nothing: move it into the folder"
    assert f"left out: 1 of groups.auditors.members: {why}" in capsys.readouterr().out
    assert "auditors" not in model(folder)["groups"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"dev": {"groups": AUDITORS}, "prod": {"groups": AUDITORS}}, "name the stack that is meant with"),
        ({"dev": {"modelFolder": "model"}}, "its model is in the folder model"),
        ({"dev": {"users": {"secure": "AAA="}}}, "`users` is encrypted"),
        ({"dev": {"groups": {"a": {}}}}, "groups.a"),
    ],
)
def test_a_stacks_file_that_nobody_can_take_into_account_ends_it(
    lived_in: LivedIn,
    folder: Path,
    files: dict[str, Any],
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An adoption beside half a model says things twice."""
    assert lived_in.groups
    project(folder, **files)

    assert adopt(folder, "--only", "people") == 2
    assert words in capsys.readouterr().err
    assert written(folder) == {}
