"""How IAM refuses where moto does not."""

from sandbox.aws.refusals.refusal import Refusal

_CONFLICT = "DeleteConflict"
_IAM = "iam"
_DELETE_USER = "IAM API reference, DeleteUser: what must go before the user"
_QUOTAS = "IAM user guide, IAM and AWS STS quotas"

ROWS: dict[str, Refusal] = {
    "boundary-policy-not-found": Refusal(
        _IAM,
        ("CreateUser", "PutRolePermissionsBoundary", "PutUserPermissionsBoundary"),
        "the account has no policy of this ARN, and neither has AWS (CreateRole refuses so too)",
        "NoSuchEntity",
        "Scope ARN: {arn} does not exist or is not attachable.",
        "IAM API reference, PutRolePermissionsBoundary",
    ),
    "name-taken": Refusal(
        _IAM,
        ("CreateRole", "CreateUser", "CreateGroup", "UpdateUser", "UpdateGroup"),
        "another one has this name; names differ by more than case",
        "EntityAlreadyExists",
        "{kind} with name {name} already exists.",
        "IAM API reference, CreateUser: UserName",
    ),
    "user-has-keys": Refusal(
        _IAM,
        ("DeleteUser",),
        "the user has access keys",
        _CONFLICT,
        "Cannot delete entity, must delete access keys first.",
        _DELETE_USER,
    ),
    "user-has-password": Refusal(
        _IAM,
        ("DeleteUser",),
        "the user has a login profile",
        _CONFLICT,
        "Cannot delete entity, must delete login profile first.",
        _DELETE_USER,
    ),
    "user-has-devices": Refusal(
        _IAM,
        ("DeleteUser",),
        "the user has MFA devices",
        _CONFLICT,
        "Cannot delete entity, must delete MFA device first.",
        _DELETE_USER,
    ),
    "user-in-groups": Refusal(
        _IAM,
        ("DeleteUser",),
        "the user is in a group",
        _CONFLICT,
        "Cannot delete entity, must remove users from group first.",
        _DELETE_USER,
    ),
    "group-has-users": Refusal(
        _IAM,
        ("DeleteGroup",),
        "the group has users",
        _CONFLICT,
        "Cannot delete entity, must remove users from group first.",
        "IAM API reference, DeleteGroup",
    ),
    "group-has-policies": Refusal(
        _IAM,
        ("DeleteGroup",),
        "the group has policies, attached or its own",
        _CONFLICT,
        "Cannot delete entity, must {verb} policies first.",
        "IAM API reference, DeleteGroup",
    ),
    "policy-attached": Refusal(
        _IAM,
        ("DeletePolicy",),
        "the policy is attached to somebody",
        _CONFLICT,
        "Cannot delete a policy attached to entities.",
        "IAM API reference, DeletePolicy",
    ),
    "policy-has-versions": Refusal(
        _IAM,
        ("DeletePolicy",),
        "the policy has versions beside the default one",
        _CONFLICT,
        "This policy has more than one version. Before you delete a policy, you must delete the policy's "
        "versions. The default version is deleted with the policy.",
        "IAM API reference, DeletePolicy",
    ),
    "policies-of-entity-quota": Refusal(
        _IAM,
        ("AttachRolePolicy", "AttachUserPolicy", "AttachGroupPolicy"),
        "ten managed policies are attached already",
        "LimitExceeded",
        "Cannot exceed quota for PoliciesPer{kind}: {limit}",
        _QUOTAS,
    ),
    "aws-managed-policy": Refusal(
        _IAM,
        (
            "CreatePolicyVersion",
            "DeletePolicy",
            "DeletePolicyVersion",
            "SetDefaultPolicyVersion",
            "TagPolicy",
        ),
        "the policy is one of AWS's",
        "AccessDenied",
        "Policy {arn} is managed by AWS and cannot be changed.",
        "IAM user guide, AWS managed policies",
    ),
}
