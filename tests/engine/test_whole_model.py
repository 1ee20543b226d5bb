"""A model in a folder, with the real engine: made, read back from the API, changed, renamed, destroyed."""

import json
import shutil
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import yaml

from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.home import CHECKOUT
from sandbox.project import Project
from sandbox.settings import REGION

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient

pytestmark = pytest.mark.engine

EVERYTHING = CHECKOUT / "tests" / "everything"
MANAGEMENT, MEMBER = "123456789012", "444444444444"
POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:List*","Resource":"*"}]}'
#: Source: AWS account access manager user guide, trust of a role that is entitled.
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "account-access.amazonaws.com"},
                "Action": ["sts:AssumeRole", "sts:SetContext", "sts:TagSession"],
            }
        ],
    }
)


class Directory:
    """Identity Center as the API shows it."""

    def __init__(self, session: boto3.Session) -> None:
        self.sso = session.client("sso-admin")
        self.store = session.client("identitystore")
        (instance,) = self.sso.list_instances()["Instances"]
        self.arn, self.store_id = instance["InstanceArn"], instance["IdentityStoreId"]

    def sets(self) -> dict[str, str]:
        """Return the ARNs of all permission sets by name."""
        arns = self.sso.list_permission_sets(InstanceArn=self.arn)["PermissionSets"]
        return {self.described(arn)["Name"]: arn for arn in arns}

    def described(self, arn: str) -> dict[str, Any]:
        """Return one permission set."""
        answer = self.sso.describe_permission_set(InstanceArn=self.arn, PermissionSetArn=arn)
        return dict(answer["PermissionSet"])

    def of(self, arn: str, operation: str, member: str) -> Any:  # noqa: ANN401  # a part of the API's answer
        """Return what is attached to a permission set."""
        return getattr(self.sso, operation)(InstanceArn=self.arn, PermissionSetArn=arn)[member]

    def assigned(self) -> set[tuple[str, str, str]]:
        """Return permission set, account and id of the principal of every assignment."""
        return {
            (name, account, row["PrincipalId"])
            for name, arn in self.sets().items()
            for account in (MANAGEMENT, MEMBER)
            for row in self.sso.list_account_assignments(
                InstanceArn=self.arn, AccountId=account, PermissionSetArn=arn
            )["AccountAssignments"]
        }

    def people_from_elsewhere(self) -> dict[str, str]:
        """Make the users and the group of the model that another system would have sent."""
        made = {}
        for key, name, email in (
            ("grace", "grace.hopper@corp.example.com", "grace@corp.example.com"),
            ("joan", "joan", "joan@corp.example.com"),
            ("mary", "mary", "mary@corp.example.com"),
            ("edsger", "edsger", "edsger@corp.example.com"),
        ):
            answer = self.store.create_user(
                IdentityStoreId=self.store_id,
                UserName=name,
                DisplayName=f"{key.title()} Example",
                Name={"GivenName": key, "FamilyName": "Example"},
                Emails=[{"Value": email, "Primary": True}],
            )
            made[key] = answer["UserId"]
        self._has_external_id(made["edsger"])
        group = self.store.create_group(IdentityStoreId=self.store_id, DisplayName="Platform")
        return {**made, "platform": group["GroupId"]}

    def _has_external_id(self, user_id: str) -> None:
        """Let SCIM have sent a user: no client of the API can give an external id."""
        body = {
            "region": "us-east-1",
            "identity_store_id": self.store_id,
            "user_id": user_id,
            "issuer": "https://idp.example.com",
            "id": "00u1edsger",
        }
        address = f"{self.store.meta.endpoint_url}/sandbox/external-id"
        door = urllib.request.Request(address, json.dumps(body).encode(), method="POST")  # noqa: S310  # loopback
        urllib.request.urlopen(door, timeout=30).close()  # noqa: S310  # loopback


@pytest.fixture
def directory(session: boto3.Session) -> Directory:
    """Return Identity Center as the API shows it."""
    return Directory(session)


@pytest.fixture
def folder(program: Project, session: boto3.Session) -> Path:
    """Give the program the model that uses every key there is, and the organisation what that needs."""
    folder = Path(shutil.copytree(EVERYTHING / "access", program.folder / "access"))
    shutil.copy(EVERYTHING / "Pulumi.dev.yaml", program.folder / "Pulumi.dev.yaml")
    session.client("organizations").enable_aws_service_access(ServicePrincipal="iam.amazonaws.com")
    return folder


