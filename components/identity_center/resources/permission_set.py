"""A permission set with its policies and, where they are given, its assignments."""

from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from identity_center.model.principals import PrincipalType
from identity_center.model.resource_names import assignment_name

from .argument_checks import PERMISSION_SET, ArgumentChecks
from .assignment import account_assignment
from .props import visible_props


class PrincipalAssignmentArgs(TypedDict):
    """A principal who gets the permission set, and where."""

    principal_type: PrincipalType
    """Whether a user or a group gets it."""
    principal_key: str
    """A name of the principal that stays: it names the resources."""
    principal_id: pulumi.Input[str]
    """Id of the user or group in the identity store."""
    account_ids: list[str]
    """Accounts where it holds: ids of 12 digits, known before the update since they name the resources."""


class PermissionSetArgs(TypedDict):
    """Arguments of `PermissionSet`."""

    instance_arn: pulumi.Input[str]
    """ARN of the Identity Center instance."""
    name: pulumi.Input[str]
    """Its name in the portal and in role names: 1 to 32 characters. A new one replaces the permission set."""
    description: NotRequired[pulumi.Input[str]]
    """What it is for: 1 to 700 characters of Latin-1."""
    session_duration: NotRequired[pulumi.Input[str]]
    """How long a session lasts, in ISO 8601: PT1H (the default) to PT12H."""
    managed_policy_arns: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """ARNs of all its AWS-managed policies: one attached by hand is drift, which the next update removes."""
    assignments: NotRequired[list[PrincipalAssignmentArgs]]
    """Who gets it where. They wait for the policies, and are deleted before them."""


class PermissionSet(pulumi.ComponentResource):
    """What somebody may do in the accounts where it is assigned."""

    arn: pulumi.Output[str]
    """ARN of the permission set. It waits for the policies: who uses it never assigns a half-made set."""

    def __init__(
        self, name: str, args: PermissionSetArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        _check(name, args)
        names = ("instance_arn", "name", "description", "session_duration", "managed_policy_arns")
        super().__init__("identity-center:index:PermissionSet", name, visible_props(args, *names), opts)
        child = pulumi.ResourceOptions(parent=self)
        permission_set = aws.ssoadmin.PermissionSet(
            name,
            instance_arn=args["instance_arn"],
            name=args["name"],
            description=args.get("description"),
            session_duration=args.get("session_duration", "PT1H"),
            opts=child,
        )
        # Always there, with an empty list where there are no policies: its deletion does nothing, so a last
        # policy could not leave otherwise. See docs/decisions/2026-11-23-exclusive-attachments.md.
        policies = aws.ssoadmin.ManagedPolicyAttachmentsExclusive(
            name,
            instance_arn=args["instance_arn"],
            permission_set_arn=permission_set.arn,
            managed_policy_arns=args.get("managed_policy_arns", []),
            opts=child,
        )
        _assign(name, args, permission_set.arn, pulumi.ResourceOptions(parent=self, depends_on=[policies]))
        self.arn = pulumi.Output.all(permission_set.arn, policies.id).apply(lambda known: str(known[0]))
        self.register_outputs({"arn": self.arn})


def _check(name: str, args: PermissionSetArgs) -> None:
    checks = ArgumentChecks("PermissionSet", name)
    checks.texts(args, PERMISSION_SET)
    for index, assignment in enumerate(args.get("assignments", [])):
        checks.key(assignment["principal_key"], f"assignments[{index}].principalKey")
        checks.account_ids(assignment["account_ids"], f"assignments[{index}].accountIds")
    checks.done()


def _assign(
    name: str, args: PermissionSetArgs, permission_set_arn: pulumi.Output[str], opts: pulumi.ResourceOptions
) -> None:
    for assignment in args.get("assignments", []):
        principal_type = PrincipalType(assignment["principal_type"])
        for account_id in assignment["account_ids"]:
            account_assignment(
                assignment_name(name, principal_type, assignment["principal_key"], account_id),
                {
                    "instance_arn": args["instance_arn"],
                    "permission_set_arn": permission_set_arn,
                    "principal_type": principal_type,
                    "principal_id": assignment["principal_id"],
                    "account_ids": [account_id],
                },
                account_id,
                opts,
            )
