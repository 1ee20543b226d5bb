"""The types of pulumi-aws-native that mean the same as covered ones of pulumi-aws, as data.

They follow CloudFormation: names of properties are its own in camelCase, and an identity holds its policies
itself. A resource of such a type is read as one of the type that the rules know, its properties renamed;
what it holds itself has rows of its own here.

Source: the generated SDK of pulumi-aws-native (repository pulumi/pulumi-aws-native, sdk/python), whose
tokens are `aws-native:SERVICE:Type`; a test holds every row against the properties recorded from there. The
SDK says of iam.Policy, iam.AccessKey and iam.UserToGroupAddition that the provider cannot make them yet; a
program can declare them all the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .resource_types import (
    ACCESS_KEY,
    ACCOUNT_ASSIGNMENT,
    CLOUD_CONTROL,
    CLOUDFORMATION_STACK,
    CLOUDFORMATION_STACK_SET,
    DIRECTORY_GROUP,
    DIRECTORY_MEMBERSHIP,
    GROUP,
    ORGANIZATIONS_POLICY,
    PERMISSION_SET,
    POLICY,
    PROVISIONED_PRODUCT,
    ROLE,
    USER,
    Content,
    CredentialRow,
    IdentityKind,
    MembershipRow,
    PolicyRow,
)


@dataclass(frozen=True, slots=True)
class NativeRow:
    """A type of pulumi-aws-native and how it is read."""

    type: str
    read_as: str
    names: Mapping[str, str] = field(default_factory=dict)
    """The rules' name of each property that has another."""
    parts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The same for the objects in a list, by the list's own name."""
    unwrapped: Mapping[str, str] = field(default_factory=dict)
    """Properties that are objects, of which one part is what counts."""


_INLINE: Final = {"policies": "inlinePolicies"}
_DOCUMENTS: Final = {"policies": {"policyName": "name", "policyDocument": "policy"}}

NATIVE_ROWS: Final = (
    NativeRow("aws-native:sso:PermissionSet", PERMISSION_SET, {"permissionSetArn": "arn"}),
    NativeRow("aws-native:sso:Assignment", ACCOUNT_ASSIGNMENT),
    NativeRow("aws-native:identitystore:Group", DIRECTORY_GROUP),
    NativeRow(
        "aws-native:identitystore:GroupMembership", DIRECTORY_MEMBERSHIP, unwrapped={"memberId": "userId"}
    ),
    NativeRow(
        "aws-native:iam:Role",
        ROLE,
        {"roleName": "name", "assumeRolePolicyDocument": "assumeRolePolicy", **_INLINE},
        _DOCUMENTS,
    ),
    NativeRow("aws-native:iam:User", USER, {"userName": "name", **_INLINE}, _DOCUMENTS),
    NativeRow("aws-native:iam:Group", GROUP, {"groupName": "name", **_INLINE}, _DOCUMENTS),
    NativeRow(
        "aws-native:iam:ManagedPolicy",
        POLICY,
        {"managedPolicyName": "name", "policyDocument": "policy", "policyArn": "arn"},
    ),
    NativeRow(
        "aws-native:iam:RolePolicy",
        "aws:iam/rolePolicy:RolePolicy",
        {"roleName": "role", "policyName": "name", "policyDocument": "policy"},
    ),
    NativeRow(
        "aws-native:iam:UserPolicy",
        "aws:iam/userPolicy:UserPolicy",
        {"userName": "user", "policyName": "name", "policyDocument": "policy"},
    ),
    NativeRow(
        "aws-native:iam:GroupPolicy",
        "aws:iam/groupPolicy:GroupPolicy",
        {"groupName": "group", "policyName": "name", "policyDocument": "policy"},
    ),
    NativeRow(
        # One document for any number of identities: read as a managed one that is attached to them.
        "aws-native:iam:Policy",
        POLICY,
        {"policyName": "name", "policyDocument": "policy"},
    ),
    NativeRow("aws-native:iam:AccessKey", ACCESS_KEY, {"userName": "user"}),
    NativeRow(
        "aws-native:iam:UserToGroupAddition",
        "aws:iam/groupMembership:GroupMembership",
        {"groupName": "group"},
    ),
    NativeRow("aws-native:organizations:Policy", ORGANIZATIONS_POLICY),
    NativeRow("aws-native:cloudformation:Stack", CLOUDFORMATION_STACK, {"stackName": "name"}),
    NativeRow("aws-native:cloudformation:StackSet", CLOUDFORMATION_STACK_SET, {"stackSetName": "name"}),
    NativeRow("aws-native:servicecatalog:CloudFormationProvisionedProduct", PROVISIONED_PRODUCT),
    NativeRow(
        # Any type that the provider has none of its own for, or is older than.
        "aws-native:index:ExtensionResource",
        CLOUD_CONTROL,
        {"type": "typeName", "properties": "desiredState"},
    ),
)