def make_policies(iam: "IAMClient") -> None:
    """Make the customer-managed policies of the model in an account."""
    for name in ("Deploy", "Boundary"):
        iam.create_policy(PolicyName=name, Path="/team/", PolicyDocument=POLICY)


@pytest.fixture
def policies(session: boto3.Session, iam_of_member: "IAMClient") -> None:
    """Make the customer-managed policies and the roles of the model where they have to be."""
    make_policies(session.client("iam"))
    for path, name in (("/", "Auditor"), ("/team/", "Operator")):
        iam_of_member.create_role(Path=path, RoleName=name, AssumeRolePolicyDocument=TRUST)


def edit(file: Path, old: str, new: str) -> None:
    """Change a text of a file."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def up(program: Project, *options: str) -> str:
    """Make the model; return what was said."""
    return program.succeed("up", "--yes", "--skip-preview", *options).output


@pytest.mark.usefixtures("policies", "folder")
def test_a_whole_model_is_made_and_is_in_the_api(
    program: Project, directory: Directory, session: boto3.Session
) -> None:
    """What the file says is what AWS has, not only what Pulumi's state says."""
    known = directory.people_from_elsewhere()
    up(program)

    permission_sets_are_there(directory, known)
    other_access_is_there(directory, session)
    people_have_every_attribute(directory)
    root_is_guarded(session)
    outputs_list_all_access(program)
    nothing_drifts(program)
    program.succeed("preview", "--expect-no-changes")


def outputs_list_all_access(program: Project) -> None:
    """Check that the outputs and the API say the same of accounts, applications and roles, both ways."""
    outputs = program.succeed("stack", "output", "--json", "--show-secrets").output
    (program.folder / "outputs.json").write_text(outputs, encoding="utf-8")
    beside = program.run("identity-center", "access", "--expect", "outputs.json", "--exactly")
    assert beside.status == 0, beside.output
    assert "4 of 4 assignments of applications and role entitlements of the stack" in beside.output


def nothing_drifts(program: Project) -> None:
    """Check that a reading finds what the state has of every key, and beside it those from elsewhere."""
    state = program.succeed("stack", "export", "--show-secrets").output
    (program.folder / "state.json").write_text(state, encoding="utf-8")
    drift = program.run(
        *("identity-center", "drift", "--state", "state.json", "--requests-per-second", "10000")
    )
    extra = [f"in AWS and not in the code: user {name}" for name in ("joan", "mary")]
    assert drift.output.splitlines()[:3] == [*extra, "2 differences"], drift.output
    assert drift.status == 1


def permission_sets_are_there(directory: Directory, known: dict[str, str]) -> None:
    """Check permission sets, what is attached to them, and who has them in which account."""
    sets = directory.sets()
    deploying = sets["Deploying"]

    assert set(sets) == {"Reading", "Deploying", "Support", "RootTasks"}
    described = directory.described(deploying)
    assert described["SessionDuration"] == "PT8H", "taken from the set that it extends"
    assert directory.described(sets["Support"])["SessionDuration"] == "PT4H", "4 hours, from the defaults"
    managed = directory.of(deploying, "list_managed_policies_in_permission_set", "AttachedManagedPolicies")
    assert [policy["Name"] for policy in managed] == ["ReadOnlyAccess"]
    customer = directory.of(
        deploying,
        "list_customer_managed_policy_references_in_permission_set",
        "CustomerManagedPolicyReferences",
    )
    assert customer == [{"Name": "Deploy", "Path": "/team/"}]
    inline = directory.of(deploying, "get_inline_policy_for_permission_set", "InlinePolicy")
    assert json.loads(inline) == json.loads(
        (EVERYTHING / "access" / "policies" / "deploy.json").read_text(encoding="utf-8")
    )
    boundary = directory.of(deploying, "get_permissions_boundary_for_permission_set", "PermissionsBoundary")
    assert boundary == {"CustomerManagedPolicyReference": {"Name": "Boundary", "Path": "/team/"}}
    assert ("Support", MEMBER, known["grace"]) in directory.assigned()
    assert ("Reading", MEMBER, known["platform"]) in directory.assigned()
    assert len(directory.assigned()) == 5


