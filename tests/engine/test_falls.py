"""An update that is killed at any moment: the next ends as wished, and leaves no access that nobody knows."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from identity_center.model.existing.existing import Existing
from sandbox.home import CHECKOUT
from sandbox.project import Project
from sandbox.standing_stack import StandingStack

from .conftest import NewFolder, Sandbox, own_project
from .falls import Fall, Killed, fall, go_on, holds, random_falls, tell

pytestmark = pytest.mark.engine
ACCOUNTS = ("444444444444", "555555555555", "666666666666", "777777777777")


def model(people: int, teams: int, sets: int, accounts: int) -> dict[str, Any]:
    """Say a stack's configuration of some size: users, groups with members, sets with parts, assignments."""
    keys = [f"person-{number}" for number in range(people)]
    return {
        "aws:region": "us-east-1",
        "identity-center:users": {
            key: {
                "userName": key,
                "givenName": "A",
                "familyName": key,
                "displayName": f"A {key}",
                "email": f"{key}@example.com",
            }
            for key in keys
        },
        "identity-center:groups": {
            f"team-{number}": {"displayName": f"Team {number}", "members": keys[number::teams]}
            for number in range(teams)
        },
        "identity-center:permissionSets": {
            f"set-{number}": {
                "name": f"Set{number}",
                "managedPolicies": ["ReadOnlyAccess"],
                "inlinePolicy": {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}],
                },
            }
            for number in range(sets)
        },
        "identity-center:assignments": [
            {
                "group": f"team-{number}",
                "permissionSets": [f"set-{each}" for each in range(sets)],
                "accounts": list(ACCOUNTS[:accounts]),
            }
            for number in range(teams)
        ],
        "identity-center:allowRemovals": {"assignments": 1000},
    }


SMALL = model(people=4, teams=2, sets=2, accounts=2)
LARGE = model(people=60, teams=10, sets=6, accounts=3)


def _program(folder: Path, sandbox: Sandbox, config: dict[str, Any]) -> Project:
    folder.mkdir()
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(CHECKOUT / name, folder / name)
    (folder / ".venv").symlink_to(sandbox.environment["VIRTUAL_ENV"])
    project = own_project(folder, sandbox, {})
    project.succeed("stack", "init", "dev")
    project.write_config(config)
    return project


FALLS = random_falls(int(os.environ.get("FALLS_SEED", "1")), int(os.environ.get("FALLS", "20")))

Make = Callable[..., Project]
Config = dict[str, Any]


@pytest.fixture
def stack(standing_stack: StandingStack, running_sandbox: Sandbox, new_folder: NewFolder) -> Make:
    """Return a function that gives a stack of a model, made or not."""

    def give(config: dict[str, Any], *, is_made: bool) -> Project:
        def make() -> Project:
            project = _program(new_folder(), running_sandbox, config)
            if is_made:
                project.up()
            return project

        size = len(config["identity-center:users"])
        project = standing_stack.get(f"falls of {size} {'made' if is_made else 'nothing'}", make)
        project.write_config(config)
        return project

    return give


def _is_as_wished(project: Project, session: boto3.Session, config: dict[str, Any]) -> None:
    """Hold AWS, state and model against each other: nothing lost, doubled or orphaned."""
    existing = holds(session)
    users, groups, sets = (
        config[f"identity-center:{part}"] for part in ("users", "groups", "permissionSets")
    )
    grants = config["identity-center:assignments"]
    assert sorted(each.user_name for each in existing.users) == sorted(users)
    assert sorted(each.name for each in existing.groups) == sorted(
        each["displayName"] for each in groups.values()
    )
    assert sorted(str(each.name) for each in existing.permission_sets) == sorted(
        each["name"] for each in sets.values()
    )
    assert len(existing.memberships) == sum(len(each["members"]) for each in groups.values())
    assert len(existing.assignments) == sum(
        len(each["permissionSets"]) * len(each["accounts"]) for each in grants
    )
    for each in existing.permission_sets:
        assert each.managed_policies == ("arn:aws:iam::aws:policy/ReadOnlyAccess",)
        assert each.inline_policy
        assert not any(role.outdated for role in each.provisioned or ())
    assert "pending_operations" not in project.exported()["deployment"]
    _state_is_as_aws(project, existing)
    project.succeed("preview", "--refresh", "--expect-no-changes")


def _state_is_as_aws(project: Project, existing: Existing) -> None:
    in_state = [
        (each["type"], each["inputs"] | each["outputs"])
        for each in project.exported()["deployment"]["resources"]
        if each.get("custom") and each["type"].startswith("aws:")
    ]

    def ids(kind: str, *names: str) -> list[tuple[str, ...]]:
        return sorted(
            tuple(given[name] for name in names) for token, given in in_state if token.endswith(kind)
        )

    assert ids(":User", "userId") == sorted((each.id,) for each in existing.users)
    assert ids(":Group", "groupId") == sorted((each.id,) for each in existing.groups)
    assert ids(":GroupMembership", "membershipId") == sorted((each.id,) for each in existing.memberships)
    assert ids(":PermissionSet", "arn") == sorted((each.arn,) for each in existing.permission_sets)
    assert ids(
        ":AccountAssignment", "permissionSetArn", "targetId", "principalType", "principalId"
    ) == sorted(each.sort_key for each in existing.assignments)


