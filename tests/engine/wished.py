"""A stack of some size, and what holds once it is as wished: AWS, state and model are equal."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.objects import PermissionSet
from sandbox.home import CHECKOUT
from sandbox.project import Project

from .falls import deployment, holds
from .projects import Sandbox, own_project

Make = Callable[..., Project]
Config = dict[str, Any]
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


TINY = model(people=2, teams=1, sets=1, accounts=2)
SMALL = model(people=4, teams=2, sets=1, accounts=2)
LARGE = model(people=60, teams=10, sets=6, accounts=3)


def program_of(folder: Path, sandbox: Sandbox, config: dict[str, Any]) -> Project:
    """Make a folder with this project's program and a stack of a model, nothing made yet."""
    folder.mkdir()
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(CHECKOUT / name, folder / name)
    (folder / ".venv").symlink_to(sandbox.environment["VIRTUAL_ENV"])
    project = own_project(folder, sandbox, {})
    project.succeed("stack", "init", "dev")
    project.write_config(config)
    return project


def is_as_wished(project: Project, session: boto3.Session, config: dict[str, Any]) -> None:
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
        _set_is_as_wished(each, next(one for one in sets.values() if one["name"] == each.name))
    assert "pending_operations" not in deployment(project)
    _state_is_as_aws(project, existing)
    project.succeed("preview", "--refresh", "--expect-no-changes")


def _set_is_as_wished(existing: PermissionSet, wanted: Config) -> None:
    assert sorted(existing.managed_policies or ()) == [
        f"arn:aws:iam::aws:policy/{each}" for each in sorted(wanted["managedPolicies"])
    ]
    customer_managed = [each.name for each in existing.customer_managed_policies or ()]
    assert customer_managed == wanted.get("customerManagedPolicies", [])
    assert existing.inline_policy
    assert not any(role.outdated for role in existing.provisioned or ())


def _state_is_as_aws(project: Project, existing: Existing) -> None:
    in_state = [
        (each["type"], each["inputs"] | each["outputs"])
        for each in deployment(project)["resources"]
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


def end_of(config: dict[str, Any]) -> int:
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
