"""Identity Center behaves as AWS's does where the provider and the readers rely on it."""

from typing import Any

import pytest

from sandbox.aws import iam
from sandbox.aws.accounts.organisation import loopback_client
from sandbox.aws.accounts.surroundings import POWER, Surroundings

MANAGEMENT = "123456789012"
SHOP = "444444444444"
NOBODY = "12345678-1234-1234-1234-123456789012"


def test_only_the_home_region_has_an_instance(endpoint: str, sso: Any) -> None:  # noqa: ANN401 - a boto3 client
    """A wrong region shows as an empty list on AWS, the commonest mistake of all."""
    assert len(sso.list_instances()["Instances"]) == 1
    assert loopback_client("sso-admin", endpoint, "eu-west-1").list_instances()["Instances"] == []


def test_a_member_account_has_no_instance_of_its_own(around: Surroundings) -> None:
    """The organisation instance lives in the management account."""
    assert around.in_account("sso-admin", SHOP).list_instances()["Instances"] == []


def test_the_delegated_administrator_administers_the_organisations_instance(around: Surroundings) -> None:
    """AWS advises to run Identity Center from a member account: stacks there find the one instance."""
    with around.delegated(SHOP) as administrator:
        (shown,) = administrator.list_instances()["Instances"]
        made = administrator.create_permission_set(InstanceArn=around.instance, Name=around.word)
        people = around.in_account("identitystore", SHOP)
        users = people.list_users(IdentityStoreId=around.store_id)["Users"]

    assert (shown["InstanceArn"], shown["OwnerAccountId"]) == (around.instance, MANAGEMENT)
    assert users == around.store.list_users(IdentityStoreId=around.store_id)["Users"]
    held = around.of_set(made["PermissionSet"]["PermissionSetArn"])
    assert around.sso.describe_permission_set(**held)["PermissionSet"]["Name"] == around.word
    assert around.in_account("sso-admin", SHOP).list_instances()["Instances"] == [], "no longer"


def test_a_permission_set_of_the_management_account_is_closed_to_the_delegated_administrator(
    around: Surroundings,
) -> None:
    """One that is provisioned there cannot be changed, nor assigned anywhere else."""
    held, other, group = around.permission_set(), around.permission_set(f"{around.word}-2"), around.group()
    around.assign(held, group, MANAGEMENT)
    target = {"TargetId": SHOP, "TargetType": "AWS_ACCOUNT", "PrincipalType": "GROUP", "PrincipalId": group}
    with around.delegated(SHOP) as administrator:
        there = {**target, "TargetId": MANAGEMENT}
        for operation, asked in (
            ("create_account_assignment", target),
            ("update_permission_set", {"Description": "other"}),
            ("delete_account_assignment", there),
        ):
            with pytest.raises(administrator.exceptions.AccessDeniedException):
                getattr(administrator, operation)(**around.of_set(held), **asked)
        assert administrator.create_account_assignment(**around.of_set(other), **target)
        assert administrator.describe_permission_set(**around.of_set(held)), "reading is free"


def test_arns_are_as_aws_has_them(around: Surroundings) -> None:
    """The provider and the policy pack match ARNs by pattern."""
    number = around.instance.rsplit("/", maxsplit=1)[-1]
    made = around.permission_set()
    assert made.startswith(f"arn:aws:sso:::permissionSet/{number}/ps-")
    assert len(made.rsplit("-", maxsplit=1)[-1]) == 16


def test_an_assignment_is_made_a_moment_later(around: Surroundings) -> None:
    """Who reads too early must see that nothing is there yet."""
    held, group = around.permission_set(), around.group()
    asked = {**around.of_set(held), "TargetId": MANAGEMENT, "TargetType": "AWS_ACCOUNT"}
    started = around.sso.create_account_assignment(**asked, PrincipalType="GROUP", PrincipalId=group)[
        "AccountAssignmentCreationStatus"
    ]
    assert started["Status"] == "IN_PROGRESS"
    rows = around.sso.list_account_assignments(**around.of_set(held), AccountId=MANAGEMENT)
    assert rows["AccountAssignments"] == []
    assert around.settled("creation", started["RequestId"])["Status"] == "SUCCEEDED"
    rows = around.sso.list_account_assignments(**around.of_set(held), AccountId=MANAGEMENT)
    assert [row["PrincipalId"] for row in rows["AccountAssignments"]] == [group]


def test_an_assignment_twice_is_one_assignment(around: Surroundings) -> None:
    """The API does not refuse it, so the provider has to look first."""
    held, group = around.permission_set(), around.group()
    assert [around.assign(held, group, MANAGEMENT)["Status"] for _ in range(2)] == ["SUCCEEDED"] * 2
    rows = around.sso.list_account_assignments(**around.of_set(held), AccountId=MANAGEMENT)
    assert len(rows["AccountAssignments"]) == 1


