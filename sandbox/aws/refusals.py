"""Every refusal that the sandbox's own services make, as one table: who refuses what, when, and with which words.

Refusals that follow from a shape alone (a name too long, an enumeration) are not here: ``shapes.py`` reads them off
botocore's model.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn


@dataclass(frozen=True)
class Refusal:
    """One way in which a service refuses a request."""

    service: str
    operations: tuple[str, ...]
    when: str
    code: str
    message: str
    source: str
    details: Mapping[str, str] = field(default_factory=dict)


class RefusedError(Exception):
    """A request that its service refuses: the error code, the message, and further members of the answer."""

    def __init__(self, code: str, message: str, details: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = dict(details or {})


def refuse(name: str, **values: Any) -> NoReturn:  # noqa: ANN401 - whatever the row's message shows
    """Refuse the request under way by the table's row ``name``; ``values`` fill its message."""
    row = REFUSALS[name]
    raise RefusedError(row.code, row.message.format(**values), row.details)


_NOT_FOUND = "ResourceNotFoundException"
_CONFLICT = "ConflictException"
_INVALID = "ValidationException"
_QUOTA = "ServiceQuotaExceededException"
_UNIQUE = {"Reason": "UNIQUENESS_CONSTRAINT_VIOLATION"}
_STORE = "identitystore"
_SSO = "sso-admin"
_LIMITS = "IAM Identity Center user guide, quotas (singlesignon/latest/userguide/limits)"
_MODEL_STORE = "botocore's service model of identitystore"
_MODEL_SSO = "botocore's service model of sso-admin"
_TF_SSO = "TF internal/service/ssoadmin"

