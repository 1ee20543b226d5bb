"""What each command asks of AWS: the actions that its credentials need, who asks, and where AWS says so.

docs/permissions.md is written from it. The tests test_permissions.py of tests/live, tests/provider and
tests/engine record what is really asked, run everything under these policies, and take one action away after
the other.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final


class Job(Enum):
    """What a pipeline does, each under credentials of its own."""

    PREVIEW = "Preview"
    """`pulumi preview`, also with `--refresh`. Read only."""
    UPDATE = "Update"
    """`pulumi up`, `refresh` and `destroy`, and `identity-center provision` and `verify`."""
    DRIFT = "Adopt and drift"
    """`pulumi import`, and `adopt`, `snapshot`, `drift`, `access`, `organisation snapshot` and
    `explain --live`. Read only."""
    REMOVE = "Drift, taking away"
    """`identity-center drift --remove`."""
    RECOVER = "Recover and verify"
    """`identity-center recover` and `adopt --verify`, which preview the program beside reading. Read only."""
    AUDIT = "Root audit"
    """`identity-center root audit`. Reads only; it changes the credential report that AWS keeps for a day."""
    REMEDIATE = "Root remediate"
    """`identity-center root remediate`."""
    EVIDENCE = "MFA evidence"
    """`identity-center mfa evidence`, without `--logs`."""


class Where(Enum):
    """Whose credentials need an action."""

    BOTH = "both"
    """The management account's, and the delegated administrator's."""
    MANAGEMENT = "management"
    """The management account's alone: a delegated administrator never asks it."""
    DELEGATED = "delegated"
    """The delegated administrator's alone."""


@dataclass(frozen=True)
class Permission:
    """One action that one asker needs."""

    action: str
    jobs: frozenset[Job]
    asked_by: str
    where: Where = Where.BOTH
    resources: tuple[str, ...] = ("*",)
    unseen: str = ""
    """Why no test of ours sees it; empty where one does."""

    @property
    def source(self) -> str:
        """Where AWS describes the action."""
        service, _, operation = self.action.partition(":")
        return _SOURCES[service].format(operation=operation)


_DOCS: Final = "https://docs.aws.amazon.com/"
#: Pages of the API reference of each service, by its prefix in policies.
_SOURCES: Final = {
    "account-access": f"{_DOCS}service-authorization/latest/reference/list_awsiamaccountaccessmanager.html",
    "cloudtrail": f"{_DOCS}awscloudtrail/latest/APIReference/API_{{operation}}.html",
    "iam": f"{_DOCS}IAM/latest/APIReference/API_{{operation}}.html",
    "identitystore": f"{_DOCS}singlesignon/latest/IdentityStoreAPIReference/API_{{operation}}.html",
    "kms": f"{_DOCS}kms/latest/APIReference/API_{{operation}}.html",
    "organizations": f"{_DOCS}organizations/latest/APIReference/API_{{operation}}.html",
    "sso": f"{_DOCS}singlesignon/latest/APIReference/API_{{operation}}.html",
    "sts": f"{_DOCS}STS/latest/APIReference/API_{{operation}}.html",
}


def _each(jobs: Collection[Job], asked_by: str, actions: str, **more: Any) -> Iterator[Permission]:  # noqa: ANN401  # fields of Permission
    for action in actions.split():
        yield Permission(action, frozenset(jobs), asked_by, **more)


_READ: Final = (Job.PREVIEW, Job.UPDATE, Job.RECOVER)
_STATE: Final = (*_READ, Job.DRIFT)
_LISTS: Final = (Job.DRIFT, Job.RECOVER)
_CHANGE: Final = (Job.UPDATE,)
_ROLES: Final = (Job.UPDATE, Job.REMOVE)
_SEEN_ELSEWHERE: Final = "the models of the tests do without it"
_NOT_IN_THE_SANDBOX: Final = "the sandbox's AWS does not ask it of its callers"