@pytest.mark.parametrize(
    ("principal", "account", "reason"),
    [(NOBODY, MANAGEMENT, "GROUP"), ("", "999999999999", "999999999999")],
)
def test_an_assignment_of_something_unknown_fails_with_a_reason(
    around: Surroundings, principal: str, account: str, reason: str
) -> None:
    """AWS accepts such a request and says only later that nothing came of it."""
    held = around.permission_set()
    status = around.assign(held, principal or around.group(), account)
    assert status["Status"] == "FAILED"
    assert reason in status["FailureReason"]
    assert (
        around.sso.list_account_assignments(**around.of_set(held), AccountId=account)["AccountAssignments"]
        == []
    )


def test_a_customer_managed_policy_must_exist_in_each_account(around: Surroundings) -> None:
    """The commonest reason why an assignment fails in one account and works in the others."""
    held, group = around.permission_set(), around.group()
    around.sso.attach_customer_managed_policy_reference_to_permission_set(
        **around.of_set(held), CustomerManagedPolicyReference={"Name": around.word}
    )
    status = around.assign(held, group, MANAGEMENT)
    assert status["Status"] == "FAILED"
    assert f"arn:aws:iam::{MANAGEMENT}:policy/{around.word}" in status["FailureReason"]
    document = '{"Version":"2012-10-17","Statement":[]}'.replace(
        "[]", '[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]'
    )
    around.iam.create_policy(PolicyName=around.word, PolicyDocument=document)
    assert around.assign(held, group, MANAGEMENT)["Status"] == "SUCCEEDED"


def test_removing_an_assignment_that_is_not_there_fails_with_a_reason(around: Surroundings) -> None:
    """The provider takes exactly this reason for success."""
    status = around.unassign(around.permission_set(), around.group(), MANAGEMENT)
    assert status["Status"] == "FAILED"
    assert "EntitlementItem doesn't exist" in status["FailureReason"]


def test_a_change_reaches_accounts_only_by_provisioning(around: Surroundings) -> None:
    """A permission set that was changed and not provisioned gives people the old permissions."""
    held = around.permission_set()
    around.assign(held, around.group(), MANAGEMENT)
    old = {"ProvisioningStatus": "LATEST_PERMISSION_SET_NOT_PROVISIONED"}
    where = around.of_set(held)
    accounts = around.sso.list_accounts_for_provisioned_permission_set
    assert accounts(**where, **old)["AccountIds"] == []
    around.sso.attach_managed_policy_to_permission_set(**where, ManagedPolicyArn=POWER)
    assert accounts(**where, **old)["AccountIds"] == [MANAGEMENT]
    assert around.provision(held)["Status"] == "SUCCEEDED"
    assert accounts(**where, **old)["AccountIds"] == []
    assert accounts(**where)["AccountIds"] == [MANAGEMENT]


def test_provisioning_fails_when_the_last_assignment_goes_meanwhile(around: Surroundings) -> None:
    """This race breaks a `destroy` that detaches policies before or beside the assignments."""
    held, group = around.permission_set(), around.group()
    around.assign(held, group, MANAGEMENT)
    asked = {"TargetId": MANAGEMENT, "TargetType": "AWS_ACCOUNT", "PrincipalType": "GROUP"}
    around.sso.delete_account_assignment(**around.of_set(held), **asked, PrincipalId=group)
    status = around.provision(held)
    assert status["Status"] == "FAILED"
    assert "Assignment not found" in status["FailureReason"]


def test_an_update_without_relay_state_clears_it_and_keeps_the_rest(around: Surroundings) -> None:
    """terraform-provider-aws issue 17411: who leaves it out loses it."""
    held = around.permission_set(RelayState="https://example.com", Description="d", SessionDuration="PT4H")
    around.sso.update_permission_set(**around.of_set(held), Description="other")
    found = around.sso.describe_permission_set(**around.of_set(held))["PermissionSet"]
    assert "RelayState" not in found
    assert (found["Description"], found["SessionDuration"]) == ("other", "PT4H")


@pytest.mark.parametrize("duration", ["PT1H", "PT12H", "PT90M", "PT43200S"])
def test_session_durations_from_one_to_twelve_hours_are_taken(around: Surroundings, duration: str) -> None:
    """The range is of time, not of spelling."""
    made = around.permission_set(SessionDuration=duration)
    found = around.sso.describe_permission_set(**around.of_set(made))["PermissionSet"]
    assert found["SessionDuration"] == duration


