"""The resource types that give, limit or carry access, as data.

Source of names and properties: the SDK classes of pulumi-aws 7.51.1 (a contract test holds every row
against them). Property names are the engine's camelCase ones.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from .workload_types import WORKLOAD_TYPES


class IdentityKind(Enum):
    """What can hold access, in the words that people know."""

    PERMISSION_SET = "permission set"
    ROLE = "IAM role"
    USER = "IAM user"
    GROUP = "IAM group"
    DOCUMENT = "policy document"
    """A document in a file, judged as if somebody held it and nothing else."""

    # Identities are looked up by their kind tens of thousands of times, and Enum's own hash is Python's.
    __hash__ = object.__hash__


class Content(Enum):
    """What a property holds."""

    MANAGED = "the ARN of a managed policy, or a list of them"
    REFERENCE = "name and path of a customer-managed policy, or a list of them"
    DOCUMENT = "a policy document"
    NAMED_DOCUMENTS = "a list of objects with name and policy"


PERMISSION_SET: Final = "aws:ssoadmin/permissionSet:PermissionSet"
ROLE: Final = "aws:iam/role:Role"
USER: Final = "aws:iam/user:User"
GROUP: Final = "aws:iam/group:Group"
POLICY: Final = "aws:iam/policy:Policy"
POLICY_ATTACHMENT: Final = "aws:iam/policyAttachment:PolicyAttachment"
"""Says of one policy who has it: it takes it off everybody else (pulumi-aws, iam.PolicyAttachment)."""
ACCOUNT_ASSIGNMENT: Final = "aws:ssoadmin/accountAssignment:AccountAssignment"
DIRECTORY_USER: Final = "aws:identitystore/user:User"
DIRECTORY_GROUP: Final = "aws:identitystore/group:Group"
DIRECTORY_MEMBERSHIP: Final = "aws:identitystore/groupMembership:GroupMembership"
ENTITLEMENT: Final = "aws:accountaccess/entitlement:Entitlement"
ACCESS_KEY: Final = "aws:iam/accessKey:AccessKey"
LOGIN_PROFILE: Final = "aws:iam/userLoginProfile:UserLoginProfile"
ORGANIZATION: Final = "aws:organizations/organization:Organization"
ORGANIZATIONS_POLICY: Final = "aws:organizations/policy:Policy"
POLICY_TARGET: Final = "aws:organizations/policyAttachment:PolicyAttachment"
DELEGATED_ADMINISTRATOR: Final = "aws:organizations/delegatedAdministrator:DelegatedAdministrator"
ORGANIZATIONS_FEATURES: Final = "aws:iam/organizationsFeatures:OrganizationsFeatures"
MFA_REQUIREMENT: Final = "identity-center:index:MfaRequirement"
ACCESS_MODEL: Final = "identity-center:index:AccessModel"
CLOUDFORMATION_STACK: Final = "aws:cloudformation/stack:Stack"
CLOUDFORMATION_STACK_SET: Final = "aws:cloudformation/stackSet:StackSet"
TEMPLATE_TYPES: Final = (CLOUDFORMATION_STACK, CLOUDFORMATION_STACK_SET)
"""What makes resources of a template: `templateBody` has its text, or `templateUrl` says where it is."""
CLOUD_CONTROL: Final = "aws:cloudcontrol/resource:Resource"
"""Makes one resource of any type of CloudFormation: `typeName`, and its properties in `desiredState`."""
APPLICATION: Final = "aws:serverlessrepository/cloudFormationStack:CloudFormationStack"
PROVISIONED_PRODUCT: Final = "aws:servicecatalog/provisionedProduct:ProvisionedProduct"
"""Both make what a template of somebody else says: Control Tower's accounts are such products."""
MAKER_TYPES: Final = (*TEMPLATE_TYPES, CLOUD_CONTROL, APPLICATION, PROVISIONED_PRODUCT)
"""What makes resources that the engine shows to no policy."""
PERMISSION_SET_COMPONENT: Final = "identity-center:index:PermissionSet"


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """A resource that is an identity, and by which of its properties others name it."""

    type: str
    kind: IdentityKind
    called: tuple[str, ...]