def other_access_is_there(directory: Directory, session: boto3.Session) -> None:
    """Check what people reach without a permission set, which is access as well, and the attributes."""
    sso, store = directory.sso, directory.store
    users = {
        u["UserName"]: u["UserId"] for u in store.list_users(IdentityStoreId=directory.store_id)["Users"]
    }
    (application,) = sso.list_applications(InstanceArn=directory.arn)["Applications"]
    grantees = sso.list_application_assignments(ApplicationArn=application["ApplicationArn"])
    attributes = sso.describe_instance_access_control_attribute_configuration(InstanceArn=directory.arn)
    access = session.client("account-access")
    (manager,) = access.list_applications()["applications"]
    of_auditor = {"principalRole": {"roleArn": f"arn:aws:iam::{MEMBER}:role/Auditor"}}
    (entitled,) = access.list_entitlements(applicationArn=manager["applicationArn"], filter=of_auditor)[
        "entitlements"
    ]

    assert application["Name"] == "Wiki"
    assert (
        application["PortalOptions"]["SignInOptions"]["ApplicationUrl"] == "https://wiki.example.com/sign-in"
    )
    assert ("USER", users["ada"]) in {
        (row["PrincipalType"], row["PrincipalId"]) for row in grantees["ApplicationAssignments"]
    }
    configured = attributes["InstanceAccessControlAttributeConfiguration"]["AccessControlAttributes"]
    assert {row["Key"]: row["Value"]["Source"] for row in configured} == {
        "CostCenter": ["${path:enterprise.costCenter}"],
        "Team": ["${path:userType}"],
    }
    assert users["ada"] in str(entitled)


def people_have_every_attribute(directory: Directory) -> None:
    """Check the attributes of people: one that gets lost is a wrong session tag."""
    listed = directory.store.list_users(IdentityStoreId=directory.store_id)["Users"]
    (ada,) = (user for user in listed if user["UserName"] == "ada")

    assert ada["Name"] == {
        "GivenName": "Ada",
        "MiddleName": "King",
        "FamilyName": "Lovelace",
        "Formatted": "Lady Ada King Lovelace",
        "HonorificPrefix": "Lady",
        "HonorificSuffix": "Countess",
    }
    assert ada["PhoneNumbers"] == [{"Value": "+44 20 7946 0000", "Type": "work", "Primary": True}]
    assert ada["Emails"] == [{"Value": "ada@example.com", "Type": "work", "Primary": True}]
    assert ada["Addresses"][0]["PostalCode"] == "SW1Y 4JH"
    assert (ada["NickName"], ada["Title"], ada["UserType"]) == ("ada", "Analyst", "employee")
    assert (ada["Locale"], ada["Timezone"]) == ("en_GB", "Europe/London")


def root_is_guarded(session: boto3.Session) -> None:
    """Check the guard: one that is not there guards nobody."""
    organizations = session.client("organizations")
    root = organizations.list_roots()["Roots"][0]["Id"]
    policies = organizations.list_policies_for_target(TargetId=root, Filter="SERVICE_CONTROL_POLICY")

    assert session.client("iam").list_organizations_features()["EnabledFeatures"]
    assert "root-guard-deny-root" in [each["Name"] for each in policies["Policies"]]


@pytest.mark.usefixtures("policies")
def test_renamed_keys_keep_people_and_their_access(
    program: Project, folder: Path, directory: Directory
) -> None:
    """A new key would otherwise be made before the old one is deleted, and AWS says "already exists"."""
    directory.people_from_elsewhere()
    up(program)
    before = directory.assigned()
    edit(folder / "people.yaml", "  developers:", "  builders:")
    edit(folder / "people.yaml", "formerly: builders", "formerly: developers")
    edit(folder / "people.yaml", "  ada:", "  countess:")
    edit(folder / "people.yaml", "formerly: augusta", "formerly: ada")
    edit(folder / "people.yaml", "members: [ada", "members: [countess")
    edit(folder / "permission-sets.yaml", "  reading:", "  looking:")
    edit(folder / "permission-sets.yaml", "extends: reading", "extends: looking")
    edit(folder / "permission-sets.yaml", "formerly: look\n", "formerly: reading\n")
    edit(folder / "assignments.yaml", "group: developers", "group: builders")
    edit(folder / "assignments.yaml", "user: ada", "user: countess")
    edit(folder / "assignments.yaml", "  wiki:", "  encyclopedia:")
    edit(folder / "assignments.yaml", "formerly: handbook", "formerly: wiki")
    edit(folder / "assignments.yaml", "permissionSets: [reading", "permissionSets: [looking")
    edit(program.folder / "Pulumi.dev.yaml", "[reading]", "[looking]")

    said = program.succeed("preview", "--diff").output
    up(program)

    assert "replace" not in said
    assert directory.assigned() == before
    program.succeed("preview", "--expect-no-changes")