def test_a_user_has_the_assignments_of_the_users_groups(around: Surroundings) -> None:
    """Who asks what a person may do must not miss what comes through a group."""
    held, group, user = around.permission_set(), around.group(), around.user()
    around.assign(held, group, SHOP)
    around.store.create_group_membership(
        IdentityStoreId=around.store_id, GroupId=group, MemberId={"UserId": user}
    )
    asked = {"InstanceArn": around.instance, "PrincipalId": user, "PrincipalType": "USER"}
    rows = around.sso.list_account_assignments_for_principal(**asked)["AccountAssignments"]
    assert [(row["PrincipalType"], row["AccountId"]) for row in rows] == [("GROUP", SHOP)]
    elsewhere = around.sso.list_account_assignments_for_principal(**asked, Filter={"AccountId": MANAGEMENT})
    assert elsewhere["AccountAssignments"] == []


def test_every_page_of_a_long_list_is_given(around: Surroundings) -> None:
    """A reader that stops at the first page reports half an organisation."""
    made = {around.permission_set(f"{around.word}-{number}") for number in range(7)}
    pages = around.sso.get_paginator("list_permission_sets").paginate(
        InstanceArn=around.instance, PaginationConfig={"PageSize": 2}
    )
    found = [arn for page in pages for arn in page["PermissionSets"]]
    assert made <= set(found)
    assert len(found) == len(set(found))


def test_memberships_go_with_their_user_and_their_group(around: Surroundings) -> None:
    """A membership of nobody would be read as somebody's."""
    user, group, other = around.user(), around.group(), around.group(f"{around.word}-2")
    where = {"IdentityStoreId": around.store_id}
    for one in (group, other):
        around.store.create_group_membership(**where, GroupId=one, MemberId={"UserId": user})
    around.store.delete_group(**where, GroupId=other)
    of_user = around.store.list_group_memberships_for_member(**where, MemberId={"UserId": user})
    assert [row["GroupId"] for row in of_user["GroupMemberships"]] == [group]
    around.store.delete_user(**where, UserId=user)
    assert around.store.list_group_memberships(**where, GroupId=group)["GroupMemberships"] == []


def test_a_null_removes_an_attribute_and_a_path_changes_a_part(around: Surroundings) -> None:
    """This is how the provider updates people."""
    user = around.user(Title="Countess", NickName="ada")
    around.store.update_user(
        IdentityStoreId=around.store_id,
        UserId=user,
        Operations=[
            {"AttributePath": "title", "AttributeValue": None},
            {"AttributePath": "name.middleName", "AttributeValue": "King"},
            {"AttributePath": "emails", "AttributeValue": [{"value": "a@example.com", "primary": True}]},
        ],
    )
    found = around.store.describe_user(IdentityStoreId=around.store_id, UserId=user)
    assert "Title" not in found
    assert found["Name"] == {"GivenName": "Ada", "FamilyName": "Lovelace", "MiddleName": "King"}
    assert found["Emails"] == [{"Value": "a@example.com", "Primary": True}]
    assert found["NickName"] == "ada"


def test_an_update_that_is_refused_changes_nothing(around: Surroundings) -> None:
    """All operations of a request or none."""
    user = around.user()
    operations = [
        {"AttributePath": "title", "AttributeValue": "Countess"},
        {"AttributePath": "userName", "AttributeValue": "Administrator"},
    ]
    with pytest.raises(around.store.exceptions.ValidationException):
        around.store.update_user(IdentityStoreId=around.store_id, UserId=user, Operations=operations)
    assert "Title" not in around.store.describe_user(IdentityStoreId=around.store_id, UserId=user)


def test_a_set_with_more_policies_than_a_role_may_have_fails_in_the_accounts(around: Surroundings) -> None:
    """The set takes 25 policies and each account's role ten: the update is green, the role the old one."""
    held = around.permission_set()
    names = (
        "AmazonS3ReadOnlyAccess", "AmazonEC2ReadOnlyAccess", "AmazonRDSReadOnlyAccess", "SecurityAudit",
        "AmazonVPCReadOnlyAccess", "AWSLambda_ReadOnlyAccess", "AmazonSNSReadOnlyAccess", "ReadOnlyAccess",
        "AmazonSQSReadOnlyAccess", "CloudWatchReadOnlyAccess", "IAMReadOnlyAccess",
    )  # fmt: skip
    for name in names:
        arn = f"arn:aws:iam::aws:policy/{name}"
        around.sso.attach_managed_policy_to_permission_set(**around.of_set(held), ManagedPolicyArn=arn)
    status = around.assign(held, around.group(), "444444444444")
    assert status["Status"] == "FAILED"
    assert "Cannot exceed quota for PoliciesPerRole: 10" in status["FailureReason"]
    iam.raise_policies_of_a_role("444444444444", "aws", 20)
    try:
        assert around.assign(held, around.group(f"{around.word}-2"), "444444444444")["Status"] == "SUCCEEDED"
    finally:
        iam.raise_policies_of_a_role("444444444444", "aws", 10)