REFUSALS: dict[str, Refusal] = {
    "unknown-identity-store": Refusal(
        _STORE, ("CreateUser", "CreateGroup", "ListUsers", "DescribeGroup"),
        "no instance of Identity Center in this region has this identity store",
        _NOT_FOUND, "IDENTITY_STORE not found.", f"{_MODEL_STORE}, ResourceType",
        {"ResourceType": "IDENTITY_STORE"},
    ),
    "user-not-found": Refusal(
        _STORE, ("DescribeUser", "UpdateUser", "DeleteUser", "GetUserId", "CreateGroupMembership"),
        "there is no such user in the store",
        _NOT_FOUND, "USER not found.", f"{_MODEL_STORE}, ResourceType", {"ResourceType": "USER"},
    ),
    "group-not-found": Refusal(
        _STORE, ("DescribeGroup", "UpdateGroup", "DeleteGroup", "GetGroupId", "CreateGroupMembership"),
        "there is no such group in the store",
        _NOT_FOUND, "GROUP not found.", f"{_MODEL_STORE}, ResourceType", {"ResourceType": "GROUP"},
    ),
    "membership-not-found": Refusal(
        _STORE, ("DescribeGroupMembership", "DeleteGroupMembership", "GetGroupMembershipId"),
        "there is no such membership in the store",
        _NOT_FOUND, "GROUP_MEMBERSHIP not found.", f"{_MODEL_STORE}, ResourceType",
        {"ResourceType": "GROUP_MEMBERSHIP"},
    ),
    "duplicate-user-name": Refusal(
        _STORE, ("CreateUser", "UpdateUser"), "another user of the store has this user name (case is ignored)",
        _CONFLICT, "Duplicate UserName", f"{_MODEL_STORE}, ConflictException.Reason", _UNIQUE,
    ),
    "duplicate-email": Refusal(
        _STORE, ("CreateUser", "UpdateUser"), "another user of the store has this e-mail address",
        _CONFLICT, "Duplicate Emails.Value",
        "pulumi_aws.identitystore.UserEmailsArgs.value: must be unique across the identity store", _UNIQUE,
    ),
    "duplicate-group-name": Refusal(
        _STORE, ("CreateGroup", "UpdateGroup"), "another group of the store has this display name",
        _CONFLICT, "Duplicate GroupDisplayName", f"{_MODEL_STORE}, ConflictException.Reason", _UNIQUE,
    ),
    "duplicate-membership": Refusal(
        _STORE, ("CreateGroupMembership",), "the user is a member of the group already",
        _CONFLICT, "Member and Group relationship already exists.",
        f"{_MODEL_STORE}, ConflictException.Reason", _UNIQUE,
    ),
    "stale-revision": Refusal(
        _STORE, ("UpdateUser", "UpdateGroup", "DeleteUser", "DeleteGroup"),
        "the revision named is not the present one",
        _CONFLICT, "The resource was changed since revision {revision}.", f"{_MODEL_STORE}, Revision",
        {"Reason": "CONCURRENT_MODIFICATION"},
    ),
    "reserved-name": Refusal(
        _STORE, ("CreateUser", "CreateGroup", "UpdateUser", "UpdateGroup"),
        "the name is Administrator or AWSAdministrators",
        _INVALID, "{attribute}: the name is reserved and cannot be used for users or groups.",
        f"{_MODEL_STORE}, documentation of UserName and DisplayName",
    ),
    "required-attributes": Refusal(
        _STORE, ("CreateUser", "CreateGroup", "UpdateUser", "UpdateGroup"),
        "an attribute that Identity Center requires is left out or removed",
        _INVALID, "{attributes}", f"{_MODEL_STORE}, documentation of CreateUser (moto shows the message)",
    ),
    "unknown-attribute": Refusal(
        _STORE, ("UpdateUser", "UpdateGroup", "GetUserId", "GetGroupId", "ListUsers", "ListGroups"),
        "the attribute path is none that this operation takes",
        _INVALID, "The attribute {path} is not one that {operation} takes.",
        f"{_MODEL_STORE}, documentation of AttributePath",
    ),
    "invalid-attribute-value": Refusal(
        _STORE, ("UpdateUser", "UpdateGroup"), "the value of an attribute breaks the shape of that attribute",
        _INVALID, "{violations}", _MODEL_STORE,
    ),
    "unknown-instance": Refusal(
        _SSO, ("CreatePermissionSet", "ListPermissionSets", "DescribeInstance"),
        "this region has no such instance of Identity Center",
        _NOT_FOUND, "Could not find Instance with arn {arn}", _MODEL_SSO,
    ),
    "permission-set-not-found": Refusal(
        _SSO, ("DescribePermissionSet", "AttachManagedPolicyToPermissionSet", "CreateAccountAssignment"),
        "the instance has no such permission set",
        _NOT_FOUND, "Could not find PermissionSet with id {id}", "moto, seen against AWS",
    ),
    "duplicate-permission-set": Refusal(
        _SSO, ("CreatePermissionSet",), "the instance has a permission set of this name",
        _CONFLICT, "PermissionSet with name {name} already exists.", f"{_MODEL_SSO}, errors of CreatePermissionSet",
    ),
    "permission-sets-quota": Refusal(
        _SSO, ("CreatePermissionSet",), "the instance holds 3500 permission sets",
        _QUOTA, "You have exceeded AWS SSO limits. Cannot create PermissionSet more than {limit} for id {id}.",
        _LIMITS,
    ),
    "session-duration": Refusal(
        _SSO, ("CreatePermissionSet", "UpdatePermissionSet"), "the session duration is out of PT1H to PT12H",
        _INVALID, "SessionDuration {duration} is not between PT1H and PT12H.",
        "IAM Identity Center user guide, howtosessionduration",
    ),
    "permission-set-assigned": Refusal(
        _SSO, ("DeletePermissionSet",), "an account assignment still uses the permission set",
        _CONFLICT, "PermissionSet with id {id} still has account assignments.",
        "hashicorp/terraform-provider-aws issue 26757",
    ),
    "permission-set-busy": Refusal(
        _SSO,
        ("AttachManagedPolicyToPermissionSet", "PutInlinePolicyToPermissionSet", "ProvisionPermissionSet"),
        "another change of the permission set, or its provisioning, is under way",
        _CONFLICT, "PermissionSet with id {id} is being changed by another request.",
        "hashicorp/terraform-provider-aws issues 26138, 26807",
    ),
    "managed-policy-not-found": Refusal(
        _SSO, ("AttachManagedPolicyToPermissionSet", "PutPermissionsBoundaryToPermissionSet"),
        "AWS has no managed policy of this ARN",
        _NOT_FOUND, "Policy does not exist with ARN: {arn}", "moto, seen against AWS",
    ),
    "managed-policy-attached": Refusal(
        _SSO, ("AttachManagedPolicyToPermissionSet",), "the permission set holds the policy already",
        _CONFLICT,
        "Permission set with id {id} already has a typed link attachment to a manged policy with {arn}",
        "moto, seen against AWS",
    ),
    "managed-policy-not-attached": Refusal(
        _SSO, ("DetachManagedPolicyFromPermissionSet",), "the permission set does not hold the policy",
        _NOT_FOUND, "Could not find ManagedPolicy with arn {arn}", "moto, seen against AWS",
    ),
    "customer-policy-attached": Refusal(
        _SSO, ("AttachCustomerManagedPolicyReferenceToPermissionSet",),
        "the permission set names the customer-managed policy already",
        _CONFLICT, "Given customer managed policy with name: {name}  and path {path} already attached",
        "moto, seen against AWS",
    ),
    "customer-policy-not-attached": Refusal(
        _SSO, ("DetachCustomerManagedPolicyReferenceFromPermissionSet",),
        "the permission set does not name the customer-managed policy",
        _NOT_FOUND, "Given managed policy with name: {name}  and path {path} does not exist on PermissionSet",
        "moto, seen against AWS",
    ),
    "policies-quota": Refusal(
        _SSO,
        ("AttachManagedPolicyToPermissionSet", "AttachCustomerManagedPolicyReferenceToPermissionSet"),
        "the permission set holds 25 policies, AWS-managed and customer-managed together",
        _QUOTA, "You have exceeded AWS SSO limits. Cannot create ManagedPolicy more than {limit} for id {id}.",
        _LIMITS,
    ),
    "inline-policy-size": Refusal(
        _SSO, ("PutInlinePolicyToPermissionSet",), "the policy has more than 10240 bytes that are no white space",
        _QUOTA, "The inline policy of PermissionSet with id {id} exceeds {limit} bytes without white space.",
        _LIMITS,
    ),
    "inline-policy-malformed": Refusal(
        _SSO, ("PutInlinePolicyToPermissionSet",), "the policy is no IAM policy document",
        _INVALID, "Invalid inline policy: {reason}", f"{_MODEL_SSO}, errors of PutInlinePolicyToPermissionSet",
    ),
    "boundary-choice": Refusal(
        _SSO, ("PutPermissionsBoundaryToPermissionSet",),
        "both an AWS-managed and a customer-managed boundary are named, or none",
        _INVALID, "Exactly one of ManagedPolicyArn and CustomerManagedPolicyReference must be given.",
        f"{_MODEL_SSO}, documentation of PermissionsBoundary",
    ),
    "boundary-not-found": Refusal(
        _SSO, ("GetPermissionsBoundaryForPermissionSet", "DeletePermissionsBoundaryFromPermissionSet"),
        "the permission set has no permissions boundary",
        _NOT_FOUND, "PermissionSet with id {id} has no permissions boundary.",
        f"{_TF_SSO}/permissions_boundary_attachment.go reads a missing boundary so",
    ),
    "assignment-not-found": Refusal(
        _SSO, ("DeleteAccountAssignment",), "there is no such assignment",
        _NOT_FOUND, "EntitlementItem doesn't exist: {principal} {account}",
        f"{_TF_SSO}/account_assignment.go tolerates this on delete",
    ),
    "request-not-found": Refusal(
        _SSO,
        (
            "DescribeAccountAssignmentCreationStatus",
            "DescribeAccountAssignmentDeletionStatus",
            "DescribePermissionSetProvisioningStatus",
        ),
        "no request has this id", _NOT_FOUND, "Could not find request with id {id}", _MODEL_SSO,
    ),
    "provision-target": Refusal(
        _SSO, ("ProvisionPermissionSet",), "TargetType is AWS_ACCOUNT and no TargetId is given",
        _INVALID, "TargetId must be given for target type AWS_ACCOUNT.",
        f"{_MODEL_SSO}, documentation of ProvisionPermissionSet",
    ),
    "permission-set-not-provisioned": Refusal(
        _SSO, ("ProvisionPermissionSet",), "the permission set is not assigned in the account named",
        _NOT_FOUND, "PermissionSet with id {id} is not provisioned to account {account}.",
        f"{_MODEL_SSO}, errors of ProvisionPermissionSet",
    ),
    "tagged-resource-not-found": Refusal(
        _SSO, ("TagResource", "UntagResource", "ListTagsForResource"), "there is no such resource",
        _NOT_FOUND, "Could not find resource with arn {arn}", _MODEL_SSO,
    ),
    "tags-quota": Refusal(
        _SSO, ("TagResource", "CreatePermissionSet"), "the resource would have more than 75 tags",
        _QUOTA, "A resource can have at most {limit} tags.", f"{_MODEL_SSO}, TagList",
    ),
    "attributes-not-configured": Refusal(
        _SSO,
        (
            "DescribeInstanceAccessControlAttributeConfiguration",
            "UpdateInstanceAccessControlAttributeConfiguration",
            "DeleteInstanceAccessControlAttributeConfiguration",
        ),
        "attributes for access control were not enabled",
        _NOT_FOUND, "Could not find attributes for access control of instance {arn}", _MODEL_SSO,
    ),
    "attributes-configured": Refusal(
        _SSO, ("CreateInstanceAccessControlAttributeConfiguration",),
        "attributes for access control are enabled already",
        _CONFLICT, "Attributes for access control of instance {arn} are configured already.", _MODEL_SSO,
    ),
    "bad-page": Refusal(
        _SSO, ("ListPermissionSets", "ListAccountAssignments"), "the token is none that the service gave out",
        _INVALID, "Invalid NextToken.", _MODEL_SSO,
    ),
}  # fmt: skip
"""By name, every refusal; ``tests/sandbox_aws/test_refusals.py`` has a scenario for each."""