IDENTITY_ROWS: Final = (
    IdentityRow(PERMISSION_SET, IdentityKind.PERMISSION_SET, ("arn",)),
    IdentityRow(ROLE, IdentityKind.ROLE, ("name", "arn", "id")),
    IdentityRow(USER, IdentityKind.USER, ("name", "arn", "id")),
    IdentityRow(GROUP, IdentityKind.GROUP, ("name", "arn", "id")),
)


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A property that puts a policy on an identity."""

    type: str
    kind: IdentityKind
    identity: tuple[str, ...]
    """The property that names the identity, or identities; none where the resource itself is the identity."""
    content: Content
    at: tuple[str, ...]
    boundary: bool = False
    """True where the policy only limits."""


_P, _R, _U, _G = IdentityKind.PERMISSION_SET, IdentityKind.ROLE, IdentityKind.USER, IdentityKind.GROUP
_SSO: Final = "aws:ssoadmin/"
_SET: Final = ("permissionSetArn",)

POLICY_ROWS: Final = (
    PolicyRow(
        f"{_SSO}managedPolicyAttachment:ManagedPolicyAttachment",
        _P,
        _SET,
        Content.MANAGED,
        ("managedPolicyArn",),
    ),
    PolicyRow(
        f"{_SSO}managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive",
        _P,
        _SET,
        Content.MANAGED,
        ("managedPolicyArns",),
    ),
    PolicyRow(
        f"{_SSO}permissionSetInlinePolicy:PermissionSetInlinePolicy",
        _P,
        _SET,
        Content.DOCUMENT,
        ("inlinePolicy",),
    ),
    PolicyRow(
        f"{_SSO}customerManagedPolicyAttachment:CustomerManagedPolicyAttachment",
        _P,
        _SET,
        Content.REFERENCE,
        ("customerManagedPolicyReference",),
    ),
    PolicyRow(
        f"{_SSO}customerManagedPolicyAttachmentsExclusive:CustomerManagedPolicyAttachmentsExclusive",
        _P,
        _SET,
        Content.REFERENCE,
        ("customerManagedPolicyReferences",),
    ),
    PolicyRow(
        f"{_SSO}permissionsBoundaryAttachment:PermissionsBoundaryAttachment",
        _P,
        _SET,
        Content.MANAGED,
        ("permissionsBoundary", "managedPolicyArn"),
        boundary=True,
    ),
    PolicyRow(
        f"{_SSO}permissionsBoundaryAttachment:PermissionsBoundaryAttachment",
        _P,
        _SET,
        Content.REFERENCE,
        ("permissionsBoundary", "customerManagedPolicyReference"),
        boundary=True,
    ),
    PolicyRow(ROLE, _R, (), Content.NAMED_DOCUMENTS, ("inlinePolicies",)),
    PolicyRow(ROLE, _R, (), Content.MANAGED, ("managedPolicyArns",)),
    PolicyRow(ROLE, _R, (), Content.MANAGED, ("permissionsBoundary",), boundary=True),
    PolicyRow("aws:iam/rolePolicy:RolePolicy", _R, ("role",), Content.DOCUMENT, ("policy",)),
    PolicyRow(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment", _R, ("role",), Content.MANAGED, ("policyArn",)
    ),
    PolicyRow(
        "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
        _R,
        ("roleName",),
        Content.MANAGED,
        ("policyArns",),
    ),
    PolicyRow(USER, _U, (), Content.MANAGED, ("permissionsBoundary",), boundary=True),
    PolicyRow("aws:iam/userPolicy:UserPolicy", _U, ("user",), Content.DOCUMENT, ("policy",)),
    PolicyRow(
        "aws:iam/userPolicyAttachment:UserPolicyAttachment", _U, ("user",), Content.MANAGED, ("policyArn",)
    ),
    PolicyRow(
        "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
        _U,
        ("userName",),
        Content.MANAGED,
        ("policyArns",),
    ),
    PolicyRow("aws:iam/groupPolicy:GroupPolicy", _G, ("group",), Content.DOCUMENT, ("policy",)),
    PolicyRow(
        "aws:iam/groupPolicyAttachment:GroupPolicyAttachment", _G, ("group",), Content.MANAGED, ("policyArn",)
    ),
    PolicyRow(
        "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
        _G,
        ("groupName",),
        Content.MANAGED,
        ("policyArns",),
    ),
    PolicyRow(POLICY_ATTACHMENT, _R, ("roles",), Content.MANAGED, ("policyArn",)),
    PolicyRow(POLICY_ATTACHMENT, _U, ("users",), Content.MANAGED, ("policyArn",)),
    PolicyRow(POLICY_ATTACHMENT, _G, ("groups",), Content.MANAGED, ("policyArn",)),
)


@dataclass(frozen=True, slots=True)
class ListRow:
    """A property that lists all policies of one kind that an identity has: what is not on it is taken off.

    Source: the pages of these resources of pulumi-aws ("exclusive").
    """

    type: str
    kind: IdentityKind
    identity: tuple[str, ...]
    content: Content
    at: tuple[str, ...]


LIST_ROWS: Final = (
    ListRow(ROLE, _R, (), Content.MANAGED, ("managedPolicyArns",)),
    ListRow(ROLE, _R, (), Content.DOCUMENT, ("inlinePolicies",)),
    *(
        ListRow(row.type, row.kind, row.identity, row.content, row.at)
        for row in POLICY_ROWS
        if row.type.endswith("AttachmentsExclusive")
    ),
    *(
        ListRow(
            f"aws:iam/{kind}PoliciesExclusive:{kind.title()}PoliciesExclusive",
            of,
            (f"{kind}Name",),
            Content.DOCUMENT,
            ("policyNames",),
        )
        for kind, of in (("role", _R), ("user", _U), ("group", _G))
    ),
)


@dataclass(frozen=True, slots=True)
class MembershipRow:
    """A resource that puts IAM users into IAM groups."""

    type: str
    user: str
    """The property that names the users; empty where the resource is the user itself."""
    group: str


GROUP_MEMBERSHIP: Final = "aws:iam/groupMembership:GroupMembership"
"""Says of one group who is in it: it takes everybody else out (pulumi-aws, iam.GroupMembership)."""
MEMBERSHIP_ROWS: Final = (
    MembershipRow("aws:iam/userGroupMembership:UserGroupMembership", user="user", group="groups"),
    MembershipRow(GROUP_MEMBERSHIP, user="users", group="group"),
)


@dataclass(frozen=True, slots=True)
class CredentialRow:
    """A resource with which an IAM user signs in or signs requests, for as long as nobody takes it away."""

    type: str
    user: str
    called: str
    """How messages call it."""
    when: str = ""
    """A property without which the resource brings no credential; empty where it always does."""


CREDENTIAL_ROWS: Final = (
    CredentialRow(ACCESS_KEY, "user", "an access key"),
    CredentialRow(LOGIN_PROFILE, "user", "a console password"),
)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A resource that lets people of Identity Center use an identity."""

    type: str
    kind: IdentityKind
    identity: tuple[str, ...]
    """The property that names the identity."""