@pytest.mark.usefixtures("policies", "folder")
def test_an_expired_grant_is_removed_and_said(program: Project, directory: Directory) -> None:
    """Nobody has to remember the day."""
    directory.people_from_elsewhere()
    up(program)
    program.environment["IDENTITY_CENTER_TODAY"] = "2028-01-01"
    # By then the confirmation of the MFA settings has lapsed as well, and the pack would refuse the stack.
    program.environment.pop("PULUMI_OPTION_POLICY_PACK")

    preview = program.succeed("preview").output
    up(program)

    assert "the access of group `developers` expired on 2027-12-31" in preview
    assert not [row for row in directory.assigned() if row[0] == "Deploying"]


@pytest.mark.thorough
@pytest.mark.usefixtures("policies")
def test_a_break_glass_grant_cannot_be_destroyed(
    program: Project, folder: Path, directory: Directory
) -> None:
    """The way in that is left when all else fails is not lost to one wrong command."""
    directory.people_from_elsewhere()
    up(program)
    ended = program.pulumi("destroy", "--yes", "--skip-preview")
    assert ended.status != 0
    assert "protect" in ended.output
    assert [row for row in directory.assigned() if row[:2] == ("Support", MANAGEMENT)]

    edit(folder / "assignments.yaml", "breakGlass: true", "breakGlass: false")
    # The engine does not say how far a destruction came that failed: the state is read again first.
    recovered = program.run(sys.executable, "-m", "identity_center_cli", "recover", "--stack", "dev", "--yes")
    assert recovered.status == 0, recovered.output
    up(program)
    program.succeed("destroy", "--yes", "--skip-preview")
    assert directory.sets() == {}
    assert directory.sso.list_applications(InstanceArn=directory.arn)["Applications"] == []
    users = directory.store.list_users(IdentityStoreId=directory.store_id)["Users"]
    assert {user["UserName"] for user in users} == {"grace.hopper@corp.example.com", "joan", "mary", "edsger"}
    groups = directory.store.list_groups(IdentityStoreId=directory.store_id)["Groups"]
    assert [group["DisplayName"] for group in groups] == ["Platform"], "what comes from elsewhere stays"


@pytest.mark.usefixtures("folder")
def test_what_is_not_there_is_said_before_anything_is_made(program: Project, directory: Directory) -> None:
    """People of another system, and policies of the accounts: AWS would refuse them in the middle."""
    ended = program.pulumi("up", "--yes", "--skip-preview")

    assert ended.status != 0
    assert "externalUsers.grace: the directory has no user with this user name" in ended.output
    assert "externalGroups.platform: the directory has no group with this display name" in ended.output
    assert f"account {MANAGEMENT}, where it is assigned, has no policy `/team/Deploy`" in ended.output
    assert directory.sets() == {}


@pytest.mark.thorough
def test_people_of_an_external_identity_provider_are_let_in_by_what_it_requires(
    program: Project, directory: Directory
) -> None:
    """Identity Center has no MFA settings then; the pack takes the word of who looked, and only with it."""
    operators = directory.store.create_group(IdentityStoreId=directory.store_id, DisplayName="Operators")
    directory.sso.create_permission_set(InstanceArn=directory.arn, Name="AWSReadOnlyAccess")
    around = Surroundings(directory.sso.meta.endpoint_url, REGION, "external")
    around.ready_for("eu-central-1", "eu-west-1")
    config = yaml.safe_load((EVERYTHING / "Pulumi.external.yaml").read_text(encoding="utf-8"))["config"]
    nobody = {**config["identity-center:mfaRequirement"], "confirmedBy": " "}
    program.write_config({**config, "identity-center:mfaRequirement": nobody})
    refused = program.pulumi("up", "--yes")
    assert refused.status != 0
    assert "`confirmedBy` is missing" in refused.output
    assert directory.assigned() == set()

    program.write_config(config)
    made = program.succeed("up", "--yes")

    assert "asked for by the external identity provider" in made.output
    assigned = {(name, MEMBER, operators["GroupId"]) for name in ("Reading", "AWSReadOnlyAccess")}
    assert directory.assigned() == assigned
    program.succeed("destroy", "--yes", "--skip-preview")
    assert set(directory.sets()) == {"AWSReadOnlyAccess"}, "Control Tower's own stays as it is"