#: What is asked before anything is made.
_LOOKUPS: Final = (
    *_each((*_STATE, Job.EVIDENCE), "which instance there is", "sso:ListInstances"),
    *_each(
        _STATE,
        "the accounts of the organisation, and where targets need them units and tags",
        "organizations:DescribeOrganization organizations:ListAccounts organizations:ListRoots "
        "organizations:ListOrganizationalUnitsForParent organizations:ListAccountsForParent "
        "organizations:ListTagsForResource",
    ),
    *_each(
        (Job.DRIFT,),
        "service and resource control policies, for `organisation snapshot --with-policies` and "
        "`explain --live`",
        "organizations:ListPolicies organizations:DescribePolicy organizations:ListTargetsForPolicy",
    ),
    *_each(
        _READ,
        "the provider's data source getOrganization, beside the four above",
        "organizations:ListAWSServiceAccessForOrganization",
    ),
    *_each(
        _READ,
        "customer-managed policies of the own account; both belong to the data source getPolicy",
        "iam:GetPolicy iam:GetPolicyVersion",
    ),
    *_each(_READ, "entitled roles of the own account", "iam:GetRole", unseen=_SEEN_ELSEWHERE),
    *_each(
        _READ,
        "policies and roles of member accounts, through the role of `policyLookups` "
        "(a session that may `iam:GetPolicy` and `iam:GetRole` alone)",
        "sts:AssumeRole",
        resources=("arn:aws:iam::*:role/OrganizationAccountAccessRole",),
    ),
    *_each(
        _READ,
        "people and groups from elsewhere, and whether a new name is taken",
        "identitystore:ListUsers identitystore:ListGroups",
    ),
    *_each(
        _READ,
        "permission sets of the management account, which a delegated administrator cannot change",
        "sso:ListPermissionSetsProvisionedToAccount",
        where=Where.DELEGATED,
    ),
    *_each(
        _READ,
        "`rootGuard`: policies of its targets",
        "organizations:ListPoliciesForTarget",
        where=Where.MANAGEMENT,
    ),
)
#: What the program asks where the state does not have something that the model says.
_UNRECORDED: Final = (
    *_each(
        _READ,
        "whether the name of a new permission set is taken, and permission sets of somebody else's",
        "sso:ListPermissionSets sso:DescribePermissionSet",
    ),
    *_each(_READ, "whether the name of a new application is taken", "sso:ListApplications"),
    *_each(
        _READ,
        "whether there are attributes for access control already",
        "sso:DescribeInstanceAccessControlAttributeConfiguration",
    ),
    *_each(
        _READ,
        "whether the instance can have a new additional Region, or lose one: its Regions, its encryption",
        "sso:DescribeInstance",
    ),
    *_each(
        _READ,
        "whether the instance's KMS key is in a new additional Region; where the key is another account's, "
        "its policy has to allow it too",
        "kms:DescribeKey",
    ),
    *_each(
        _READ,
        "whether the KMS key has the same policy in a new additional Region; KMS answers the key's own "
        "account alone",
        "kms:GetKeyPolicy",
    ),
    *_each(
        _READ,
        "whether the instance has an account access manager already",
        "account-access:ListApplications account-access:GetApplication account-access:ListEntitlements",
    ),
    *_each(
        _READ,
        "`rootGuard`: whether the name of its new policy is taken",
        "organizations:ListPolicies",
        where=Where.MANAGEMENT,
    ),
    *_each(_READ, "whether new members of a group are there already", "identitystore:ListGroupMemberships"),
    *_each(
        _READ,
        "whether new assignments are there already, by account or by principal: the fewer",
        "sso:ListAccountAssignments sso:ListAccountAssignmentsForPrincipal",
    ),
    *_each(
        _READ,
        "whether a permission set has a new customer-managed policy already",
        "sso:ListCustomerManagedPolicyReferencesInPermissionSet",
    ),
    *_each(
        _READ,
        "whether new assignments of an application are there already",
        "sso:ListApplicationAssignments",
    ),
    *_each(
        _READ,
        "whether new role entitlements are there already",
        "account-access:ListEntitlements",
    ),
)
#: What the provider reads of each resource: after making it, with --refresh, and to import it.
_READS: Final = (
    *_each(
        _STATE,
        "permission sets",
        "sso:DescribePermissionSet sso:ListTagsForResource sso:ListManagedPoliciesInPermissionSet "
        "sso:ListCustomerManagedPolicyReferencesInPermissionSet sso:GetInlinePolicyForPermissionSet "
        "sso:GetPermissionsBoundaryForPermissionSet",
    ),
    *_each(_STATE, "assignments", "sso:ListAccountAssignments"),
    *_each(
        _STATE,
        "people, groups and members",
        "identitystore:DescribeUser identitystore:DescribeGroup identitystore:DescribeGroupMembership",
    ),
    *_each(_STATE, "applications", "sso:DescribeApplication sso:DescribeApplicationAssignment"),
    *_each(
        _STATE,
        "attributes for access control",
        "sso:DescribeInstanceAccessControlAttributeConfiguration",
    ),
    *_each(_STATE, "additional Regions", "sso:DescribeRegion"),
    *_each(_STATE, "account access manager", "account-access:GetApplication account-access:GetEntitlement"),
    *_each(
        _STATE,
        "`rootGuard`",
        "organizations:DescribePolicy organizations:ListTargetsForPolicy iam:ListOrganizationsFeatures",
        where=Where.MANAGEMENT,
    ),
)
_WRITES: Final = (
    *_each(
        _CHANGE,
        "permission sets",
        "sso:CreatePermissionSet sso:UpdatePermissionSet sso:DeletePermissionSet sso:TagResource "
        "sso:UntagResource sso:AttachManagedPolicyToPermissionSet sso:DetachManagedPolicyFromPermissionSet "
        "sso:AttachCustomerManagedPolicyReferenceToPermissionSet "
        "sso:DetachCustomerManagedPolicyReferenceFromPermissionSet sso:PutInlinePolicyToPermissionSet "
        "sso:DeleteInlinePolicyFromPermissionSet sso:PutPermissionsBoundaryToPermissionSet "
        "sso:DeletePermissionsBoundaryFromPermissionSet sso:ProvisionPermissionSet "
        "sso:DescribePermissionSetProvisioningStatus",
    ),
    *_each(
        _CHANGE,
        "`identity-center provision`, beside these",
        "sso:ListPermissionSets sso:ListPermissionSetsProvisionedToAccount",
    ),
    *_each(
        _CHANGE,
        "whether accounts keep an older form of a permission set that changed; `provision` as well",
        "sso:ListAccountsForProvisionedPermissionSet",
    ),
    *_each(
        _CHANGE,
        "assignments",
        "sso:CreateAccountAssignment sso:DeleteAccountAssignment "
        "sso:DescribeAccountAssignmentCreationStatus sso:DescribeAccountAssignmentDeletionStatus",
    ),
    *_each(
        _CHANGE,
        "people, groups and members",
        "identitystore:CreateUser identitystore:UpdateUser identitystore:DeleteUser "
        "identitystore:CreateGroup identitystore:UpdateGroup identitystore:DeleteGroup "
        "identitystore:CreateGroupMembership identitystore:DeleteGroupMembership",
    ),
    *_each(
        _CHANGE,
        "applications",
        "sso:CreateApplication sso:UpdateApplication sso:DeleteApplication "
        "sso:CreateApplicationAssignment sso:DeleteApplicationAssignment",
    ),
    *_each(
        _CHANGE,
        "attributes for access control",
        "sso:CreateInstanceAccessControlAttributeConfiguration "
        "sso:UpdateInstanceAccessControlAttributeConfiguration "
        "sso:DeleteInstanceAccessControlAttributeConfiguration",
    ),
    *_each(_CHANGE, "additional Regions", "sso:AddRegion sso:RemoveRegion"),
    *_each(
        _CHANGE,
        "account access manager",
        "account-access:CreateApplication account-access:DeleteApplication account-access:TagResource "
        "account-access:CreateEntitlement account-access:DeleteEntitlement",
    ),
    *_each(
        _CHANGE,
        "account access manager: a tag that is taken away",
        "account-access:UntagResource",
        unseen="the example of the tests replaces its one tag",
    ),
    *_each(
        _CHANGE,
        "`rootGuard`",
        "organizations:CreatePolicy organizations:UpdatePolicy organizations:DeletePolicy "
        "organizations:AttachPolicy organizations:DetachPolicy "
        "iam:EnableOrganizationsRootCredentialsManagement iam:EnableOrganizationsRootSessions",
        where=Where.MANAGEMENT,
    ),
    *_each(
        _CHANGE,
        "`rootGuard`, where `aws:defaultTags` gives its policy tags",
        "organizations:TagResource",
        where=Where.MANAGEMENT,
    ),
    *_each(
        _CHANGE,
        "the same: a tag that is taken away",
        "organizations:UntagResource",
        where=Where.MANAGEMENT,
        unseen="the example of the tests replaces its one tag",
    ),
    *_each(
        _ROLES,
        "roles of permission sets in the management account: Identity Center makes them as its caller",
        "iam:AttachRolePolicy iam:CreateRole iam:DeleteRole iam:DeleteRolePermissionsBoundary "
        "iam:DeleteRolePolicy iam:DetachRolePolicy iam:GetRole iam:ListAttachedRolePolicies "
        "iam:ListRolePolicies iam:PutRolePermissionsBoundary iam:PutRolePolicy iam:UpdateRole "
        "iam:UpdateRoleDescription",
        where=Where.MANAGEMENT,
        resources=("arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*",),
        unseen=_NOT_IN_THE_SANDBOX,
    ),
    *_each(
        _ROLES,
        "the same: the identity provider that these roles trust",
        "iam:GetSAMLProvider",
        where=Where.MANAGEMENT,
        resources=("arn:aws:iam::*:saml-provider/AWSSSO_*_DO_NOT_DELETE",),
        unseen=_NOT_IN_THE_SANDBOX,
    ),
)
_COMMANDS: Final = (
    *_each(
        _LISTS,
        "the lists of `adopt`, `snapshot`, `drift`, `access` and `recover`",
        "sso:ListPermissionSets sso:ListAccountsForProvisionedPermissionSet sso:ListApplications "
        "sso:ListRegions sso:ListApplicationAssignments sso:GetApplicationAssignmentConfiguration "
        "identitystore:ListUsers identitystore:ListGroups identitystore:ListGroupMemberships "
        "account-access:ListApplications account-access:ListEntitlements",
    ),
    *_each(
        _LISTS,
        "the same, by people and by accounts where these are fewer than groups and sets",
        "identitystore:ListGroupMembershipsForMember sso:ListPermissionSetsProvisionedToAccount",
        unseen=_SEEN_ELSEWHERE,
    ),
    *_each(
        (Job.UPDATE, *_LISTS),
        "`verify --expect`; `verify --portal` asks with the person's own token, to which no policy applies",
        "sso:ListAccountAssignments sso:ListAccountsForProvisionedPermissionSet "
        "sso:DescribeApplicationAssignment account-access:ListApplications account-access:GetApplication "
        "account-access:ListEntitlements",
    ),
    *_each(
        (Job.REMOVE,),
        "what differs from the code",
        "account-access:GetApplication account-access:ListApplications account-access:ListEntitlements "
        "identitystore:ListGroupMemberships identitystore:ListGroups identitystore:ListUsers "
        "organizations:DescribeOrganization organizations:ListAccounts organizations:ListAccountsForParent "
        "organizations:ListOrganizationalUnitsForParent organizations:ListRoots "
        "organizations:ListTagsForResource sso:DescribeInstanceAccessControlAttributeConfiguration "
        "sso:DescribePermissionSet sso:GetApplicationAssignmentConfiguration "
        "sso:GetInlinePolicyForPermissionSet sso:GetPermissionsBoundaryForPermissionSet "
        "sso:ListAccountAssignments sso:ListAccountsForProvisionedPermissionSet "
        "sso:ListApplicationAssignments sso:ListApplications "
        "sso:ListCustomerManagedPolicyReferencesInPermissionSet sso:ListInstances "
        "sso:ListManagedPoliciesInPermissionSet sso:ListPermissionSets sso:ListRegions "
        "sso:ListTagsForResource",
    ),
    *_each(
        (Job.REMOVE,),
        "the same, by people and by accounts where these are fewer than groups and sets",
        "identitystore:ListGroupMembershipsForMember sso:ListPermissionSetsProvisionedToAccount",
        unseen=_SEEN_ELSEWHERE,
    ),
    *_each(
        (Job.REMOVE,),
        "what is taken away",
        "account-access:DeleteEntitlement identitystore:DeleteGroup identitystore:DeleteGroupMembership "
        "identitystore:DeleteUser sso:DeleteAccountAssignment sso:DeleteApplicationAssignment "
        "sso:DeleteInlinePolicyFromPermissionSet sso:DeletePermissionSet "
        "sso:DeletePermissionsBoundaryFromPermissionSet sso:DescribeAccountAssignmentDeletionStatus "
        "sso:DescribePermissionSetProvisioningStatus "
        "sso:DetachCustomerManagedPolicyReferenceFromPermissionSet sso:DetachManagedPolicyFromPermissionSet "
        "sso:ProvisionPermissionSet sso:UntagResource "
        "sso:UpdateInstanceAccessControlAttributeConfiguration",
    ),
    *_each(
        (Job.REMOVE,),
        "the last attribute for access control",
        "sso:DeleteInstanceAccessControlAttributeConfiguration",
        unseen=_SEEN_ELSEWHERE,
    ),
    *_each(
        (Job.RECOVER,),
        "`recover`: what became of the policy of `rootGuard`, and of what it lets the organisation do",
        "organizations:ListPolicies iam:ListOrganizationsFeatures",
        where=Where.MANAGEMENT,
    ),
    *_each(
        (Job.RECOVER,),
        "`recover`: what became of policies of IAM, which the component `IamMfaPolicy` makes",
        "iam:ListPolicies",
    ),
    *_each(
        (Job.AUDIT, Job.REMEDIATE),
        "which accounts there are, and what the organisation does about root",
        "organizations:DescribeOrganization organizations:ListAccounts iam:ListOrganizationsFeatures",
    ),
    *_each(
        (Job.AUDIT, Job.REMEDIATE),
        "root sessions in member accounts: for the tasks IAMAuditRootUserCredentials and, to remediate, "
        "IAMDeleteRootUserCredentials",
        "sts:AssumeRoot",
    ),
    *_each(
        (Job.AUDIT,),
        "the management account's own root user",
        "iam:GetAccountSummary iam:GenerateCredentialReport iam:GetCredentialReport",
        where=Where.MANAGEMENT,
    ),
    *_each(
        (Job.DRIFT, Job.REMOVE),
        "`drift --who`: who changed it",
        "cloudtrail:LookupEvents",
        unseen="`drift` asks it on request",
    ),
    *_each(
        (Job.EVIDENCE,),
        "sign-in events, and whose they are",
        "cloudtrail:LookupEvents identitystore:ListUsers organizations:DescribeOrganization",
    ),
)
PERMISSIONS: Final = (*_LOOKUPS, *_UNRECORDED, *_READS, *_WRITES, *_COMMANDS)


def needed(job: Job, *, delegated: bool = False) -> tuple[Permission, ...]:
    """Return what a job needs, in the management account or in the delegated administrator's."""
    other = Where.MANAGEMENT if delegated else Where.DELEGATED
    return tuple(one for one in PERMISSIONS if job in one.jobs and one.where is not other)


def actions(job: Job, *, delegated: bool = False) -> frozenset[str]:
    """Return the actions of a job."""
    return frozenset(one.action for one in needed(job, delegated=delegated))


def policy(job: Job, *, delegated: bool = False) -> dict[str, Any]:
    """Return the policy of a job: a statement for each kind of resource."""
    by_resources: dict[tuple[str, ...], set[str]] = {}
    for one in needed(job, delegated=delegated):
        by_resources.setdefault(one.resources, set()).add(one.action)
    # What is allowed everywhere is not said again of a part.
    everywhere = by_resources.get(("*",), set())
    statements = [
        {
            "Effect": "Allow",
            "Action": sorted(found if resources == ("*",) else found - everywhere),
            "Resource": resources[0] if len(resources) == 1 else list(resources),
        }
        for resources, found in by_resources.items()
    ]
    return {"Version": "2012-10-17", "Statement": [one for one in statements if one["Action"]]}
