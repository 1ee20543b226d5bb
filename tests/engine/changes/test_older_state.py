"""Stacks that an older version made: whoever takes the new one finds nothing made anew, replaced or gone.

The fixtures and how they are made: tests/older_state/README.md. AWS has in these tests what it had there, and
the program is the one of today, in a folder with the files of back then.
"""

import dataclasses
import json
import shutil
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.home import CHECKOUT
from sandbox.project import Project
from sandbox.standing_stack import StandingStack
from tests.engine.conftest import NewFolder, Sandbox, own_project
from tests.older_state.replay import Ids, replay
from tests.support import calls_of_a_key

pytestmark = pytest.mark.engine

FOLDER = CHECKOUT / "tests" / "older_state"
RECORDS = sorted(file.parent for file in FOLDER.glob("*/state.json"))
ANNOUNCED: list[dict[str, Any]] = yaml.safe_load(
    (FOLDER / "announced_updates.yaml").read_text(encoding="utf-8")
)
#: What a user may still see of a resource that is as it was; `read` is a lookup.
UNTOUCHED = {"same", "read", "refresh"}
#: Outputs that were lists, and are maps by the name of each assignment: the changelog says so. The record of
#: the model is the program's own.
RESHAPED = {"assignments", "account_assignments", "access_model"}


@dataclasses.dataclass(frozen=True)
class Older:
    """A stack that an older version made."""

    record: Path
    project: Project
    ids: Ids

    @property
    def backend(self) -> Path:
        """Return the folder in which Pulumi keeps its state."""
        return self.project.backend

    def recorded(self, name: str) -> Any:  # noqa: ANN401  # any JSON
        """Read a file of the record, in the ids that AWS has now."""
        return json.loads(self.ids.renewed((self.record / name).read_text(encoding="utf-8")))

    def steps(self, *options: str) -> list[dict[str, Any]]:
        """Return what a preview would do with each resource."""
        steps: list[dict[str, Any]] = self.project.succeed(
            "preview", "--json", "--show-sames", *options
        ).json()["steps"]
        return steps


@pytest.fixture(params=RECORDS, ids=[record.name for record in RECORDS])
def older(
    request: pytest.FixtureRequest, standing_stack: StandingStack, sandbox: Sandbox, new_folder: NewFolder
) -> Older:
    """Give a recorded stack to the code of today; what a test changes of files is put back."""
    record: Path = request.param
    made = standing_stack.get(f"older {record.name}", lambda: _taken_over(record, sandbox, new_folder()))
    _copy_files(record, made.project.folder)
    return dataclasses.replace(
        made, project=dataclasses.replace(made.project, environment=dict(made.project.environment))
    )


def _taken_over(record: Path, sandbox: Sandbox, folder: Path) -> Older:
    """Let AWS have what the stack made, and give its state to a backend of today."""
    ids = replay(record / "aws.jsonl", sandbox.endpoint)
    folder.mkdir()
    _copy_files(record, folder)
    (folder / ".venv").symlink_to(sandbox.environment["VIRTUAL_ENV"])
    project = own_project(folder, sandbox, {"PULUMI_OPTION_POLICY_PACK": str(CHECKOUT / "policies")})
    older = Older(record, project, ids)
    state = folder.with_name("state.json")
    state.write_text(json.dumps(older.recorded("state.json")), encoding="utf-8")
    project.succeed("stack", "init", "dev")
    project.succeed("stack", "import", "--file", str(state))
    return older


