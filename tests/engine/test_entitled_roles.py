"""Roles that people get through account access manager, with the real engine: looked at before the update."""

import json
import re
import urllib.request
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from sandbox.project import Project

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient

pytestmark = pytest.mark.engine

MANAGEMENT, MEMBER = "123456789012", "444444444444"
AUDITOR, OPERATOR, OWN = (
    f"arn:aws:iam::{MEMBER}:role/Auditor",
    f"arn:aws:iam::{MEMBER}:role/team/Operator",
    f"arn:aws:iam::{MANAGEMENT}:role/Billing",
)
KEY = "identity-center:"


def trust(service: str, *actions: str) -> str:
    """Return a trust policy that lets a service in."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": [*actions]}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


OF_EC2 = trust("ec2.amazonaws.com", "sts:AssumeRole")
#: Source: IAM user guide, aam-prepare-roles.
OF_THE_SERVICE = trust("account-access.amazonaws.com", "sts:AssumeRole", "sts:SetContext", "sts:TagSession")


@pytest.fixture
def iam(session: boto3.Session) -> "IAMClient":
    """Return IAM of the management account."""
    return session.client("iam")


@pytest.fixture
def entitling(program: Project) -> Project:
    """Write a stack in which a group gets three roles, in two accounts."""
    config: dict[str, Any] = {
        "aws:region": "us-east-1",
        f"{KEY}groups": {"auditors": {"displayName": "Auditors"}},
        f"{KEY}accountAccess": {"entitlements": [{"group": "auditors", "roles": [AUDITOR, OPERATOR, OWN]}]},
    }
    program.write_config(config)
    return program.without_pack()


def made(session: boto3.Session) -> tuple[int, int]:
    """Count groups, and applications of account access manager."""
    (instance,) = session.client("sso-admin").list_instances()["Instances"]
    store = session.client("identitystore")
    groups = store.list_groups(IdentityStoreId=instance["IdentityStoreId"])["Groups"]
    return len(groups), len(session.client("account-access").list_applications()["applications"])


def refuse(session: boto3.Session, service: str, operation: str) -> None:
    """Make AWS refuse an operation from now on."""
    fault = {"service": service, "operation": operation, "code": "AccessDenied"}
    request = urllib.request.Request(  # noqa: S310  # loopback
        f"{session.client('iam').meta.endpoint_url}/sandbox/fault", json.dumps(fault).encode(), method="POST"
    )
    urllib.request.urlopen(request, timeout=30).close()  # noqa: S310  # loopback


def test_roles_that_cannot_be_used_stop_preview_and_update_and_nothing_is_made(
    entitling: Project, session: boto3.Session, iam: "IAMClient", iam_of_member: "IAMClient"
) -> None:
    """AWS would refuse one in the middle, take the others, and nobody could use them."""
    iam_of_member.create_role(Path="/team/", RoleName="Operator", AssumeRolePolicyDocument=OF_EC2)
    iam.create_role(RoleName="Billing", AssumeRolePolicyDocument=OF_EC2)
    lines = (entitling.folder / "Pulumi.dev.yaml").read_text(encoding="utf-8").splitlines()

    for command in (("preview",), ("up", "--yes", "--skip-preview")):
        ended = entitling.pulumi(*command)
        said = " ".join(ended.output.split())

        assert ended.status != 0
        assert "3 mistakes; nothing was changed" in said
        assert "Traceback" not in said
        for index, (arn, account) in enumerate(((AUDITOR, MEMBER), (OPERATOR, MEMBER), (OWN, MANAGEMENT))):
            how = "which account" if arn == AUDITOR else "whose trust policy in account"
            text = f"group `auditors` gets the role {arn}, {how} {account} does not"
            (line,) = [number for number, written in enumerate(lines, 1) if arn in written]
            place = (
                rf"Pulumi\.dev\.yaml:{line}:\d+: {KEY}accountAccess\.entitlements\[0\]\.roles\[{index}\]: "
            )
            assert re.search(place + re.escape(text), said), said
        assert made(session) == (0, 0)


@pytest.mark.thorough
def test_a_role_that_nobody_may_look_at_is_told_and_given(
    entitling: Project, session: boto3.Session, iam: "IAMClient", iam_of_member: "IAMClient"
) -> None:
    """A preview in a pull request often has no such rights; what it did not see is no success of it."""
    for client, path, name in (
        (iam_of_member, "/", "Auditor"),
        (iam_of_member, "/team/", "Operator"),
        (iam, "/", "Billing"),
    ):
        client.create_role(Path=path, RoleName=name, AssumeRolePolicyDocument=OF_THE_SERVICE)
    seen = entitling.succeed("preview").output
    assert "unchecked" not in seen
    assert "account access manager" not in seen

    refuse(session, "iam", "GetRole")
    said = " ".join(entitling.up().output.split())

    through = "account access manager is unchecked: "
    assert f"whether people can use {OWN} through {through}the credentials may not call iam:GetRole" in said
    assert (
        f"whether people can use {AUDITOR}, {OPERATOR} through {through}iam:GetRole through "
        "OrganizationAccountAccessRole: AccessDenied"
    ) in said
    assert made(session) == (1, 1)