ENTRY_ROWS: Final = (
    EntryRow(ACCOUNT_ASSIGNMENT, IdentityKind.PERMISSION_SET, ("permissionSetArn",)),
    EntryRow(ENTITLEMENT, IdentityKind.ROLE, ("entitlement", "principalRole", "roleArn")),
)

IDENTITY_CENTER_TYPES: Final = frozenset(
    {
        PERMISSION_SET,
        ACCOUNT_ASSIGNMENT,
        DIRECTORY_USER,
        DIRECTORY_GROUP,
        DIRECTORY_MEMBERSHIP,
        ENTITLEMENT,
    }
)
"""A stack with one of these manages who can sign in through Identity Center."""

ACCESS_GIVING_TYPES: Final = frozenset({ACCOUNT_ASSIGNMENT, DIRECTORY_MEMBERSHIP, ENTITLEMENT})
"""Those of them that let somebody in: without them a person, a group or a permission set reaches nothing."""

COVERED_TYPES: Final = frozenset(
    {row.type for row in IDENTITY_ROWS}
    | {row.type for row in POLICY_ROWS}
    | {row.type for row in LIST_ROWS}
    | {row.type for row in MEMBERSHIP_ROWS}
    | IDENTITY_CENTER_TYPES
    | WORKLOAD_TYPES
    | {POLICY, ACCESS_KEY, LOGIN_PROFILE, MFA_REQUIREMENT, ACCESS_MODEL}
    | {ORGANIZATION, ORGANIZATIONS_POLICY, POLICY_TARGET, ORGANIZATIONS_FEATURES, DELEGATED_ADMINISTRATOR}
    | set(MAKER_TYPES)
)
"""Everything else is left alone: its properties are not even looked at."""
