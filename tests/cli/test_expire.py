"""What `identity-center expire` takes away and what it leaves to people."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from identity_center.model.language.clock import TODAY_VARIABLE
from identity_center_cli.engine import Engine, EngineError
from tests.support.command import Command, Json, resource

ACCOUNT: Final = "444444444444"
ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/Operator"
ASSIGNMENT: Final = "aws:ssoadmin/accountAssignment:AccountAssignment"
INSIDE: Final = "identity-center:index:AccessModel$"
END: Final = "2026-11-20T16:00:00Z"
MODEL: Final = {
    "users": {
        "ada": {
            "userName": "ada",
            "givenName": "A",
            "familyName": "L",
            "displayName": "A L",
            "email": "ada@example.com",
        }
    },
    "groups": {"g": {"displayName": "G", "members": ["ada"]}},
    "permissionSets": {"p": {"name": "P", "sessionDuration": "4 hours"}},
    "applications": {
        "wiki": {
            "name": "Wiki",
            "provider": "arn:aws:sso::aws:applicationProvider/custom",
            "assignments": [{"group": "g", "expires": "2026-11-19"}],
        }
    },
    "accountAccess": {"entitlements": [{"user": "ada", "roles": [ROLE], "expires": END}]},
    "assignments": [
        {"group": "g", "permissionSets": ["p"], "accounts": [ACCOUNT]},
        {"user": "ada", "permissionSets": ["p"], "accounts": [ACCOUNT], "expires": END},
    ],
}
OVER: Final = {
    f"{ASSIGNMENT}::p/user/ada/{ACCOUNT}",
    "aws:ssoadmin/applicationAssignment:ApplicationAssignment::wiki/group/g",
    f"aws:accountaccess/entitlement:Entitlement::{ACCOUNT}/Operator/user/ada",
}


def stack() -> dict[str, Json]:
    """Record a stack in which all of it was made, by the ends of its URNs."""
    set_ = {"name": "P", "sessionDuration": "PT4H"}
    made = [
        ("aws:ssoadmin/permissionSet:PermissionSet", "p", set_),
        (ASSIGNMENT, f"p/group/g/{ACCOUNT}", {}),
        *((each.split("::")[0], each.split("::")[1], {}) for each in sorted(OVER)),
    ]
    found = {f"{kind}::{name}": resource(INSIDE + kind, name, held) for kind, name, held in made}
    root = resource("pulumi:pulumi:Stack", "own-dev", {}, custom=False)
    return {"stack": {**root, "urn": "urn:pulumi:dev::own::pulumi:pulumi:Stack::own-dev"}, **found}


class Recorded:
    """What Pulumi answers, and what it was asked to do."""

    def __init__(self) -> None:
        self.state = stack()
        self.steps: list[Json] = [{"op": "same", "urn": each["urn"]} for each in self.state.values()]
        self.previewed: list[Mapping[str, str]] = []
        self.updated: list[Mapping[str, str]] = []

    def plan(self, op: str, *ends: str) -> None:
        """Let the next preview do this to resources."""
        for end in ends:
            urn = self.state[end]["urn"]
            self.steps = [{**each, "op": op} if each["urn"] == urn else each for each in self.steps]


@pytest.fixture
def engine(command: Command, monkeypatch: pytest.MonkeyPatch) -> Recorded:
    """Answer in Pulumi's place at five o'clock, and write the stack's file."""
    recorded = Recorded()
    config = {f"identity-center:{name}": value for name, value in MODEL.items()}
    command.write("Pulumi.dev.yaml", yaml.safe_dump({"config": config}))
    state = {"version": 3, "deployment": {"resources": [*recorded.state.values()]}}

    def preview(_: Engine, variables: Mapping[str, str]) -> dict[str, Any]:
        recorded.previewed.append(variables)
        return {"steps": recorded.steps}

    monkeypatch.setattr(Engine, "exported_as_kept", lambda _: state)
    monkeypatch.setattr(Engine, "preview", preview)
    monkeypatch.setattr(Engine, "update", lambda _, variables: recorded.updated.append(variables))
    monkeypatch.setenv(TODAY_VARIABLE, "2026-11-20T17:00:00Z")
    return recorded


