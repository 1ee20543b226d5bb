"""What the commands of `identity-center` ask of AWS."""

from typing import Final

from .permission import SEEN_ELSEWHERE, Job, Where, each

_LISTS: Final = (Job.DRIFT, Job.RECOVER)

OF_COMMANDS: Final = (
    *each(
        _LISTS,
        "the lists of `adopt`, `snapshot`, `drift`, `access` and `recover`",
        "sso:ListPermissionSets sso:ListAccountsForProvisionedPermissionSet sso:ListApplications "
        "sso:ListRegions sso:ListApplicationAssignments sso:GetApplicationAssignmentConfiguration "
        "identitystore:ListUsers identitystore:ListGroups identitystore:ListGroupMemberships "
        "account-access:ListApplications account-access:ListEntitlements",
    ),
    *each(
        _LISTS,
        "the same, by people and by accounts where these are fewer than groups and sets",
        "identitystore:ListGroupMembershipsForMember sso:ListPermissionSetsProvisionedToAccount",
        unseen=SEEN_ELSEWHERE,
    ),
    *each(
        (Job.UPDATE, *_LISTS),
        "`verify --expect`; `verify --portal` asks with the person's own token, to which no policy applies",
        "sso:ListAccountAssignments sso:ListAccountsForProvisionedPermissionSet "
        "sso:DescribeApplicationAssignment account-access:ListApplications account-access:GetApplication "
        "account-access:ListEntitlements",
    ),
    *each(
        (Job.UPDATE, *_LISTS),
        "`verify --expect`, where the stack has additional Regions",
        "sso:DescribeInstance",
    ),
    *each(
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
    *each(
        (Job.REMOVE,),
        "the same, by people and by accounts where these are fewer than groups and sets",
        "identitystore:ListGroupMembershipsForMember sso:ListPermissionSetsProvisionedToAccount",
        unseen=SEEN_ELSEWHERE,
    ),
    *each(
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
    *each(
        (Job.REMOVE,),
        "the last attribute for access control",
        "sso:DeleteInstanceAccessControlAttributeConfiguration",
        unseen=SEEN_ELSEWHERE,
    ),
    *each(
        (Job.RECOVER,),
        "`recover`: what became of the policy of `rootGuard`, and of what it lets the organisation do",
        "organizations:ListPolicies iam:ListOrganizationsFeatures",
        where=Where.MANAGEMENT,
    ),
    *each(
        (Job.RECOVER,),
        "`recover`: what became of policies of IAM, which the component `IamMfaPolicy` makes",
        "iam:ListPolicies",
    ),
    *each(
        (Job.AUDIT, Job.REMEDIATE),
        "which accounts there are, and what the organisation does about root",
        "organizations:DescribeOrganization organizations:ListAccounts iam:ListOrganizationsFeatures",
    ),
    *each(
        (Job.AUDIT, Job.REMEDIATE),
        "root sessions in member accounts: for the tasks IAMAuditRootUserCredentials and, to remediate, "
        "IAMDeleteRootUserCredentials",
        "sts:AssumeRoot",
    ),
    *each(
        (Job.AUDIT,),
        "the management account's own root user",
        "iam:GetAccountSummary iam:GenerateCredentialReport iam:GetCredentialReport",
        where=Where.MANAGEMENT,
    ),
    *each(
        (Job.DRIFT, Job.REMOVE),
        "`drift --who`: who changed it",
        "cloudtrail:LookupEvents",
        unseen="`drift` asks it on request",
    ),
    *each(
        (Job.EVIDENCE,),
        "sign-in events, and whose they are",
        "cloudtrail:LookupEvents identitystore:ListUsers organizations:DescribeOrganization",
    ),
)
