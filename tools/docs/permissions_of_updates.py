"""What previews and updates ask of AWS: the program before anything is made, then the provider."""

from typing import Final

from .permission import SEEN_ELSEWHERE, Job, Where, each

_READ: Final = (Job.PREVIEW, Job.UPDATE, Job.RECOVER)
_STATE: Final = (*_READ, Job.DRIFT)
_CHANGE: Final = (Job.UPDATE,)
_ROLES: Final = (Job.UPDATE, Job.REMOVE)
_NOT_IN_THE_SANDBOX: Final = "the sandbox's AWS does not ask it of its callers"

#: What is asked before anything is made.
_LOOKUPS: Final = (
    *each((*_STATE, Job.EVIDENCE), "which instance there is", "sso:ListInstances"),
    *each(
        _STATE,
        "the accounts of the organisation, and where targets need them units and tags",
        "organizations:DescribeOrganization organizations:ListAccounts organizations:ListRoots "
        "organizations:ListOrganizationalUnitsForParent organizations:ListAccountsForParent "
        "organizations:ListTagsForResource",
    ),
    *each(
        (Job.DRIFT,),
        "service and resource control policies, for `organisation snapshot --with-policies` and "
        "`explain --live`",
        "organizations:ListPolicies organizations:DescribePolicy organizations:ListTargetsForPolicy",
    ),
    *each(
        _READ,
        "the provider's data source getOrganization, beside the four above",
        "organizations:ListAWSServiceAccessForOrganization",
    ),
    *each(
        _READ,
        "customer-managed policies of the own account; both belong to the data source getPolicy",
        "iam:GetPolicy iam:GetPolicyVersion",
    ),
    *each(_READ, "entitled roles of the own account", "iam:GetRole", unseen=SEEN_ELSEWHERE),
    *each(
        _READ,
        "policies and roles of member accounts, through the role of `policyLookups` "
        "(a session that may `iam:GetPolicy` and `iam:GetRole` alone)",
        "sts:AssumeRole",
        resources=("arn:aws:iam::*:role/OrganizationAccountAccessRole",),
    ),
    *each(
        _READ,
        "people and groups from elsewhere, and whether a new name is taken",
        "identitystore:ListUsers identitystore:ListGroups",
    ),
    *each(
        _READ,
        "permission sets of the management account, which a delegated administrator cannot change",
        "sso:ListPermissionSetsProvisionedToAccount",
        where=Where.DELEGATED,
    ),
    *each(
        _READ,
        "`rootGuard`: policies of its targets",
        "organizations:ListPoliciesForTarget",
        where=Where.MANAGEMENT,
    ),
)
#: What the program asks where the state does not have something that the model says.
_UNRECORDED: Final = (
    *each(
        _READ,
        "whether the name of a new permission set is taken, and permission sets of somebody else's",
        "sso:ListPermissionSets sso:DescribePermissionSet",
    ),
    *each(_READ, "whether the name of a new application is taken", "sso:ListApplications"),
    *each(
        _READ,
        "whether there are attributes for access control already",
        "sso:DescribeInstanceAccessControlAttributeConfiguration",
    ),
    *each(
        _READ,
        "whether the instance can have a new additional Region, or lose one: its Regions, its encryption",
        "sso:DescribeInstance",
    ),
    *each(
        _READ,
        "whether the instance's KMS key is in a new additional Region; where the key is another account's, "
        "its policy has to allow it too",
        "kms:DescribeKey",
    ),
    *each(
        _READ,
        "whether the KMS key has the same policy in a new additional Region; KMS answers the key's own "
        "account alone",
        "kms:GetKeyPolicy",
    ),
    *each(
        _READ,
        "whether the instance has an account access manager already",
        "account-access:ListApplications account-access:GetApplication account-access:ListEntitlements",
    ),
    *each(
        _READ,
        "`rootGuard`: whether the name of its new policy is taken",
        "organizations:ListPolicies",
        where=Where.MANAGEMENT,
    ),
    *each(_READ, "whether new members of a group are there already", "identitystore:ListGroupMemberships"),
    *each(
        _READ,
        "whether new assignments are there already, by account or by principal: the fewer",
        "sso:ListAccountAssignments sso:ListAccountAssignmentsForPrincipal",
    ),
    *each(
        _READ,
        "whether a permission set has a new customer-managed policy already",
        "sso:ListCustomerManagedPolicyReferencesInPermissionSet",
    ),
    *each(
        _READ,
        "whether new assignments of an application are there already",
        "sso:ListApplicationAssignments",
    ),
    *each(
        _READ,
        "whether new role entitlements are there already",
        "account-access:ListEntitlements",
    ),
)
#: What the provider reads of each resource: after making it, with --refresh, and to import it.
_READS: Final = (
    *each(
        _STATE,
        "permission sets",
        "sso:DescribePermissionSet sso:ListTagsForResource sso:ListManagedPoliciesInPermissionSet "
        "sso:ListCustomerManagedPolicyReferencesInPermissionSet sso:GetInlinePolicyForPermissionSet "
        "sso:GetPermissionsBoundaryForPermissionSet",
    ),
    *each(_STATE, "assignments", "sso:ListAccountAssignments"),
    *each(
        _STATE,
        "people, groups and members",
        "identitystore:DescribeUser identitystore:DescribeGroup identitystore:DescribeGroupMembership",
    ),
    *each(_STATE, "applications", "sso:DescribeApplication sso:DescribeApplicationAssignment"),
    *each(
        _STATE,
        "attributes for access control",
        "sso:DescribeInstanceAccessControlAttributeConfiguration",
    ),
    *each(_STATE, "additional Regions", "sso:DescribeRegion"),
    *each(_STATE, "account access manager", "account-access:GetApplication account-access:GetEntitlement"),
    *each(
        _STATE,
        "`rootGuard`",
        "organizations:DescribePolicy organizations:ListTargetsForPolicy iam:ListOrganizationsFeatures",
        where=Where.MANAGEMENT,
    ),
)
_WRITES: Final = (
    *each(
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
    *each(
        _CHANGE,
        "`identity-center provision`, beside these",
        "sso:ListPermissionSets sso:ListPermissionSetsProvisionedToAccount",
    ),
    *each(
        _CHANGE,
        "whether accounts keep an older form of a permission set that changed; `provision` as well",
        "sso:ListAccountsForProvisionedPermissionSet",
    ),
    *each(
        _CHANGE,
        "assignments",
        "sso:CreateAccountAssignment sso:DeleteAccountAssignment "
        "sso:DescribeAccountAssignmentCreationStatus sso:DescribeAccountAssignmentDeletionStatus",
    ),
    *each(
        _CHANGE,
        "people, groups and members",
        "identitystore:CreateUser identitystore:UpdateUser identitystore:DeleteUser "
        "identitystore:CreateGroup identitystore:UpdateGroup identitystore:DeleteGroup "
        "identitystore:CreateGroupMembership identitystore:DeleteGroupMembership",
    ),
    *each(
        _CHANGE,
        "applications",
        "sso:CreateApplication sso:UpdateApplication sso:DeleteApplication "
        "sso:CreateApplicationAssignment sso:DeleteApplicationAssignment",
    ),
    *each(
        _CHANGE,
        "attributes for access control",
        "sso:CreateInstanceAccessControlAttributeConfiguration "
        "sso:UpdateInstanceAccessControlAttributeConfiguration "
        "sso:DeleteInstanceAccessControlAttributeConfiguration",
    ),
    *each(_CHANGE, "additional Regions", "sso:AddRegion sso:RemoveRegion"),
    *each(
        _CHANGE,
        "account access manager",
        "account-access:CreateApplication account-access:DeleteApplication account-access:TagResource "
        "account-access:CreateEntitlement account-access:DeleteEntitlement",
    ),
    *each(
        _CHANGE,
        "account access manager: a tag that is taken away",
        "account-access:UntagResource",
        unseen="the example of the tests replaces its one tag",
    ),
    *each(
        _CHANGE,
        "`rootGuard`",
        "organizations:CreatePolicy organizations:UpdatePolicy organizations:DeletePolicy "
        "organizations:AttachPolicy organizations:DetachPolicy "
        "iam:EnableOrganizationsRootCredentialsManagement iam:EnableOrganizationsRootSessions",
        where=Where.MANAGEMENT,
    ),
    *each(
        _CHANGE,
        "`rootGuard`, where `aws:defaultTags` gives its policy tags",
        "organizations:TagResource",
        where=Where.MANAGEMENT,
    ),
    *each(
        _CHANGE,
        "the same: a tag that is taken away",
        "organizations:UntagResource",
        where=Where.MANAGEMENT,
        unseen="the example of the tests replaces its one tag",
    ),
    *each(
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
    *each(
        _ROLES,
        "the same: the identity provider that these roles trust",
        "iam:GetSAMLProvider",
        where=Where.MANAGEMENT,
        resources=("arn:aws:iam::*:saml-provider/AWSSSO_*_DO_NOT_DELETE",),
        unseen=_NOT_IN_THE_SANDBOX,
    ),
)

#: Of the program and of the provider, in the order in which they ask.
OF_UPDATES: Final = (*_LOOKUPS, *_UNRECORDED, *_READS, *_WRITES)