def test_what_is_over_is_taken_away_and_named(command: Command, engine: Recorded) -> None:
    """Whoever answers for the access wants to know that it is gone, and when really."""
    engine.plan("delete", *OVER)

    ended = command("expire")

    at = {TODAY_VARIABLE: "2026-11-20T17:00:00+00:00"}
    assert ended.status == 0
    assert (engine.previewed, engine.updated) == ([at], [at])
    assert set(ended.output.splitlines()) == {
        (
            f"user ada: p in {ACCOUNT}: over since 2026-11-20 16:00 UTC; "
            "sessions begun before may last until 2026-11-20 20:00 UTC"
        ),
        "wiki/group/g: over since 2026-11-19",
        f"{ACCOUNT}/Operator/user/ada: over since 2026-11-20 16:00 UTC",
        "taken away; the entries can be removed from the model",
    }


def test_where_nothing_is_over_the_program_is_not_run(
    command: Command, engine: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scheduler asks every ten minutes, and a preview of a large stack takes one."""
    monkeypatch.setenv(TODAY_VARIABLE, "2026-11-19T15:00:00Z")

    ended = command("expire", "--format", "json")

    assert ended.status == 0
    assert ended.json() == {"over": [], "outcome": "nothing is over"}
    assert engine.previewed == []


def test_access_that_another_entry_gives_stays(command: Command, engine: Recorded) -> None:
    """Taken away by its name, it would be gone although somebody has it for good."""
    ended = command("expire")

    assert ended.status == 0
    assert "what has ended is given by other entries" in ended.output
    assert engine.updated == []


@pytest.mark.parametrize("op", ["delete", "update", "replace"])
def test_a_run_that_would_change_more_is_left_to_people(command: Command, engine: Recorded, op: str) -> None:
    """At four in the morning nobody reads what an update does besides."""
    engine.plan("delete", *OVER)
    engine.plan(op, f"{ASSIGNMENT}::p/group/g/{ACCOUNT}")

    ended = command("expire")

    assert ended.status == 1
    assert f"the update would also change {op} AccountAssignment p/group/g/{ACCOUNT}" in ended.output
    assert "run `pulumi up`, which takes away what is over as well" in ended.output
    assert engine.updated == []


def test_the_stacks_own_outputs_are_no_other_change(command: Command, engine: Recorded) -> None:
    """They name what is there, and so change with whatever goes."""
    engine.plan("delete", *OVER)
    engine.plan("update", "stack")

    assert command("expire").status == 0
    assert len(engine.updated) == 1


def test_a_dry_run_says_the_command_and_does_nothing(command: Command, engine: Recorded) -> None:
    """It is how one tries a schedule."""
    engine.plan("delete", *OVER)

    ended = command("expire", "--dry-run")

    assert ended.status == 1
    assert f"{TODAY_VARIABLE}=2026-11-20T17:00:00+00:00 pulumi up --yes --skip-preview" in ended.output
    assert engine.updated == []


def test_a_preview_that_is_refused_leaves_the_access_and_fails(
    command: Command, engine: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The brake's refusal is somebody's to answer; a green job would hide that the access is still there."""

    def refuse(_: Engine, __: Mapping[str, str]) -> dict[str, Any]:
        raise EngineError("`pulumi preview` failed: 11 of 12 assignments would go")

    monkeypatch.setattr(Engine, "preview", refuse)
    ended = command("expire")

    assert ended.status == 2
    assert "11 of 12 assignments would go" in ended.errors
    assert engine.updated == []


def test_a_model_that_cannot_be_read_is_no_reason_to_say_that_nothing_is_over(
    command: Command, engine: Recorded
) -> None:
    """A typing mistake must not prolong anybody's access in silence."""
    Path(command.folder, "Pulumi.dev.yaml").write_text(
        "config:\n  identity-center:assignments: [{grup: g}]\n", encoding="utf-8"
    )

    ended = command("expire")

    assert ended.status == 2
    assert "Pulumi.dev.yaml:2" in ended.errors
    assert engine.updated == []
