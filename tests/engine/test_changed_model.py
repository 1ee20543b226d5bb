"""A model in a folder, with the real engine: renamed, changed in every part, and read back from the API."""

import json
from pathlib import Path
from typing import Any

import boto3
import pytest

from sandbox.project import Project
from tests.support.whole_model import MEMBER, Directory, directory, edit, folder, policies, up

__all__ = ["directory", "folder", "policies"]


pytestmark = pytest.mark.engine


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
