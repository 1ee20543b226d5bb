"""A stack that assigns people to two accounts with bad root users, until these are repaired and audited."""

import dataclasses
import json

import boto3
import pytest

from identity_center_cli.aws.access import read_access
from sandbox.home import CHECKOUT
from sandbox.project import Project

pytestmark = pytest.mark.engine

WITH_KEY, WITHOUT_MFA = "666666666666", "777777777777"
PROGRAM = f"""
import pulumi_aws as aws

instance = aws.ssoadmin.get_instances()
group = aws.identitystore.Group(
    "people", identity_store_id=instance.identity_store_ids[0], display_name="People")
reading = aws.ssoadmin.PermissionSet("reading", instance_arn=instance.arns[0], name="Reading")
for account in ({WITH_KEY!r}, {WITHOUT_MFA!r}):
    aws.ssoadmin.AccountAssignment(
        f"people-{{account}}", instance_arn=instance.arns[0], permission_set_arn=reading.arn,
        principal_type="GROUP", principal_id=group.group_id, target_type="AWS_ACCOUNT", target_id=account)
"""
MFA = {
    "promptMode": "always-on",
    "noDevice": "register",
    "identityProvider": "built-in",
    "confirmedBy": "a test",
    "validUntil": "2026-12-20",
}


@pytest.fixture
def project(empty_project: Project, session: boto3.Session) -> Project:
    """Make the stack, in an organisation with central root access; the pack is named by each command."""
    session.client("organizations").enable_aws_service_access(ServicePrincipal="iam.amazonaws.com")
    session.client("iam").enable_organizations_root_credentials_management()
    (empty_project.folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    environment = empty_project.environment | {"IDENTITY_CENTER_TODAY": "2026-11-23"}
    return dataclasses.replace(empty_project, environment=environment)


def _pack(project: Project, session: boto3.Session) -> tuple[str, ...]:
    organization = session.client("organizations").describe_organization()["Organization"]["Id"]
    settings = {"auditFile": str(project.folder / "root-audit.json"), "organizationId": organization}
    file = project.folder / "pack.json"
    file.write_text(
        json.dumps({"root-users": settings, "mfa-requirement": {"declared": MFA}}), encoding="utf-8"
    )
    return ("--policy-pack", str(CHECKOUT / "policies"), "--policy-pack-config", str(file))


@pytest.mark.thorough
def test_the_stack_is_refused_until_root_is_repaired_and_audited_again(
    project: Project, session: boto3.Session
) -> None:
    """The one promise of the whole: nobody gets into an account whose root user is an open door."""
    pack = _pack(project, session)
    up = ("up", "--yes", *pack)

    def audit() -> int:
        return project.run("identity-center", "root", "audit", "--requests-per-second", "500").status

    unseen = project.pulumi("preview", *pack)
    assert unseen.status == 0, unseen.output
    assert "the root users of `666666666666` and `777777777777` are unknown" in unseen.output
    by = "identity-center check --config FILE -"
    assert f"details: `pulumi preview --json | {by}`" in unseen.output, "advice is one line"
    events = project.folder / "preview.json"
    events.write_text(project.succeed("preview", "--json").output, encoding="utf-8")
    details = project.run(*by.replace("FILE -", f"{project.folder / 'pack.json'} {events}").split())
    assert "identity-center root audit" in details.output, "what to do is one command away"

    assert audit() == 1
    for command in (up, (*up, "--skip-preview")):
        refused = project.pulumi(*command)
        assert refused.status != 0, refused.output
        assert "root-users" in refused.output
        # Without a preview the update stops at the first of them.
        assert WITH_KEY in refused.output or WITHOUT_MFA in refused.output
        assert "whose root user is not secured" in refused.output
        assert read_access(session).assignments == frozenset()

    repaired = project.run(
        "identity-center", "root", "remediate", WITH_KEY, WITHOUT_MFA, "--yes", "--even-if-used"
    )
    assert repaired.status == 0, repaired.output
    still = project.pulumi(*up)
    assert still.status != 0, "the old audit still counts"

    assert audit() == 0
    project.succeed(*up)
    assert {each.account_id for each in read_access(session).assignments} == {WITH_KEY, WITHOUT_MFA}
    assert (project.folder / "root-remediation.log").exists()
