"""The documented policies, held against what the commands ask: enough for each, and nothing too much."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import boto3
import pytest

from identity_center_cli.main import main
from sandbox.aws.accounts.surroundings import ANY_POLICY, POWER, Surroundings
from sandbox.settings import ACCESS_KEY_ID
from tests.support import calls_of_a_key
from tests.support.aws_in_process import Stages
from tests.support.lived_in import PROVIDER, TRUST
from tools.docs.permission import Job
from tools.docs.permissions_table import actions, needed, policy

MANAGEMENT, ADMINISTRATOR, SHOP = "123456789012", "222222222222", "444444444444"
FAST: Final = ("--requests-per-second", "10000")
#: Each command with the job whose policy it runs under, and the statuses that are no complaint.
COMMANDS: Final[dict[str, tuple[Job, tuple[str, ...], set[int]]]] = {
    "snapshot": (Job.DRIFT, ("snapshot", "--output", "{folder}/snapshot.json", *FAST), {0}),
    "drift": (Job.DRIFT, ("drift", "--model", "{folder}/access", *FAST), {1}),
    "access": (Job.DRIFT, ("access",), {0}),
    "organisation snapshot": (Job.DRIFT, ("organisation", "snapshot", "--output", "{folder}/o.json"), {0}),
    "organisation snapshot --with-policies": (
        Job.DRIFT,
        ("organisation", "snapshot", "--with-policies", "--without-tags", "--output", "{folder}/p.json"),
        {0},
    ),
    # A permission set is out of date: status 1. A delegated administrator is shown no role entitlement: 2.
    "verify": (Job.UPDATE, ("verify", "--expect", "{folder}/outputs.json"), {1, 2}),
    "provision": (Job.UPDATE, ("provision",), {0}),
    "provision --account": (Job.UPDATE, ("provision", "--account", SHOP), {0}),
    "root audit": (Job.AUDIT, ("root", "audit", *FAST), {1}),
    "root remediate": (
        Job.REMEDIATE,
        ("root", "remediate", "666666666666", "--yes", "--even-if-used", "--log", "{folder}/log", *FAST),
        {0},
    ),
    # Nobody has signed in, which it says with status 2.
    "mfa evidence": (Job.EVIDENCE, ("mfa", "evidence"), {2}),
}
#: What each asks: recorded once, and held against what it asks now.
ASKED: Final[dict[str, str]] = {
    "snapshot": "account-access:GetApplication account-access:ListApplications "
    "account-access:ListEntitlements identitystore:ListGroupMemberships "
    "identitystore:ListGroups identitystore:ListUsers organizations:DescribeOrganization "
    "organizations:ListAccounts organizations:ListAccountsForParent "
    "organizations:ListOrganizationalUnitsForParent organizations:ListRoots "
    "organizations:ListTagsForResource sso:DescribeInstanceAccessControlAttributeConfiguration "
    "sso:DescribePermissionSet sso:GetInlinePolicyForPermissionSet "
    "sso:GetApplicationAssignmentConfiguration sso:GetPermissionsBoundaryForPermissionSet "
    "sso:ListAccountAssignments sso:ListAccountsForProvisionedPermissionSet sso:ListApplicationAssignments "
    "sso:ListApplications "
    "sso:ListCustomerManagedPolicyReferencesInPermissionSet sso:ListInstances "
    "sso:ListManagedPoliciesInPermissionSet sso:ListPermissionSets sso:ListRegions sso:ListTagsForResource",
    "access": "identitystore:DescribeGroup identitystore:DescribeUser identitystore:ListGroupMemberships "
    "organizations:ListAccounts sso:DescribePermissionSet sso:ListAccountAssignments "
    "sso:ListAccountsForProvisionedPermissionSet sso:ListInstances sso:ListPermissionSets "
    "account-access:GetApplication account-access:ListApplications account-access:ListEntitlements "
    "sso:GetApplicationAssignmentConfiguration sso:ListApplicationAssignments sso:ListApplications "
    "sso:ListRegions sso:ListTagsForResource",
    "organisation snapshot": "organizations:DescribeOrganization organizations:ListAccounts "
    "organizations:ListAccountsForParent organizations:ListOrganizationalUnitsForParent "
    "organizations:ListRoots organizations:ListTagsForResource",
    "organisation snapshot --with-policies": "organizations:DescribeOrganization "
    "organizations:DescribePolicy organizations:ListAccounts organizations:ListAccountsForParent "
    "organizations:ListOrganizationalUnitsForParent organizations:ListPolicies organizations:ListRoots "
    "organizations:ListTargetsForPolicy",
    "verify": "sso:ListAccountAssignments sso:ListAccountsForProvisionedPermissionSet sso:ListInstances "
    "sso:DescribeInstance sso:DescribeApplicationAssignment account-access:ListApplications "
    "account-access:GetApplication account-access:ListEntitlements",
    "provision": "sso:DescribePermissionSet sso:DescribePermissionSetProvisioningStatus "
    "sso:ListAccountsForProvisionedPermissionSet sso:ListInstances sso:ListPermissionSets "
    "sso:ProvisionPermissionSet",
    "provision --account": "sso:DescribePermissionSet sso:DescribePermissionSetProvisioningStatus "
    "sso:ListInstances sso:ListPermissionSetsProvisionedToAccount sso:ProvisionPermissionSet",
    "root audit": "iam:GenerateCredentialReport iam:GetAccountSummary iam:GetCredentialReport "
    "iam:ListOrganizationsFeatures organizations:DescribeOrganization organizations:ListAccounts "
    "sts:AssumeRoot",
    "root remediate": "iam:ListOrganizationsFeatures organizations:DescribeOrganization "
    "organizations:ListAccounts sts:AssumeRoot",
    "mfa evidence": "cloudtrail:LookupEvents identitystore:ListUsers organizations:DescribeOrganization "
    "sso:ListInstances",
}
TAKEN: Final = [(name, action) for name, listed in ASKED.items() for action in listed.split()]
#: The delegated administrator of Identity Center is none of IAM's, whose root sessions and reports these are.
OF_DELEGATED: Final = [name for name, (job, *_) in COMMANDS.items() if job not in {Job.AUDIT, Job.REMEDIATE}]
#: Asked of an application of account access manager, which here is the management account's own.
OF_MANAGEMENTS_APPLICATION: Final = {"account-access:GetApplication", "account-access:ListEntitlements"}
# The same reading; to take each action away from it once is enough.
ASKED["drift"] = ASKED["snapshot"]
#: Without these a command does what it has to do all the same, and says what it does not know.
DONE_WITHOUT: Final = {("root remediate", "iam:ListOrganizationsFeatures")}
Run = Callable[..., tuple[int, str]]


@dataclass(frozen=True)
class Filled:
    """An instance that has a group, a role and a permission set that is out of date."""

    endpoint: str
    outputs: dict[str, Any]
    """Of a stack that had assigned the set."""


@pytest.fixture
def filled(central_root: boto3.Session, around: Surroundings, stages: Stages) -> Filled:
    """Give the instance."""
    outputs = stages.at("with a group, a role and an outdated set", lambda: _fill(around, central_root))
    return Filled(around.endpoint, outputs)


@pytest.fixture
def run(
    filled: Filled,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """Return a function that runs a command under a policy and gives its status and all that it said."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "outputs.json").write_text(json.dumps(filled.outputs), encoding="utf-8")
    (tmp_path / "access").mkdir()
    (tmp_path / "access" / "model.yaml").write_text("users: {}", encoding="utf-8")

    def under(name: str, document: dict[str, Any], key: str = ACCESS_KEY_ID) -> tuple[int, str]:
        _, arguments, _ = COMMANDS[name]
        calls_of_a_key.put_under(filled.endpoint, {"pipeline": document}, key)
        status = main([each.format(folder=tmp_path) for each in arguments])
        shown = capsys.readouterr()
        return status, shown.out + shown.err

    return under


