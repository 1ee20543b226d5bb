"""A model in a folder, with the real engine: made, read back from the API, refused, destroyed."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
import yaml

from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.project import Project
from sandbox.settings import REGION

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient
from tests.support.whole_model import (
    EVERYTHING,
    MANAGEMENT,
    MEMBER,
    Directory,
    directory,
    edit,
    folder,
    make_policies,
    policies,
    up,
)

__all__ = ["directory", "folder", "policies"]


pytestmark = pytest.mark.engine


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
