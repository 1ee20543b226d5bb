"""The components through the engine, as programs in other languages use them: by name, not by import."""

import json
import shutil
from pathlib import Path

import boto3
import pytest
import yaml

from identity_center.resources import COMPONENTS
from identity_center_cli.aws.access import read_access
from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.project import Project
from sandbox.settings import REGION

pytestmark = pytest.mark.engine

PROGRAMS = Path(__file__).parents[1] / "programs"
EMAIL, PHONE, TITLE = "ada.private@example.com", "+44 20 7946 0000", "Rear admiral in secret"
#: Source: AWS account access manager user guide, trust of a role that is entitled.
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "account-access.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:SetContext", "sts:TagSession"],
        }
    ],
}
REMOTE = """
import pulumi

class Remote(pulumi.ComponentResource):
    def __init__(self, kind, name, inputs):
        super().__init__(f"identity-center:index:{kind}", name, inputs, remote=True)

arn = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
"""
MISTAKEN = """
Remote("PermissionSet", "wrong", {"instanceArn": arn, "name": "x" * 45, "sessionDuration": "PT13H"})
"""
MISSHAPEN = """
Remote("User", "shape", {
    "identityStoreId": "d-1234567890", "userNme": "ada.private@example.com", "givenName": "Ada",
    "address": {"stret": "1 Private Road"},
})
"""
REFUSED = """
Remote("RootGuard", "guard", {"instanceArn": arn, "tasks": ["IAMAuditRootUserCredentials"]})
"""


@pytest.fixture
def remote(empty_project: Project, component_folder: Path) -> Project:
    """Declare the components' folder as a plugin of a program that has nothing yet."""
    plugin = {"name": "identity-center", "path": str(component_folder)}
    file = empty_project.folder / "Pulumi.yaml"
    declared = yaml.safe_load(file.read_text(encoding="utf-8"))
    file.write_text(yaml.safe_dump({**declared, "plugins": {"providers": [plugin]}}), encoding="utf-8")
    empty_project.succeed("config", "set", "aws:region", "us-east-1")
    return empty_project


@pytest.fixture
def every(remote: Project, session: boto3.Session) -> Project:
    """Give the program that uses every component what it needs: secrets, a role, an IAM group."""
    shutil.copy(PROGRAMS / "remote_components.py", remote.folder / "__main__.py")
    for name, value in (("email", EMAIL), ("phone", PHONE), ("title", TITLE)):
        remote.succeed("config", "set", "--secret", name, value)
    sts = session.client("sts").meta.endpoint_url
    Surroundings(sts, REGION, "remote").ready_for("eu-west-1", "eu-central-1")
    iam = session.client("iam")
    iam.create_role(RoleName="Operator", AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.create_group(GroupName="legacy")
    session.client("organizations").enable_aws_service_access(ServicePrincipal="iam.amazonaws.com")
    return remote


def _types(project: Project) -> set[str]:
    """Return the components in the state."""
    held = {str(entry["type"]) for entry in project.exported()["deployment"]["resources"]}
    return {token.rsplit(":", 1)[-1] for token in held if token.startswith("identity-center:")}


def test_every_component_is_made_by_name_and_is_in_the_api(every: Project, session: boto3.Session) -> None:
    """A program in Go or TypeScript gets what one in Python gets, and nothing is left when it goes.

    What is secret stays secret on the way: attributes cross two processes more than in a program that
    imports the components.
    """
    told = every.succeed("up", "--yes").output
    found = {(each.person, each.permission_set, each.account_id) for each in read_access(session).sign_ins}

    assert _types(every) == {component.__name__ for component in COMPONENTS}
    assert {("ada", "Auditing", "444444444444"), ("grace", "Developing", "444444444444")} <= found
    assert ("bob", "Auditing", "444444444444") in found
    for value in (EMAIL, PHONE, TITLE):
        assert value not in told
        assert value not in json.dumps(every.exported())
    every.succeed("preview", "--expect-no-changes")
    every.succeed("destroy", "--yes", "--skip-preview")
    assert not read_access(session).sign_ins
    # Central root access is everybody's: it stays on.
    assert session.client("iam").list_organizations_features()["EnabledFeatures"] != []


def _refused(remote: Project, program: str) -> str:
    """Run a program that a component refuses; return what was said."""
    (remote.folder / "__main__.py").write_text(REMOTE + program, encoding="utf-8")
    ended = remote.pulumi("up", "--yes", "--skip-preview")
    assert ended.status != 0
    assert "identity_center/resources" not in ended.output, "a traceback of the plugin"
    return ended.output


def test_a_mistake_in_the_arguments_is_told_by_its_place(remote: Project, session: boto3.Session) -> None:
    """Whoever cannot step into the component has only its words; nothing is made."""
    said = _refused(remote, MISTAKEN)

    assert "PermissionSet `wrong`: name: has 45 characters" in said
    assert "PermissionSet `wrong`: sessionDuration: `PT13H` is not a duration from 1 to 12 hours" in said
    assert "x" * 45 not in said
    sso = session.client("sso-admin")
    (instance,) = sso.list_instances()["Instances"]
    assert sso.list_permission_sets(InstanceArn=instance["InstanceArn"])["PermissionSets"] == []


@pytest.mark.thorough
def test_what_is_missing_or_misspelt_is_told_at_once_and_quotes_nobody(remote: Project) -> None:
    """The SDK's host names the first missing argument only, and drops what it does not know in silence."""
    said = _refused(remote, MISSHAPEN)

    for words in (
        "User: userNme: is no argument; did you mean `userName`?",
        "User: userName: is missing; add it",
        "User: familyName: is missing; add it",
        "User: address.stret: is no argument; known: `country`",
    ):
        assert words in said
    assert "ada.private" not in said
    assert "Private Road" not in said


@pytest.mark.thorough
def test_what_aws_does_not_say_is_told_without_a_traceback(remote: Project, session: boto3.Session) -> None:
    """What to do about it must not stand at the end of twenty lines about files of the plugin."""
    organizations = session.client("organizations")
    (root,) = organizations.list_roots()["Roots"]
    organizations.disable_policy_type(RootId=root["Id"], PolicyType="SERVICE_CONTROL_POLICY")

    said = _refused(remote, REFUSED)

    assert "RootGuard resource 'guard' has a problem: RootGuard `guard`: the organisation does not" in said
    assert "RootGuard `guard`: service control policies are not enabled; aws organizations" in said
