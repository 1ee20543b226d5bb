"""Which of a few members and assignments an instance has, asked of the API by what they tie together."""

from collections.abc import Callable
from typing import Any

import boto3

from identity_center.model.existing.unrecorded import NewLink, already_there
from identity_center.model.language.settings import AwsSettings
from identity_center.model.plan import planned
from identity_center_cli.aws.instance.links import read_links
from sandbox.clock import CLOCK
from sandbox.settings import REGION

Post = Callable[..., None]
ACCOUNTS = ("444444444444", "555555555555")


def _links(session: boto3.Session) -> tuple[str, str, list[NewLink]]:
    """Make one of each link, and return instance, store and the links with as many that are not there."""
    store, sso = session.client("identitystore"), session.client("sso-admin")
    (instance,) = sso.list_instances()["Instances"]
    arn, directory = instance["InstanceArn"], instance["IdentityStoreId"]
    user = store.create_user(
        IdentityStoreId=directory,
        UserName="ada",
        DisplayName="Ada",
        Name={"GivenName": "Ada", "FamilyName": "L"},
    )["UserId"]
    groups = [
        store.create_group(IdentityStoreId=directory, DisplayName=name)["GroupId"] for name in ("a", "b")
    ]
    store.create_group_membership(IdentityStoreId=directory, GroupId=groups[0], MemberId={"UserId": user})
    made = sso.create_permission_set(InstanceArn=arn, Name="Reading")["PermissionSet"]["PermissionSetArn"]
    sso.create_account_assignment(
        InstanceArn=arn,
        PermissionSetArn=made,
        PrincipalType="GROUP",
        PrincipalId=groups[0],
        TargetType="AWS_ACCOUNT",
        TargetId=ACCOUNTS[0],
    )
    CLOCK.let_pass(1.0)
    # Afterwards: no account has the policy, and AWS would refuse to provision the set.
    sso.attach_customer_managed_policy_reference_to_permission_set(
        InstanceArn=arn, PermissionSetArn=made, CustomerManagedPolicyReference={"Name": "Extra", "Path": "/"}
    )
    of_set = {"instanceArn": arn, "permissionSetArn": made}

    def assigned(group: str, account: str) -> dict[str, Any]:
        return {**of_set, "principalId": group, "principalType": "GROUP", "targetId": account}

    return (
        arn,
        directory,
        [
            NewLink(planned.MEMBERSHIP, "a/ada", {"groupId": groups[0], "memberId": user}),
            NewLink(planned.MEMBERSHIP, "b/ada", {"groupId": groups[1], "memberId": user}),
            NewLink(planned.CUSTOMER_POLICY, "there", _policy(of_set, "Extra")),
            NewLink(planned.CUSTOMER_POLICY, "not there", _policy(of_set, "Other")),
            NewLink(planned.ASSIGNMENT, "there", assigned(groups[0], ACCOUNTS[0])),
            NewLink(planned.ASSIGNMENT, "not there", assigned(groups[0], ACCOUNTS[1])),
        ],
    )


def _policy(of_set: dict[str, str], name: str) -> dict[str, Any]:
    return {**of_set, "customerManagedPolicyReference": {"name": name, "path": "/"}}


def test_what_is_there_is_found_and_nothing_else(session: boto3.Session) -> None:
    """To refuse what can be made would stop a run for nothing."""
    arn, directory, links = _links(session)

    for asked in (links, links[:-1]):  # more accounts than principals, and as many: two ways to ask
        existing = read_links(AwsSettings(region=REGION), arn, directory, asked)

        assert existing.unread == ()
        assert [mistake.problem.rsplit(": ", 1)[1] for mistake in already_there(asked, existing)] == [
            "a/ada",
            "there",
            "there",
        ]


def test_what_aws_refuses_is_named(session: boto3.Session, order_fault: Post, no_more_faults: Post) -> None:
    """What was not seen is never taken for absent."""
    arn, directory, links = _links(session)
    order_fault(
        service="identitystore",
        operation="ListGroupMemberships",
        code="AccessDeniedException",
        message="no",
        times=10,
    )

    existing = read_links(AwsSettings(region=REGION), arn, directory, links)
    no_more_faults()

    assert {each.operation for each in existing.unread} == {"identitystore:ListGroupMemberships"}
