"""The pack stops a stack before anything is made or changed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from identity_center_cli.aws.access import read_access
from sandbox.project import Project
from tests.choice import choice

pytestmark = pytest.mark.engine

Config = dict[str, Any]


def _without_mfa(config: Config) -> None:
    del config["identity-center:mfaRequirement"]


def _disabled_mfa(config: Config) -> None:
    config["identity-center:mfaRequirement"]["promptMode"] = "disabled"


def _lapsed_mfa(config: Config) -> None:
    config["identity-center:mfaRequirement"]["validUntil"] = "2026-11-01"


def _administrator(config: Config) -> None:
    config["identity-center:permissionSets"]["power-user-with-iam"]["managedPolicies"].append(
        "AdministratorAccess"
    )


@dataclass(frozen=True)
class Mistake:
    """What somebody changes, the policy that refuses it, and a word that tells them what to look at."""

    change: Callable[[Config], None]
    policy: str
    word: str


MISTAKES = {
    "MFA not declared": Mistake(_without_mfa, "mfa-requirement", "MFA"),
    "MFA disabled": Mistake(_disabled_mfa, "mfa-requirement", "disabled"),
    "MFA declaration lapsed": Mistake(_lapsed_mfa, "mfa-requirement", "2026-11-01"),
    "AdministratorAccess": Mistake(_administrator, "no-root-level-access", "AdministratorAccess"),
}


def _seen(session: boto3.Session) -> dict[str, Any]:
    """Read what the stack would change."""
    sso = session.client("sso-admin")
    (instance,) = sso.list_instances()["Instances"]
    sets = sso.list_permission_sets(InstanceArn=instance["InstanceArn"])["PermissionSets"]
    return {
        "assignments": read_access(session).assignments,
        "policies": {
            arn: sso.list_managed_policies_in_permission_set(
                InstanceArn=instance["InstanceArn"], PermissionSetArn=arn
            )["AttachedManagedPolicies"]
            for arn in sets
        },
        "users": session.client("identitystore").list_users(IdentityStoreId=instance["IdentityStoreId"])[
            "Users"
        ],
    }


@pytest.mark.parametrize("mistake", choice(MISTAKES, "MFA not declared", "AdministratorAccess"))
def test_a_fresh_stack_is_refused_before_anything_is_made(
    program: Project, session: boto3.Session, dev_config: Config, mistake: Mistake
) -> None:
    """The first update is the one that lets people in."""
    mistake.change(dev_config)
    program.write_config(dev_config)
    before = _seen(session)

    for command in (("preview",), ("up", "--yes")):
        ended = program.pulumi(*command)

        assert ended.status != 0, ended.output
        assert "[mandatory]" in ended.output
        assert mistake.policy in ended.output, ended.output
        assert mistake.word in ended.output, ended.output
    assert _seen(session) == before


@pytest.mark.parametrize("mistake", choice(MISTAKES, "AdministratorAccess"))
def test_a_change_of_a_made_stack_is_refused_before_anything_changes(
    made_program: Project, session: boto3.Session, dev_config: Config, mistake: Mistake
) -> None:
    """A mistake in the hundredth change must stop as the first one would."""
    mistake.change(dev_config)
    made_program.write_config(dev_config)
    before = _seen(session)

    ended = made_program.pulumi("up", "--yes")

    assert ended.status != 0, ended.output
    assert mistake.policy in ended.output, ended.output
    assert mistake.word in ended.output, ended.output
    assert _seen(session) == before


def test_a_permission_set_never_becomes_root_level_even_without_a_preview(
    made_program: Project, session: boto3.Session, dev_config: Config
) -> None:
    """Pipelines skip previews."""
    before = _seen(session)
    _administrator(dev_config)
    made_program.write_config(dev_config)

    ended = made_program.pulumi("up", "--yes", "--skip-preview")

    assert ended.status != 0
    assert "no-root-level-access" in ended.output
    assert _seen(session) == before


def test_a_boundary_is_there_before_what_it_limits(
    program: Project, session: boto3.Session, dev_config: Config
) -> None:
    """Otherwise the set is root-level for a moment, and an update without a preview is refused for it."""
    _administrator(dev_config)
    dev_config["identity-center:permissionSets"]["power-user-with-iam"]["permissionsBoundary"] = {
        "managedPolicy": "PowerUserAccess"
    }
    program.write_config(dev_config)

    program.succeed("up", "--yes", "--skip-preview")

    (policies,) = _seen(session)["policies"].values()
    assert "AdministratorAccess" in {policy["Name"] for policy in policies}


EXCEPTION = {
    "rule": "no-root-level-access",
    "principal": "PowerUserWithIAM",
    "reason": "the migration of the old accounts",
    "owner": "Grace Hopper",
    "expires": "2026-12-31",
}


def test_an_exception_of_the_stack_lets_it_pass_until_its_last_day(
    program: Project, session: boto3.Session, dev_config: Config
) -> None:
    """Somebody answers for it, for a time; what they answer for stays in sight, their name out of the log."""
    _administrator(dev_config)
    dev_config["identity-center:policyExceptions"] = [EXCEPTION]
    program.write_config(dev_config)

    passed = program.succeed("up", "--yes").output
    program.succeed("up", "--yes", "--skip-preview")

    assert "excepted until 2026-12-31 by AccessModel `identity-center`" in passed
    assert "Grace" not in passed + program.succeed("stack", "export").output
    before = _seen(session)
    program.environment["IDENTITY_CENTER_TODAY"] = "2027-01-01"
    ended = program.pulumi("up", "--yes")
    assert ended.status != 0
    assert "exception: it expired, its last day was 2026-12-31" in ended.output
    assert _seen(session) == before
