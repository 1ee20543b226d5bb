"""MFA for the IAM users that remain: a managed policy that denies everything without it."""

import re
from typing import NotRequired, TypedDict

import pulumi

from identity_center.model.plan.settings import plan_iam_mfa_policy
from identity_center.resources.arguments.checks import ArgumentChecks

from .making import PlannedComponent

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


class IamMfaPolicy(PlannedComponent):
    """Denies IAM users everything without MFA, but to set it up. In a permission set it would lock out."""

    arn: pulumi.Output[str]
    """ARN of the policy, to attach it elsewhere."""

    def __init__(self, name: str, args: IamMfaPolicyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        _check(name, args)
        super().__init__(plan_iam_mfa_policy(name, args), opts)


def _check(name: str, args: IamMfaPolicyArgs) -> None:
    checks = ArgumentChecks("IamMfaPolicy", name, args, IamMfaPolicyArgs)
    named = [("name", args.get("name", "RequireMfa"))]
    named += [(f"groups[{index}]", group) for index, group in enumerate(args.get("groups") or [])]
    named += [(f"users[{index}]", user) for index, user in enumerate(args.get("users") or [])]
    for place, text in named:
        if _NAME.fullmatch(text) is None:
            checks.add(place, "is no name that IAM takes; write up to 128 letters, digits and +=,.@_-")
    checks.done()
