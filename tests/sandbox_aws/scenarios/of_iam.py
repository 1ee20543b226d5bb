"""IAM: users, groups, roles, policies."""

from sandbox.aws.accounts.surroundings import ANY_POLICY, POWER, TRUST, Surroundings
from sandbox.aws.iam import POLICIES_OF_AN_ENTITY

from .register import refuses


@refuses("boundary-policy-not-found")
def _(around: Surroundings) -> object:
    arn = "arn:aws:iam::123456789012:policy/nowhere"
    return around.iam.create_user(UserName=around.word, PermissionsBoundary=arn)


@refuses("name-taken")
def _(around: Surroundings) -> object:
    around.iam.create_role(RoleName=around.word, AssumeRolePolicyDocument=TRUST)
    return around.iam.create_role(RoleName=around.word.upper(), AssumeRolePolicyDocument=TRUST)


def _iam_user(around: Surroundings) -> dict[str, str]:
    around.iam.create_user(UserName=around.word)
    return {"UserName": around.word}


@refuses("user-has-keys")
def _(around: Surroundings) -> object:
    who = _iam_user(around)
    around.iam.create_access_key(**who)
    return around.iam.delete_user(**who)


@refuses("user-has-password")
def _(around: Surroundings) -> object:
    who = _iam_user(around)
    around.iam.create_login_profile(**who, Password="correct horse")
    return around.iam.delete_user(**who)


@refuses("user-has-devices")
def _(around: Surroundings) -> object:
    who = _iam_user(around)
    device = around.iam.create_virtual_mfa_device(VirtualMFADeviceName=around.word)["VirtualMFADevice"]
    around.iam.enable_mfa_device(
        **who,
        SerialNumber=device["SerialNumber"],
        AuthenticationCode1="123456",
        AuthenticationCode2="654321",
    )
    return around.iam.delete_user(**who)


def _iam_group(around: Surroundings) -> dict[str, str]:
    around.iam.create_group(GroupName=around.word)
    return {"GroupName": around.word}


@refuses("user-in-groups")
def _(around: Surroundings) -> object:
    who, group = _iam_user(around), _iam_group(around)
    around.iam.add_user_to_group(**who, **group)
    return around.iam.delete_user(**who)


@refuses("group-has-users")
def _(around: Surroundings) -> object:
    who, group = _iam_user(around), _iam_group(around)
    around.iam.add_user_to_group(**who, **group)
    return around.iam.delete_group(**group)


@refuses("group-has-policies")
def _(around: Surroundings) -> object:
    group = _iam_group(around)
    around.iam.put_group_policy(**group, PolicyName="p", PolicyDocument=ANY_POLICY)
    return around.iam.delete_group(**group)


def _policy(around: Surroundings, suffix: str = "") -> str:
    made = around.iam.create_policy(PolicyName=f"{around.word}{suffix}", PolicyDocument=ANY_POLICY)
    return str(made["Policy"]["Arn"])


@refuses("policy-attached")
def _(around: Surroundings) -> object:
    group, arn = _iam_group(around), _policy(around)
    around.iam.attach_group_policy(**group, PolicyArn=arn)
    return around.iam.delete_policy(PolicyArn=arn)


@refuses("policy-has-versions")
def _(around: Surroundings) -> object:
    arn = _policy(around)
    around.iam.create_policy_version(PolicyArn=arn, PolicyDocument=ANY_POLICY)
    return around.iam.delete_policy(PolicyArn=arn)


@refuses("policies-of-entity-quota")
def _(around: Surroundings) -> object:
    group = _iam_group(around)
    for number in range(POLICIES_OF_AN_ENTITY):
        around.iam.attach_group_policy(**group, PolicyArn=_policy(around, f"-{number}"))
    return around.iam.attach_group_policy(**group, PolicyArn=_policy(around, "-more"))


@refuses("aws-managed-policy")
def _(around: Surroundings) -> object:
    return around.iam.create_policy_version(PolicyArn=POWER, PolicyDocument=ANY_POLICY)