def _values(output: list[dict[str, Any]] | dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return list(output.values()) if isinstance(output, dict) else output


def _copy_files(record: Path, folder: Path) -> None:
    """Put the user's own files into the folder of the project, and the program of today."""
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml"):
        shutil.copy(record / name, folder / name)
    shutil.copy(CHECKOUT / "__main__.py", folder / "__main__.py")
    shutil.copytree(record / "access", folder / "access", dirs_exist_ok=True)


def unannounced(steps: list[dict[str, Any]]) -> dict[str, str]:
    """Return what a preview would do beyond what the changelog announces: the operation, by URN."""
    return {
        step["urn"]: f"{step['op']} {step.get('diffReasons') or ''}".strip()
        for step in steps
        if step["op"] not in UNTOUCHED and not _is_announced(step)
    }


def _is_announced(step: dict[str, Any]) -> bool:
    return step["op"] == "update" and any(
        step["urn"].endswith(row["resource"]) and set(step.get("diffReasons") or ()) <= set(row["properties"])
        for row in ANNOUNCED
    )


def test_every_announced_update_stands_in_the_changelog() -> None:
    """A user who sees an update of something that they did not touch looks there."""
    changelog = " ".join((CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8").split())

    assert [row for row in ANNOUNCED if row["changelog"] not in changelog] == []
    assert RECORDS, "there is a stack to try it with"


def test_nothing_is_made_anew_replaced_or_deleted(older: Older) -> None:
    """People would lose their access for a moment or for good, by an upgrade, having changed nothing."""
    steps = older.steps()

    assert unannounced(steps) == {}
    recorded = {one["urn"] for one in older.recorded("state.json")["deployment"]["resources"]}
    assert {step["urn"] for step in steps} >= {urn for urn in recorded if "::pulumi:" not in urn}


def test_aws_has_what_the_state_says(older: Older) -> None:
    """A preview that compares with the state alone would also hold over an AWS that lost everything."""
    assert unannounced(older.steps("--refresh")) == {}


def test_what_the_last_update_kept_is_compared_with(older: Older) -> None:
    """Without it nobody is told who loses what, and the brake counts nothing, until the next update."""
    people = older.project.folder / "access" / "people.yaml"
    text = people.read_text(encoding="utf-8")
    assert "members: [ada, linus, grace]" in text
    people.write_text(text.replace("members: [ada, linus, grace]", "members: [ada, grace]"), encoding="utf-8")

    older.project.succeed("preview")

    told = json.loads((older.project.folder / "access-changes.json").read_text(encoding="utf-8"))
    assert told["comparison"] == "compared"
    lost = {
        (one["person"], one.get("permissionSet") or one.get("application") or one.get("role"))
        for one in told["changes"]
        if one["change"] == "loses"
    }
    assert lost == {
        ("linus", "deploying"),
        ("linus", "reading"),
        ("linus", "wiki"),
        ("linus", "arn:aws:iam::444444444444:role/team/Operator"),
    }
    assert set(told) >= set(older.recorded("changes-of-the-update.json")), "programs read these"


def test_an_update_changes_nothing_and_the_outputs_stay(older: Older, sandbox: Sandbox) -> None:
    """Other stacks and scripts read the outputs by name; a value of another shape breaks them.

    What is announced is an update of the state alone: to provision every account for it would take an hour.
    """
    calls_of_a_key.count(sandbox.endpoint)
    older.project.up()

    asked = calls_of_a_key.asked(sandbox.endpoint)
    assert [action for action in asked if calls_of_a_key.is_write(action)] == []
    assert asked["sso:ListManagedPoliciesInPermissionSet"] > 0, "the calls of the provider are counted"
    outputs = older.project.succeed("stack", "output", "--json", "--show-secrets").json()
    before = older.recorded("outputs.json")
    reshaped = before.keys() & RESHAPED
    assert {name: outputs.get(name) for name in before.keys() - reshaped} == {
        name: before[name] for name in before.keys() - reshaped
    }
    for name in reshaped - {"access_model"}:
        assert len(outputs[name]) == len(before[name])
    in_order = itemgetter("accountId", "permissionSet", "principal")
    assert sorted(outputs["account_assignments"].values(), key=in_order) == sorted(
        _values(before["account_assignments"]), key=in_order
    )
    assert unannounced(older.steps()) == {}
