"""Stack dev with the credentials of Identity Center's delegated administrator, as AWS advises to run it."""

from typing import Any

import boto3
import pytest

from identity_center_cli.aws.access import read_access
from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.project import Project
from sandbox.settings import REGION
from tests.engine.conftest import Sandbox
from tests.support import calls_of_a_key
from tools.docs.permission import Job, Where
from tools.docs.permissions_table import actions, needed, policy

pytestmark = pytest.mark.engine

KEY = "identity-center:"
MANAGEMENT, ADMINISTRATOR, SHOP = "123456789012", "222222222222", "444444444444"
Config = dict[str, Any]


@pytest.fixture
def around(session: boto3.Session) -> Surroundings:
    """Give the API of the management account."""
    return Surroundings(session.client("sts").meta.endpoint_url, REGION, "by-hand")


@pytest.fixture
def config(dev_config: Config, around: Surroundings, session: boto3.Session) -> Config:
    """Return stack dev's config with credentials of the delegated administrator; all else as it is."""
    session.client("organizations").register_delegated_administrator(
        AccountId=ADMINISTRATOR, ServicePrincipal="sso.amazonaws.com"
    )
    keys = around.credentials_of(ADMINISTRATOR)
    return {
        **dev_config,
        "aws:accessKey": keys["AccessKeyId"],
        "aws:secretKey": keys["SecretAccessKey"],
        "aws:token": keys["SessionToken"],
    }


def _assigned_in(config: Config, *accounts: object) -> Config:
    (assignment,) = config[f"{KEY}assignments"]
    return {**config, f"{KEY}assignments": [{**assignment, "accounts": [*accounts]}]}


def _nothing_made(around: Surroundings) -> bool:
    users = around.store.list_users(IdentityStoreId=around.store_id)["Users"]
    return not users and not around.sso.list_permission_sets(InstanceArn=around.instance)["PermissionSets"]


@pytest.mark.thorough
def test_it_is_refused_the_management_account_before_anything_is_made_and_given_the_others(
    program: Project, config: Config, around: Surroundings, session: boto3.Session, sandbox: Sandbox
) -> None:
    """AWS would refuse the assignment after people, groups and permission sets were made."""
    refusal = (
        f"identity-center:assignments: gives `power-user-with-iam` in the management account, which account "
        f"{ADMINISTRATOR} cannot do"
    )
    program.write_config(_assigned_in(config, "management", SHOP))
    for command in (("preview",), ("up", "--yes", "--skip-preview")):
        ended = program.pulumi(*command)
        assert ended.status != 0
        assert "1 mistake; nothing was changed" in ended.output
        assert refusal in " ".join(ended.output.split())
    assert _nothing_made(around)

    # Units are read beside the provider, with the same credentials, all under the documented policy.
    program.write_config(_assigned_in(config, {"unit": "Workloads/Production"}))
    key = config["aws:accessKey"]
    calls_of_a_key.put_under(sandbox.endpoint, {"pipeline": policy(Job.UPDATE, delegated=True)}, key)
    made = program.succeed("up", "--yes")

    assert "unchecked" not in made.output
    asked = set(calls_of_a_key.asked(sandbox.endpoint, key))
    assert {one.action for one in needed(Job.UPDATE, delegated=True) if one.where is Where.DELEGATED} <= asked
    assert asked <= actions(Job.UPDATE, delegated=True)
    assert {(one.person, one.account_id) for one in read_access(session).sign_ins} == {
        ("ada", SHOP),
        ("ada", "555555555555"),
    }
    assert program.succeed("preview", "--expect-no-changes").status == 0


@pytest.mark.thorough
def test_a_permission_set_that_somebody_gave_in_the_management_account_is_told(
    program: Project, config: Config, around: Surroundings, session: boto3.Session
) -> None:
    """From then on AWS refuses every change of it, and its assignment in any other account."""
    program.write_config(_assigned_in(config, SHOP))
    program.up()
    (held,) = around.sso.list_permission_sets(InstanceArn=around.instance)["PermissionSets"]
    around.assign(held, around.group(), MANAGEMENT)
    before = read_access(session).assignments
    program.write_config(_assigned_in(config, SHOP, "555555555555"))

    refused = program.pulumi("up", "--yes", "--skip-preview")

    assert refused.status != 0
    assert (
        "identity-center:permissionSets.power-user-with-iam: is provisioned in the management account, so "
        f"account {ADMINISTRATOR} can neither change nor assign it"
    ) in " ".join(refused.output.split())
    assert read_access(session).assignments == before