def _end_of(config: dict[str, Any]) -> int:
    """Count the resources that a stack of a model has: with stack, provider and components."""
    users, groups, sets = (
        config[f"identity-center:{part}"] for part in ("users", "groups", "permissionSets")
    )
    members = sum(len(each["members"]) for each in groups.values())
    grants = sum(
        len(each["permissionSets"]) * len(each["accounts"]) for each in config["identity-center:assignments"]
    )
    # Each set is four: a component, itself, its managed policies and its inline policy.
    return 4 + len(users) + len(groups) + members + 4 * len(sets) + grants


def without_half(config: dict[str, Any]) -> dict[str, Any]:
    """Take every second team away, with its members and what it is assigned."""
    gone = set(list(config["identity-center:groups"])[::2])
    groups = {key: each for key, each in config["identity-center:groups"].items() if key not in gone}
    grants = [each for each in config["identity-center:assignments"] if each["group"] not in gone]
    return config | {"identity-center:groups": groups, "identity-center:assignments": grants}


def _up(endpoint: str, project: Project, session: boto3.Session, config: Config, how: Fall) -> None:
    """Kill an update that makes everything, and go on."""
    fall(endpoint, project, how, "up", _end_of(config))
    tell("up", how, go_on(project, session, "up"))

    _is_as_wished(project, session, config)


def _destroy(endpoint: str, project: Project, session: boto3.Session, how: Fall) -> None:
    """Kill a destruction, and go on."""
    fall(endpoint, project, how, "destroy", 0)
    tell("destroy", how, go_on(project, session, "destroy"))

    existing = holds(session)
    assert (existing.users, existing.groups, existing.permission_sets, existing.assignments) == ((),) * 4
    assert not project.exported()["deployment"].get("resources")


def _update(endpoint: str, project: Project, session: boto3.Session, config: Config, how: Fall) -> None:
    """Kill an update that deletes half of what people have, and go on."""
    fewer = without_half(config)
    project.write_config(fewer)

    fall(endpoint, project, how, "up", _end_of(fewer))
    tell("an update that deletes", how, go_on(project, session, "up"))

    _is_as_wished(project, session, fewer)


def test_an_up_that_falls_is_gone_on_with(
    stack: Make, session: boto3.Session, running_sandbox: Sandbox
) -> None:
    """Four of six runs could not go on after a kill: "already exists"."""
    how = Fall(Killed.MACHINE, 0.4, 0.1)

    _up(running_sandbox.endpoint, stack(SMALL, is_made=False), session, SMALL, how)


def test_an_up_whose_provider_dies_is_gone_on_with(
    stack: Make, session: boto3.Session, running_sandbox: Sandbox
) -> None:
    """The engine outlives it, and keeps no pending operation of what AWS has made."""
    how = Fall(Killed.PROVIDER, 0.37, 0.18)

    _up(running_sandbox.endpoint, stack(SMALL, is_made=False), session, SMALL, how)


def test_an_up_that_somebody_stops_is_gone_on_with(
    stack: Make, session: boto3.Session, running_sandbox: Sandbox
) -> None:
    """Ctrl-C ends the provider's waits: AWS goes on to grant what the state never hears of."""
    how = Fall(Killed.CTRL_C, 0.7, 0.0)

    _up(running_sandbox.endpoint, stack(SMALL, is_made=False), session, SMALL, how)


def test_a_destroy_that_falls_leaves_nothing(
    stack: Make, session: boto3.Session, running_sandbox: Sandbox
) -> None:
    """Access that exists in AWS and in no state is nobody's to take away."""
    how = Fall(Killed.PROVIDER, 0.3, 0.1)

    _destroy(running_sandbox.endpoint, stack(SMALL, is_made=True), session, how)


def test_an_update_that_deletes_and_falls_is_gone_on_with(
    stack: Make, session: boto3.Session, running_sandbox: Sandbox
) -> None:
    """Who has left must be out after the next run, and who stays must be in."""
    how = Fall(Killed.ENGINE, 0.5, 0.05)

    _update(running_sandbox.endpoint, stack(SMALL, is_made=True), session, SMALL, how)


@pytest.mark.faults
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("how", FALLS, ids=str)
class TestAtRandomMoments:
    """The same with some three hundred resources, in `make faults`."""

    def test_up(self, stack: Make, session: boto3.Session, running_sandbox: Sandbox, how: Fall) -> None:
        """An update that makes everything."""
        _up(running_sandbox.endpoint, stack(LARGE, is_made=False), session, LARGE, how)

    def test_destroy(self, stack: Make, session: boto3.Session, running_sandbox: Sandbox, how: Fall) -> None:
        """A destruction, which is begun again."""
        _destroy(running_sandbox.endpoint, stack(LARGE, is_made=True), session, how)

    def test_update(self, stack: Make, session: boto3.Session, running_sandbox: Sandbox, how: Fall) -> None:
        """An update that deletes."""
        _update(running_sandbox.endpoint, stack(LARGE, is_made=True), session, LARGE, how)

    def test_up_after_destroy(
        self, stack: Make, session: boto3.Session, running_sandbox: Sandbox, how: Fall
    ) -> None:
        """The state says that it is there, the preview that nothing changes, and nobody gets in."""
        project = stack(LARGE, is_made=True)

        fall(running_sandbox.endpoint, project, how, "destroy", 0)
        tell("up after a destruction", how, go_on(project, session, "up"))

        _is_as_wished(project, session, LARGE)