_P, _R, _U, _G = IdentityKind.PERMISSION_SET, IdentityKind.ROLE, IdentityKind.USER, IdentityKind.GROUP
_LIMIT: Final = "permissionsBoundary"

NATIVE_POLICY_ROWS: Final = (
    PolicyRow(PERMISSION_SET, _P, (), Content.MANAGED, ("managedPolicies",)),
    PolicyRow(PERMISSION_SET, _P, (), Content.REFERENCE, ("customerManagedPolicyReferences",)),
    PolicyRow(PERMISSION_SET, _P, (), Content.DOCUMENT, ("inlinePolicy",)),
    PolicyRow(PERMISSION_SET, _P, (), Content.MANAGED, (_LIMIT, "managedPolicyArn"), boundary=True),
    PolicyRow(
        PERMISSION_SET, _P, (), Content.REFERENCE, (_LIMIT, "customerManagedPolicyReference"), boundary=True
    ),
    PolicyRow(USER, _U, (), Content.MANAGED, ("managedPolicyArns",)),
    PolicyRow(USER, _U, (), Content.NAMED_DOCUMENTS, ("inlinePolicies",)),
    PolicyRow(GROUP, _G, (), Content.MANAGED, ("managedPolicyArns",)),
    PolicyRow(GROUP, _G, (), Content.NAMED_DOCUMENTS, ("inlinePolicies",)),
    PolicyRow(POLICY, _R, ("roles",), Content.DOCUMENT, ("policy",)),
    PolicyRow(POLICY, _U, ("users",), Content.DOCUMENT, ("policy",)),
    PolicyRow(POLICY, _G, ("groups",), Content.DOCUMENT, ("policy",)),
)
"""What identities and policies of pulumi-aws-native hold themselves; those of pulumi-aws lack these."""

NATIVE_MEMBERSHIP_ROWS: Final = (MembershipRow(USER, user="", group="groups"),)
NATIVE_CREDENTIAL_ROWS: Final = (CredentialRow(USER, "", "a console password", when="loginProfile"),)

_ROWS: Final = {row.type: row for row in NATIVE_ROWS}


def read_type(token: str) -> str:
    """Return the type as which the rules read a type."""
    row = _ROWS.get(token)
    return row.read_as if row else token


def read_properties(token: str, raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return properties under the names that the rules know."""
    row = _ROWS.get(token)
    if row is None:
        return raw
    return {row.names.get(name, name): _read_value(row, name, value) for name, value in raw.items()}


def read_dependencies(token: str, raw: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Return what each property depends on, under the names that the rules know."""
    row = _ROWS.get(token)
    names = row.names if row else {}
    return {names.get(name, name): tuple(urns or ()) for name, urns in raw.items()}


def _read_value(row: NativeRow, name: str, value: Any) -> Any:  # noqa: ANN401 - a property may hold anything
    # What is not known yet is a text here, and stays as it is.
    if name in row.unwrapped and isinstance(value, dict):
        return value.get(row.unwrapped[name])
    if name in row.parts and isinstance(value, list):
        return [_renamed(each, row.parts[name]) for each in value]
    return value


def _renamed(value: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 - a property may hold anything
    return {names.get(k, k): v for k, v in value.items()} if isinstance(value, dict) else value