def _fill(made: Surroundings, session: boto3.Session) -> dict[str, Any]:
    """Make a group that has an application, a role, and a permission set that is out of date.

    Returns the outputs of a stack that had assigned the set.
    """
    ada, group = made.user("ada"), made.group("Engineers")
    made.store.create_group_membership(IdentityStoreId=made.store_id, GroupId=group, MemberId={"UserId": ada})
    arn = made.permission_set("Auditing")
    made.sso.put_inline_policy_to_permission_set(**made.of_set(arn), InlinePolicy=ANY_POLICY)
    made.assign(arn, group, SHOP)
    made.assign(arn, ada, SHOP, "USER")
    made.sso.attach_managed_policy_to_permission_set(**made.of_set(arn), ManagedPolicyArn=POWER)
    wiki = made.sso.create_application(
        InstanceArn=made.instance, ApplicationProviderArn=PROVIDER, Name="Wiki"
    )["ApplicationArn"]
    made.sso.create_application_assignment(ApplicationArn=wiki, PrincipalId=group, PrincipalType="GROUP")
    _entitle(made, group, session.client("account-access"))
    who = {"principalType": "GROUP", "principalId": group, "principal": "engineers"}
    assigned = {**who, "permissionSetArn": arn, "permissionSet": "Auditing", "accountId": SHOP}
    return {
        "account_assignments": {"auditing": assigned},
        "application_assignments": {"wiki": {**who, "applicationArn": wiki, "application": "Wiki"}},
        "role_entitlements": {"auditor": {**who, "roleArn": f"arn:aws:iam::{SHOP}:role/Auditor"}},
        "regional_portal_urls": {"eu-west-1": "https://portal.example.com"},
    }


