"""Inputs that several tests of failures give, and the failure that a call must end with."""

from collections.abc import Callable
from typing import Any

import grpc
import pytest

from sandbox.aws.accounts.surroundings import Surroundings

POWER = "arn:aws:iam::aws:policy/PowerUserAccess"
READ = "arn:aws:iam::aws:policy/ReadOnlyAccess"
NOWHERE = "arn:aws:iam::aws:policy/ZzzNoSuchPolicy"
MANAGEMENT = "123456789012"
NOBODY = "12345678-1234-1234-1234-123456789012"
PERMISSION_SET = "aws:ssoadmin/permissionSet:PermissionSet"
ASSIGNMENT = "aws:ssoadmin/accountAssignment:AccountAssignment"
ATTACHMENT = "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment"
CUSTOMER = "aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment"
EXCLUSIVE = "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive"
INLINE = "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy"
USER = "aws:identitystore/user:User"
GROUP = "aws:identitystore/group:Group"
REGION = "aws:ssoadmin/region:Region"
ROLE = "aws:iam/role:Role"
GET = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}'
TRUST = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
    '"Principal":{"Service":"ec2.amazonaws.com"}}]}'
)


def of_set(around: Surroundings, permission_set: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - inputs
    """Return inputs of something attached to a permission set."""
    return {"instanceArn": around.instance, "permissionSetArn": permission_set, **more}


def assignment(around: Surroundings, permission_set: str, group: str) -> dict[str, Any]:
    """Return inputs of an assignment in the management account."""
    target = {"targetId": MANAGEMENT, "targetType": "AWS_ACCOUNT"}
    return of_set(around, permission_set, principalId=group, principalType="GROUP", **target)


def person(around: Surroundings) -> dict[str, Any]:
    """Return inputs of a user."""
    name = {"givenName": "Ada", "familyName": "Lovelace"}
    return {
        "identityStoreId": around.store_id, "userName": around.word, "displayName": "Ada", "name": name
    }  # fmt: skip


def failure(do: Callable[[], object]) -> grpc.RpcError:
    """Return the error that a call must end with."""
    with pytest.raises(grpc.RpcError) as failed:
        do()
    return failed.value
