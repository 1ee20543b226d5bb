"""MFA for the IAM users that remain: a managed policy that denies everything without it."""

import json
import re
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from identity_center.model.aws.iam_mfa_policy import deny_without_mfa

from .argument_checks import ArgumentChecks
from .props import visible_props

#: Source: botocore, iam, shapes policyNameType, groupNameType and existingUserNameType.
_NAME = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)


class IamMfaPolicyArgs(TypedDict):
    """Arguments of `IamMfaPolicy`."""

    name: NotRequired[str]
    """Name of the policy in IAM: RequireMfa unless said otherwise."""
    groups: NotRequired[list[str]]
    """Names of IAM groups to attach it to, known before the update since they name the resources."""
    users: NotRequired[list[str]]
    """Names of IAM users to attach it to, known before the update since they name the resources."""


class IamMfaPolicy(pulumi.ComponentResource):
    """Denies IAM users everything without MFA, but to set it up. In a permission set it would lock out."""

    arn: pulumi.Output[str]
    """ARN of the policy, to attach it elsewhere."""

    def __init__(self, name: str, args: IamMfaPolicyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        _check(name, args)
        super().__init__(
            "identity-center:index:IamMfaPolicy", name, visible_props(args, "name", "groups", "users"), opts
        )
        child = pulumi.ResourceOptions(parent=self)
        policy = aws.iam.Policy(
            name,
            name=args.get("name", "RequireMfa"),
            description="Denies everything without MFA, but to set MFA up",
            policy=json.dumps(deny_without_mfa()),
            opts=child,
        )
        for group in args.get("groups") or []:
            aws.iam.GroupPolicyAttachment(
                f"{name}/group/{group}", group=group, policy_arn=policy.arn, opts=child
            )
        for user in args.get("users") or []:
            aws.iam.UserPolicyAttachment(f"{name}/user/{user}", user=user, policy_arn=policy.arn, opts=child)
        self.arn = policy.arn
        self.register_outputs({"arn": self.arn})


def _check(name: str, args: IamMfaPolicyArgs) -> None:
    checks = ArgumentChecks("IamMfaPolicy", name, args, IamMfaPolicyArgs)
    named = [("name", args.get("name", "RequireMfa"))]
    named += [(f"groups[{index}]", group) for index, group in enumerate(args.get("groups") or [])]
    named += [(f"users[{index}]", user) for index, user in enumerate(args.get("users") or [])]
    for place, text in named:
        if _NAME.fullmatch(text) is None:
            checks.add(place, "is no name that IAM takes; write up to 128 letters, digits and +=,.@_-")
    checks.done()