def _entitle(made: Surroundings, group: str, access: Any) -> None:  # noqa: ANN401 - boto3 makes its classes
    made.in_account("iam", SHOP).create_role(RoleName="Auditor", AssumeRolePolicyDocument=TRUST)
    source = {"identityCenter": {"instanceArn": made.instance}}
    application = access.create_application(identitySource=source)["applicationArn"]
    entitled = {"roleArn": f"arn:aws:iam::{SHOP}:role/Auditor",
                "principal": {"identityCenter": {"groupId": group}}}  # fmt: skip
    access.create_entitlement(applicationArn=application, entitlement={"principalRole": entitled})


@pytest.mark.parametrize("name", COMMANDS)
def test_the_policy_allows_all_that_a_command_asks(run: Run, endpoint: str, name: str) -> None:
    """A nightly job that is refused one call in a hundred reports a part as the whole, or nothing."""
    job, _, fine = COMMANDS[name]

    status, said = run(name, policy(job))

    assert status in fine, said
    assert "AccessDenied" not in said
    assert set(calls_of_a_key.asked(endpoint)) == set(ASKED[name].split())
    assert set(ASKED[name].split()) <= actions(job)


@pytest.fixture
def delegated_key(central_root: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let commands run with credentials of Identity Center's delegated administrator; return their key."""
    central_root.client("organizations").register_delegated_administrator(
        AccountId=ADMINISTRATOR, ServicePrincipal="sso.amazonaws.com"
    )
    role = f"arn:aws:iam::{ADMINISTRATOR}:role/OrganizationAccountAccessRole"
    keys = central_root.client("sts").assume_role(RoleArn=role, RoleSessionName="pipeline")["Credentials"]
    for name, value in (
        ("AWS_ACCESS_KEY_ID", keys["AccessKeyId"]),
        ("AWS_SECRET_ACCESS_KEY", keys["SecretAccessKey"]),
        ("AWS_SESSION_TOKEN", keys["SessionToken"]),
    ):
        monkeypatch.setenv(name, value)
    return keys["AccessKeyId"]


@pytest.mark.parametrize("name", OF_DELEGATED)
def test_the_delegated_administrators_policy_allows_the_same(
    run: Run, delegated_key: str, endpoint: str, name: str
) -> None:
    """AWS advises to work from that account: a policy that was tried elsewhere is only believed there."""
    job, _, fine = COMMANDS[name]

    status, said = run(name, policy(job, delegated=True), delegated_key)

    assert status in fine, said
    assert "AccessDenied" not in said
    asked = set(calls_of_a_key.asked(endpoint, delegated_key))
    assert asked == set(ASKED[name].split()) - OF_MANAGEMENTS_APPLICATION
    assert asked <= actions(job, delegated=True)


@pytest.mark.parametrize(("name", "taken"), TAKEN, ids=[f"{name}: {action}" for name, action in TAKEN])
def test_without_one_action_a_command_complains_and_names_it(run: Run, name: str, taken: str) -> None:
    """What was not read is never reported as fine, and its name is what has to be put into the policy."""
    document = policy(COMMANDS[name][0])
    denied = {"Effect": "Deny", "Action": taken, "Resource": "*"}

    status, said = run(name, {**document, "Statement": [*document["Statement"], denied]})

    assert taken.partition(":")[2] in said, said
    assert (status == 0) == ((name, taken) in DONE_WITHOUT), said


@pytest.mark.parametrize(
    "job", [Job.PREVIEW, Job.DRIFT, Job.RECOVER, Job.AUDIT, Job.EVIDENCE], ids=lambda job: job.value
)
def test_jobs_that_read_may_change_nothing(job: Job) -> None:
    """A pull request of anybody runs them."""
    assert not {one for one in actions(job) if calls_of_a_key.is_write(one)}


def test_every_action_of_the_commands_is_asked_by_one() -> None:
    """An action that nobody asks is more than least privilege."""
    asked = {action for listed in ASKED.values() for action in listed.split()}
    for job in (Job.AUDIT, Job.REMEDIATE, Job.EVIDENCE):
        assert {one.action for one in needed(job) if not one.unseen} <= asked
    of_commands = {one.action for one in needed(Job.DRIFT) if "lists of" in one.asked_by and not one.unseen}
    assert of_commands <= asked


def test_the_page_has_the_policies_as_the_tests_run_them() -> None:
    """People copy them from there."""
    page = (Path(__file__).parents[2] / "docs" / "permissions.md").read_text(encoding="utf-8")

    assert all(json.dumps(policy(job), indent=2) in page for job in Job)
