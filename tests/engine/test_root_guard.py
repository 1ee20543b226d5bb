"""The guard of root users, and MFA for IAM users: in a program of one's own, and in a stack of its own."""

import json
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from identity_center.model.aws.root_guard import RootTask, root_tasks
from identity_center_cli.aws.access import read_access
from sandbox.home import CHECKOUT
from sandbox.project import Project

pytestmark = pytest.mark.engine

PROGRAM = """
import pulumi
import pulumi_aws as aws
from identity_center.model.language.settings import RootGuardEntry
from identity_center.program.root_guard import make_root_guard
from identity_center.resources import IamMfaPolicy

instance = aws.ssoadmin.get_instances()
entry = RootGuardEntry.model_validate({"denyRootIn": ["organisation"], "permissionSet": "RootTasks"})
guard = make_root_guard(entry, instance.arns[0])
old = aws.iam.Group("old-people", name="old-people")
IamMfaPolicy("mfa", {"groups": ["old-people"]}, pulumi.ResourceOptions(depends_on=[old]))
pulumi.export("arn", guard.permission_set_arn)
"""


@pytest.fixture
def project(empty_project: Project) -> Project:
    """Give the program."""
    (empty_project.folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    return empty_project


def _trust(session: boto3.Session) -> None:
    session.client("organizations").enable_aws_service_access(ServicePrincipal="iam.amazonaws.com")


def _policies_of_root(session: boto3.Session) -> dict[str, Any]:
    organizations = session.client("organizations")
    root = organizations.list_roots()["Roots"][0]["Id"]
    found = organizations.list_policies_for_target(TargetId=root, Filter="SERVICE_CONTROL_POLICY")
    return {each["Name"]: each["Id"] for each in found["Policies"]}


def test_the_guard_is_made_stays_and_goes(project: Project, session: boto3.Session) -> None:
    """Features, policy and permission set hold in AWS, and a second update has nothing to do."""
    _trust(session)
    pack = ("--policy-pack", str(CHECKOUT / "policies"), "--policy-pack-config", _declared(project))

    made = project.succeed("up", "--yes", *pack)

    assert "do not bind the management account 123456789012" in made.output
    features = session.client("iam").list_organizations_features()["EnabledFeatures"]
    assert features == ["RootCredentialsManagement", "RootSessions"]
    policy = _policies_of_root(session)["root-guard-deny-root"]
    content = session.client("organizations").describe_policy(PolicyId=policy)["Policy"]["Content"]
    assert json.loads(content)["Statement"][0]["Condition"]["Null"] == {"aws:AssumedRoot": "true"}
    attached = session.client("iam").list_attached_group_policies(GroupName="old-people")["AttachedPolicies"]
    assert [each["PolicyName"] for each in attached] == ["RequireMfa"]

    assert "unchanged" in project.succeed("up", "--yes", "--expect-no-changes", *pack).output

    project.succeed("destroy", "--yes")
    assert "root-guard-deny-root" not in _policies_of_root(session)
    # The real provider's deletion would end central root access for everybody in the organisation.
    assert session.client("iam").list_organizations_features()["EnabledFeatures"] == features


def _declared(project: Project) -> str:
    declared = {
        "promptMode": "always-on",
        "noDevice": "register",
        "identityProvider": "built-in",
        "confirmedBy": "a test",
        "validUntil": "2026-12-20",
    }
    file = project.folder / "pack.json"
    file.write_text(json.dumps({"mfa-requirement": {"declared": declared}}), encoding="utf-8")
    return str(file)


def test_what_is_missing_is_named_before_anything_is_made(project: Project, session: boto3.Session) -> None:
    """An update that stops half-way through leaves an organisation half guarded."""
    organizations = session.client("organizations")
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.disable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")

    refused = project.pulumi("up", "--yes", "--skip-preview")

    assert refused.status != 0
    assert "the organisation does not trust IAM" in refused.output
    assert "service control policies are not enabled" in refused.output
    assert (
        "aws organizations enable-aws-service-access --service-principal iam.amazonaws.com" in refused.output
    )
    assert "Traceback" not in refused.output
    assert "root-guard-deny-root" not in [
        each["Name"] for each in organizations.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"]
    ]


def test_the_configuration_of_a_stack_asks_for_it(
    program: Project, session: boto3.Session, dev_config: dict[str, Any]
) -> None:
    """The example stack with three lines more is guarded; the pack has nothing against the permission set."""
    _trust(session)
    dev_config["identity-center:rootGuard"] = {
        "denyRootIn": ["444444444444"],
        "permissionSet": "RootTasks",
        "tasks": ["audit"],
    }
    program.write_config(dev_config)

    made = program.succeed("up", "--yes")

    assert "do not bind the management account 123456789012" in made.output
    assert "no-root-level-access" not in made.output
    organizations = session.client("organizations")
    found = organizations.list_policies_for_target(TargetId="444444444444", Filter="SERVICE_CONTROL_POLICY")
    assert "root-guard-deny-root" in [each["Name"] for each in found["Policies"]]
    assert "root-guard-deny-root" not in _policies_of_root(session)


MANAGEMENT, DELEGATED = "123456789012", "222222222222"
OF_DELEGATED = """
import pulumi
import pulumi_aws as aws
from identity_center.resources import RootGuard

pulumi.export("mine", aws.get_caller_identity().account_id)
aws.iam.Group("own", name="own")
RootGuard("guard", {{}}, {options})
"""
WITH_PROVIDER = 'pulumi.ResourceOptions(provider=aws.Provider("management", region="us-east-1"))'


@pytest.fixture
def delegated(empty_project: Project, session: boto3.Session) -> Project:
    """Run programs with the credentials of the account that Identity Center is delegated to."""
    _trust(session)
    session.client("organizations").register_delegated_administrator(
        AccountId=DELEGATED, ServicePrincipal="sso.amazonaws.com"
    )
    role = f"arn:aws:iam::{DELEGATED}:role/OrganizationAccountAccessRole"
    # The stand-in reads no credentials of the environment: its own are those of the management account.
    empty_project.write_config({"aws:region": "us-east-1", "aws:assumeRoles": [{"roleArn": role}]})
    return empty_project


def _write(project: Project, options: str) -> None:
    (project.folder / "__main__.py").write_text(OF_DELEGATED.format(options=options), encoding="utf-8")


@pytest.mark.thorough
def test_a_delegated_administrator_is_told_whose_credentials_are_needed(
    delegated: Project, session: boto3.Session
) -> None:
    """Most organisations run Identity Center from a member account, which may not make the guard."""
    _write(delegated, "None")

    refused = delegated.pulumi("up", "--yes", "--skip-preview")

    assert refused.status != 0
    assert f"made from the management account {MANAGEMENT}, and these are credentials of {DELEGATED}" in (
        " ".join(refused.output.split())
    )
    assert "a provider of its own" in refused.output
    assert "Traceback" not in refused.output
    assert "guard-deny-root" not in _policies_of_root(session)


@pytest.mark.thorough
def test_a_provider_of_its_own_makes_the_guard_beside_a_delegated_administrators_stack(
    delegated: Project, session: boto3.Session
) -> None:
    """The guard stands in the management account, all else of the stack where it belongs."""
    _write(delegated, WITH_PROVIDER)

    made = delegated.succeed("up", "--yes")

    assert f"do not bind the management account {MANAGEMENT}" in made.output
    assert delegated.succeed("stack", "output", "mine").output.strip() == DELEGATED
    assert "guard-deny-root" in _policies_of_root(session)
    assert session.client("iam").list_organizations_features()["EnabledFeatures"] == [
        "RootCredentialsManagement",
        "RootSessions",
    ]
    assert "own" not in {each["GroupName"] for each in session.client("iam").list_groups()["Groups"]}
    assert delegated.succeed("up", "--yes", "--expect-no-changes").status == 0

    delegated.succeed("destroy", "--yes")
    assert "guard-deny-root" not in _policies_of_root(session)


@pytest.mark.thorough
def test_a_stack_of_its_own_holds_nothing_but_the_guard(program: Project, session: boto3.Session) -> None:
    """Where the guard is run by other people, with the management account's credentials."""
    _trust(session)
    program.write_config(
        {
            "aws:region": "us-east-1",
            "identity-center:rootGuard": {"denyRootIn": ["organisation"]},
        }
    )

    program.succeed("up", "--yes")

    assert "root-guard-deny-root" in _policies_of_root(session)
    assert {
        each["type"] for each in program.exported()["deployment"]["resources"] if ":" in each["type"]
    } >= {
        "identity-center:index:RootGuard",
        "aws:iam/organizationsFeatures:OrganizationsFeatures",
        "aws:organizations/policy:Policy",
        "aws:organizations/policyAttachment:PolicyAttachment",
    }
    assert not [
        each
        for each in program.exported()["deployment"]["resources"]
        if each["type"].startswith(("aws:ssoadmin", "aws:identitystore"))
    ]


ASSIGNED = """
import pulumi
import pulumi_aws as aws
from identity_center.resources import PrincipalType
from identity_center.resources import Assignment, Group, RootGuard, User, find_instance

instance = find_instance()
store = instance.identity_store_id
ada = User("ada", {{"identity_store_id": store, "user_name": "ada", "given_name": "Ada", "family_name": "L",
    "display_name": "Ada L", "email": "ada@example.com"}})
keepers = Group("keepers", {{"identity_store_id": store, "display_name": "Keepers",
    "members": {{"ada": ada.user_id}}}})
guard = RootGuard("guard", {{"instance_arn": instance.arn}})
Assignment("keepers", {{"instance_arn": instance.arn, "permission_set_arn": guard.permission_set_arn,
    "principal_type": PrincipalType.GROUP, "principal_id": keepers.group_id,
    "account_ids": [{management!r}]}})
"""


@pytest.mark.thorough
def test_the_packs_rule_for_emergencies_sees_the_permission_set(
    empty_project: Project, session: boto3.Session
) -> None:
    """Whoever may become root of any account is watched like whoever may break the glass."""
    _trust(session)
    program = ASSIGNED.format(management=MANAGEMENT)
    (empty_project.folder / "__main__.py").write_text(program, encoding="utf-8")
    config = json.loads(Path(_declared(empty_project)).read_text(encoding="utf-8"))
    file = empty_project.folder / "pack.json"
    file.write_text(
        json.dumps({**config, "access-as-a-whole": {"breakGlass": "RootTasks"}}), encoding="utf-8"
    )
    pack = ("--policy-pack", str(CHECKOUT / "policies"), "--policy-pack-config", str(file))

    told = empty_project.pulumi("preview", *pack)

    assert "the emergency access `RootTasks` has one person and needs 2" in told.output
    # Its session is short enough, and what it may do is no root-level access of its own.
    assert "lasts longer than an hour" not in told.output
    assert "no-root-level-access" not in told.output


@pytest.mark.thorough
def test_the_permission_set_that_the_page_shows_can_be_assigned_in_a_stacks_file(
    program: Project, session: boto3.Session, dev_config: dict[str, Any]
) -> None:
    """Whoever copies it gets the same rights as RootGuard gives, and the pack has nothing against them."""
    page = (CHECKOUT / "docs" / "root.md").read_text(encoding="utf-8")
    (shown,) = [
        each
        for each in page.split("```yaml\n")
        if each.startswith("config:\n  identity-center:permissionSets")
    ]
    config = yaml.safe_load(shown.split("```")[0])["config"]
    policy = config["identity-center:permissionSets"]["root-tasks"]["inlinePolicy"]
    expected = root_tasks((RootTask.AUDIT, RootTask.DELETE), "aws")
    assert policy["Statement"] == [
        {k: v for k, v in each.items() if k != "Sid"} for each in expected["Statement"]
    ]
    people = {"displayName": "Responders", "members": ["ada"]}
    groups = {**dev_config["identity-center:groups"], "responders": people}
    program.write_config({**dev_config, **config, "identity-center:groups": groups})

    made = program.succeed("up", "--yes")

    assert "no-root-level-access" not in made.output
    shown_again = {
        (each.person, each.permission_set, each.account_id) for each in read_access(session).sign_ins
    }
    assert ("ada", "RootTasks", MANAGEMENT) in shown_again


IN_GOVCLOUD = """
import pulumi
import pulumi_aws as aws
from identity_center.resources import RootGuard

gov = aws.Provider("gov", region="us-gov-west-1")
guard = RootGuard("guard", {"instance_arn": "arn:aws-us-gov:sso:::instance/ssoins-1111111111111111"},
                  pulumi.ResourceOptions(provider=gov))
pulumi.export("set", guard.permission_set_arn)
"""


@pytest.mark.thorough
def test_a_partition_without_the_feature_is_said_and_skipped(
    empty_project: Project, session: boto3.Session
) -> None:
    """The policy holds there all the same; the features would be refused half-way through."""
    organizations = session.client("organizations", region_name="us-gov-west-1")
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    (empty_project.folder / "__main__.py").write_text(IN_GOVCLOUD, encoding="utf-8")

    made = empty_project.succeed("up", "--yes")

    assert "partition aws-us-gov is not known to have central root access" in made.output
    found = organizations.list_policies_for_target(TargetId=root, Filter="SERVICE_CONTROL_POLICY")
    assert "guard-deny-root" in {each["Name"] for each in found["Policies"]}
    made_types = {each["type"] for each in empty_project.exported()["deployment"]["resources"]}
    assert {each for each in made_types if each.startswith("aws:")} == {
        "aws:organizations/policy:Policy",
        "aws:organizations/policyAttachment:PolicyAttachment",
    }


@pytest.mark.thorough
def test_an_eleventh_policy_of_the_root_is_refused_in_the_preview(
    project: Project, session: boto3.Session
) -> None:
    """AWS would refuse the attachment after features, policy and permission set were made."""
    _trust(session)
    organizations = session.client("organizations")
    root = organizations.list_roots()["Roots"][0]["Id"]
    deny = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"glacier:*","Resource":"*"}]}'
    for number in range(9):
        made = organizations.create_policy(
            Name=f"other-{number}", Description="", Type="SERVICE_CONTROL_POLICY", Content=deny
        )
        organizations.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=root)

    refused = project.pulumi("preview")

    assert refused.status != 0
    assert f"{root} has 10 service control policies already" in " ".join(refused.output.split())
    assert "Traceback" not in refused.output
