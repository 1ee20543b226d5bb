"""How the Identity Center directory refuses."""

from sandbox.aws.refusals.refusal import Refusal

_NOT_FOUND = "ResourceNotFoundException"
_CONFLICT = "ConflictException"
_INVALID = "ValidationException"
_UNIQUE = {"Reason": "UNIQUENESS_CONSTRAINT_VIOLATION"}
_STORE = "identitystore"
_MODEL_STORE = "botocore's service model of identitystore"

ROWS: dict[str, Refusal] = {
    "unknown-identity-store": Refusal(
        _STORE,
        ("CreateUser", "CreateGroup", "ListUsers", "DescribeGroup"),
        "no instance of Identity Center in this region has this identity store",
        _NOT_FOUND,
        "IDENTITY_STORE not found.",
        f"{_MODEL_STORE}, ResourceType",
        {"ResourceType": "IDENTITY_STORE"},
    ),
    "user-not-found": Refusal(
        _STORE,
        ("DescribeUser", "UpdateUser", "DeleteUser", "GetUserId", "CreateGroupMembership"),
        "there is no such user in the store",
        _NOT_FOUND,
        "USER not found.",
        f"{_MODEL_STORE}, ResourceType",
        {"ResourceType": "USER"},
    ),
    "group-not-found": Refusal(
        _STORE,
        ("DescribeGroup", "UpdateGroup", "DeleteGroup", "GetGroupId", "CreateGroupMembership"),
        "there is no such group in the store",
        _NOT_FOUND,
        "GROUP not found.",
        f"{_MODEL_STORE}, ResourceType",
        {"ResourceType": "GROUP"},
    ),
    "membership-not-found": Refusal(
        _STORE,
        ("DescribeGroupMembership", "DeleteGroupMembership", "GetGroupMembershipId"),
        "there is no such membership in the store",
        _NOT_FOUND,
        "GROUP_MEMBERSHIP not found.",
        f"{_MODEL_STORE}, ResourceType",
        {"ResourceType": "GROUP_MEMBERSHIP"},
    ),
    "duplicate-user-name": Refusal(
        _STORE,
        ("CreateUser", "UpdateUser"),
        "another user of the store has this user name (case is ignored)",
        _CONFLICT,
        "Duplicate UserName",
        f"{_MODEL_STORE}, ConflictException.Reason",
        _UNIQUE,
    ),
    "duplicate-email": Refusal(
        _STORE,
        ("CreateUser", "UpdateUser"),
        "another user of the store has this e-mail address",
        _CONFLICT,
        "Duplicate Emails.Value",
        "pulumi_aws.identitystore.UserEmailsArgs.value: must be unique across the identity store",
        _UNIQUE,
    ),
    "duplicate-group-name": Refusal(
        _STORE,
        ("CreateGroup", "UpdateGroup"),
        "another group of the store has this display name",
        _CONFLICT,
        "Duplicate GroupDisplayName",
        f"{_MODEL_STORE}, ConflictException.Reason",
        _UNIQUE,
    ),
    "duplicate-membership": Refusal(
        _STORE,
        ("CreateGroupMembership",),
        "the user is a member of the group already",
        _CONFLICT,
        "Member and Group relationship already exists.",
        f"{_MODEL_STORE}, ConflictException.Reason",
        _UNIQUE,
    ),
    "stale-revision": Refusal(
        _STORE,
        ("UpdateUser", "UpdateGroup", "DeleteUser", "DeleteGroup"),
        "the revision named is not the present one",
        _CONFLICT,
        "The resource was changed since revision {revision}.",
        f"{_MODEL_STORE}, Revision",
        {"Reason": "CONCURRENT_MODIFICATION"},
    ),
    "reserved-name": Refusal(
        _STORE,
        ("CreateUser", "CreateGroup", "UpdateUser", "UpdateGroup"),
        "the name is Administrator or AWSAdministrators",
        _INVALID,
        "{attribute}: the name is reserved and cannot be used for users or groups.",
        f"{_MODEL_STORE}, documentation of UserName and DisplayName",
    ),
    "required-attributes": Refusal(
        _STORE,
        ("CreateUser", "CreateGroup", "UpdateUser", "UpdateGroup"),
        "an attribute that Identity Center requires is left out or removed",
        _INVALID,
        "{attributes}",
        f"{_MODEL_STORE}, documentation of CreateUser (moto shows the message)",
    ),
    "unknown-attribute": Refusal(
        _STORE,
        ("UpdateUser", "UpdateGroup", "GetUserId", "GetGroupId", "ListUsers", "ListGroups"),
        "the attribute path is none that this operation takes",
        _INVALID,
        "The attribute {path} is not one that {operation} takes.",
        f"{_MODEL_STORE}, documentation of AttributePath",
    ),
    "invalid-attribute-value": Refusal(
        _STORE,
        ("UpdateUser", "UpdateGroup"),
        "the value of an attribute breaks the shape of that attribute",
        _INVALID,
        "{violations}",
        _MODEL_STORE,
    ),
}
