"""What a break-glass grant lives by outlasts a wrong command, and a person can leave it."""

from typing import Any

import boto3
import pytest

from identity_center_cli.aws.access import read_access
from sandbox.project import Project
from tests.choice import choice

pytestmark = pytest.mark.engine

KEY = "identity-center:"
SET = "power-user-with-iam"
PEOPLE = ("ada", "bob", "cy")
Config = dict[str, Any]


def person(name: str) -> dict[str, str]:
    """Return somebody whom the stack makes."""
    return {
        "userName": name,
        "givenName": name.title(),
        "familyName": "Example",
        "displayName": name.title(),
        "email": f"{name}@example.com",
    }


@pytest.fixture
def emergency(program: Project, dev_config: Config) -> Project:
    """Give a made stack: three people in the group of a break-glass grant, one of them in another."""
    dev_config[f"{KEY}users"] = {name: person(name) for name in (*PEOPLE, "dan")}
    dev_config[f"{KEY}groups"] = {
        "responders": {"displayName": "Responders", "members": list(PEOPLE)},
        "developers": {"displayName": "Developers", "members": ["ada", "dan"]},
    }
    dev_config[f"{KEY}assignments"] = [
        {"group": "responders", "permissionSets": [SET], "accounts": ["management"], "breakGlass": True},
        {"group": "developers", "permissionSets": [SET], "accounts": ["444444444444"]},
    ]
    project = program.without_pack()
    project.write_config(dev_config)
    project.up()
    return project


def who_gets_in(session: boto3.Session) -> set[tuple[str, str]]:
    """Return who can sign in to which account, as AWS says it."""
    return {(one.person, one.account_id) for one in read_access(session).sign_ins}


@pytest.mark.parametrize(
    "options",
    choice({"plain": (), "go on": ("--continue-on-error",), "exclude": ("--exclude-protected",)}, "plain"),
)
def test_a_destroy_leaves_the_emergency_access_whole(
    emergency: Project, session: boto3.Session, options: tuple[str, ...]
) -> None:
    """An assignment that is kept lets nobody in without memberships, and allows nothing without policies."""
    sso = session.client("sso-admin")
    (instance,) = sso.list_instances()["Instances"]
    (arn,) = sso.list_permission_sets(InstanceArn=instance["InstanceArn"])["PermissionSets"]

    def policies() -> list[Any]:
        return sso.list_managed_policies_in_permission_set(
            InstanceArn=instance["InstanceArn"], PermissionSetArn=arn
        )["AttachedManagedPolicies"]

    before = policies()
    assert before, "the set allows something"

    emergency.pulumi("destroy", "--yes", "--skip-preview", *options)

    assert {(name, "123456789012") for name in PEOPLE} <= who_gets_in(session)
    assert policies() == before


@pytest.mark.thorough
def test_one_who_leaves_does_so_in_two_updates_while_two_remain(
    emergency: Project, dev_config: Config, session: boto3.Session
) -> None:
    """Whoever has left the company must not keep the way in, and nobody should edit a state for it."""
    gone = {
        **dev_config,
        f"{KEY}users": {name: person(name) for name in ("bob", "cy", "dan")},
        f"{KEY}groups": {
            "responders": {"displayName": "Responders", "members": ["bob", "cy"]},
            "developers": {"displayName": "Developers", "members": ["dan"]},
        },
    }
    emergency.write_config(gone)
    told = emergency.pulumi("preview")
    emergency.write_config({**dev_config, f"{KEY}allowRemovals": {"breakGlassPeople": ["ada"]}})
    emergency.up()
    still = who_gets_in(session)
    emergency.write_config(gone)
    emergency.up()

    assert told.status != 0
    assert "write `breakGlassPeople: [ada]` under `allowRemovals`" in " ".join(told.output.split())
    assert ("ada", "123456789012") in still
    assert who_gets_in(session) == {
        ("bob", "123456789012"),
        ("cy", "123456789012"),
        ("dan", "444444444444"),
    }
    emergency.succeed("preview", "--expect-no-changes")
    emergency.pulumi("destroy", "--yes", "--skip-preview")
    assert {("bob", "123456789012"), ("cy", "123456789012")} <= who_gets_in(session), "who stays is kept"