@pytest.mark.thorough
@pytest.mark.usefixtures("policies")
def test_a_policy_is_looked_for_in_the_member_account_that_needs_it(
    program: Project, folder: Path, directory: Directory, iam_of_member: "IAMClient"
) -> None:
    """AWS says it in the middle of the update, and peers' pipelines say nothing at all."""
    directory.people_from_elsewhere()
    edit(
        folder / "assignments.yaml", "accounts: [management]\n    owner", f'accounts: ["{MEMBER}"]\n    owner'
    )

    refused = program.pulumi("up", "--yes", "--skip-preview")
    nothing = directory.sets()
    make_policies(iam_of_member)
    said = up(program)

    assert refused.status != 0
    for name in ("Deploy", "Boundary"):
        assert f"account {MEMBER}, where it is assigned, has no policy `/team/{name}`" in refused.output
    assert nothing == {}
    assert "unchecked" not in said
    assert {row[1] for row in directory.assigned() if row[0] == "Deploying"} == {MEMBER}


def made_at(program: Project) -> dict[str, str]:
    """Return when each account assignment of the state was made, by name."""
    return {
        one["urn"].rsplit("::", 1)[-1]: one["created"]
        for one in program.exported()["deployment"]["resources"]
        if one["type"].endswith(":AccountAssignment")
    }


def changed(program: Project, folder: Path) -> None:
    """Change something of every part of the model."""
    people, sets, grants = (folder / f"{name}.yaml" for name in ("people", "permission-sets", "assignments"))
    edit(people, "title: Analyst", "title: Countess")
    edit(people, "postalCode: SW1Y 4JH", "postalCode: SW1Y 4JJ")
    edit(people, "description: People who build", "description: People who build and run")
    edit(people, "members: [ada, linus, grace]", "members: [ada, joan]")
    edit(people, "CostCenter: ${path:enterprise.costCenter}", "Department: ${path:enterprise.department}")
    edit(sets, "description: Look and do not touch", "description: Look")
    edit(sets, "sessionDuration: PT8H", "sessionDuration: 2 hours")
    edit(sets, "cloudwatch/home", "athena/home")
    edit(sets, "managedPolicies: [ReadOnlyAccess]", "managedPolicies: [SecurityAudit, ViewOnlyAccess]")
    edit(sets, "tags: {level: read}", "tags: {level: look}")
    edit(
        sets,
        "permissionsBoundary: {customerManagedPolicy: /team/Boundary}",
        "permissionsBoundary: {managedPolicy: ReadOnlyAccess}",
    )
    edit(sets, "    customerManagedPolicies: [/team/Deploy]\n", "")
    edit(sets, '"Action": "support:*"', '"Action": "support:Describe*"')
    edit(grants, f'accounts: ["{MEMBER}"]', "accounts: [data-production]")
    edit(grants, "description: What everybody should know", "description: What everybody knows")
    edit(grants, "portal: {visibility: enabled", "portal: {visibility: disabled")
    edit(grants, "tags: {team: platform}", "tags: {team: readers}")
    edit(grants, "role/team/Operator", "role/Auditor")
    edit(program.folder / "Pulumi.dev.yaml", "tasks: [audit, delete]", "tasks: [audit]")


@pytest.mark.usefixtures("policies")
def test_a_change_of_every_part_is_in_the_api_and_is_told_as_access(
    program: Project, folder: Path, directory: Directory, session: boto3.Session
) -> None:
    """What is made right and changed wrong is wrong for as long as nobody looks."""
    known = directory.people_from_elsewhere()
    # The engine refuses to replace what is break-glass, and another visibility replaces an application.
    edit(folder / "assignments.yaml", "      - user: ada\n        breakGlass: true\n", "      - user: ada\n")
    up(program)
    before = made_at(program)
    changed(program, folder)
    program.succeed("preview")
    told = json.loads((program.folder / "access-changes.json").read_text(encoding="utf-8"))
    up(program)

    program.succeed("preview", "--expect-no-changes")
    stayed = "reading/group/platform/444444444444", "deploying/group/developers/123456789012"
    assert [made_at(program)[name] for name in stayed] == [before[name] for name in stayed]
    people_have_changed(directory, known)
    permission_sets_have_changed(directory)
    other_access_has_changed(directory, session, known)
    changes_are_told(told)


def people_have_changed(directory: Directory, known: dict[str, str]) -> None:
    """Check users, groups and members against the API."""
    store, where = directory.store, directory.store_id
    users = {one["UserName"]: one for one in store.list_users(IdentityStoreId=where)["Users"]}
    (group,) = (
        one
        for one in store.list_groups(IdentityStoreId=where)["Groups"]
        if one["DisplayName"] == "Developers"
    )
    members = store.list_group_memberships(IdentityStoreId=where, GroupId=group["GroupId"])
    assert (users["ada"]["Title"], users["ada"]["Addresses"][0]["PostalCode"]) == ("Countess", "SW1Y 4JJ")
    assert group["Description"] == "People who build and run"
    assert {one["MemberId"]["UserId"] for one in members["GroupMemberships"]} == {
        users["ada"]["UserId"],
        known["joan"],
    }


def permission_sets_have_changed(directory: Directory) -> None:
    """Check permission sets and all that is attached to them against the API."""
    sets = directory.sets()
    reading, deploying = sets["Reading"], sets["Deploying"]
    described = directory.described(reading)
    managed = directory.of(reading, "list_managed_policies_in_permission_set", "AttachedManagedPolicies")
    tags = directory.sso.list_tags_for_resource(InstanceArn=directory.arn, ResourceArn=reading)["Tags"]
    boundary = directory.of(deploying, "get_permissions_boundary_for_permission_set", "PermissionsBoundary")
    customer = directory.of(
        deploying,
        "list_customer_managed_policy_references_in_permission_set",
        "CustomerManagedPolicyReferences",
    )
    inline = directory.of(sets["Support"], "get_inline_policy_for_permission_set", "InlinePolicy")

    assert (described["Description"], described["SessionDuration"]) == ("Look", "PT2H")
    assert described["RelayState"].endswith("athena/home")
    assert {one["Name"] for one in managed} == {"SecurityAudit", "ViewOnlyAccess"}
    assert {one["Key"]: one["Value"] for one in tags} == {"managed-by": "identity-center", "level": "look"}
    assert boundary == {"ManagedPolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}, "and not gone"
    assert customer == []
    assert json.loads(inline)["Statement"]["Action"] == "support:Describe*"


def other_access_has_changed(directory: Directory, session: boto3.Session, known: dict[str, str]) -> None:
    """Check assignments, applications, entitlements and attributes against the API."""
    sso, arn = directory.sso, directory.arn
    attributes = sso.describe_instance_access_control_attribute_configuration(InstanceArn=arn)
    (application,) = sso.list_applications(InstanceArn=arn)["Applications"]
    tags = sso.list_tags_for_resource(ResourceArn=application["ApplicationArn"])["Tags"]
    support = sso.list_account_assignments(
        InstanceArn=arn, AccountId="555555555555", PermissionSetArn=directory.sets()["Support"]
    )
    access = session.client("account-access")
    (manager,) = access.list_applications()["applications"]
    left = access.list_entitlements(
        applicationArn=manager["applicationArn"],
        filter={"principalRole": {"roleArn": f"arn:aws:iam::{MEMBER}:role/team/Operator"}},
    )

    configured = attributes["InstanceAccessControlAttributeConfiguration"]["AccessControlAttributes"]
    assert {one["Key"] for one in configured} == {"Department", "Team"}
    assert application["Description"] == "What everybody knows"
    assert application["PortalOptions"]["Visibility"] == "DISABLED"
    assert tags == [{"Key": "team", "Value": "readers"}]
    assert [one["PrincipalId"] for one in support["AccountAssignments"]] == [known["grace"]]
    assert left["entitlements"] == []


def changes_are_told(told: dict[str, Any]) -> None:
    """Check what the preview wrote for machines: permission sets, applications and roles."""
    operator, auditor = (f"arn:aws:iam::{MEMBER}:role/{name}" for name in ("team/Operator", "Auditor"))
    said = {
        (one["person"], one["change"], one.get("permissionSet") or one.get("application") or one.get("role"))
        for one in told["changes"]
        if "person" in one
    }

    assert told["comparison"] == "compared"
    assert said >= {
        ("linus", "loses", "wiki"),
        ("joan", "gains", "wiki"),
        ("linus", "loses", operator),
        ("joan", "gains", auditor),
        ("linus", "loses", "deploying"),
        ("grace", "gains", "support"),
    }
