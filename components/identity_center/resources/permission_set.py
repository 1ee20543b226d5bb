"""A permission set with its policies and, where they are given, its assignments."""

from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from identity_center.model.language.values import PrincipalType, assignment_name

from .argument_checks import PERMISSION_SET, ArgumentChecks
from .assignment import account_assignment
from .former_names import formerly
from .policy_attachments import (
    CustomerManagedPolicyArgs,
    PermissionsBoundaryArgs,
    attach_policies,
    check_policies,
)
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
    break_glass_account_ids: NotRequired[list[str]]
    """Those of the accounts where the engine refuses to delete the assignment."""
    former_principal_key: NotRequired[str]
    """The name that the principal had before, so that the engine keeps the assignments."""


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
    relay_state: NotRequired[pulumi.Input[str]]
    """Page that the console opens with: 1 to 240 characters."""
    customer_managed_policies: NotRequired[list[CustomerManagedPolicyArgs]]
    """Policies of the accounts, known before the update since they name the resources. One attached by hand
    is not seen."""
    inline_policy: NotRequired[pulumi.Input[str]]
    """A policy document as JSON: at most 32,768 bytes and 10,240 characters that are no white space."""
    permissions_boundary: NotRequired[PermissionsBoundaryArgs]
    """A policy that limits what all others can grant."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags of the permission set, at most 75."""
    assignments: NotRequired[list[PrincipalAssignmentArgs]]
    """Who gets it where. They wait for the policies, and are deleted before them."""


class PermissionSet(pulumi.ComponentResource):
    """What somebody may do in the accounts where it is assigned."""

    arn: pulumi.Output[str]
    """ARN of the permission set. It waits for the policies: who uses it never assigns a half-made set."""

    def __init__(
        self, name: str, args: PermissionSetArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        self._check(name, args)
        super().__init__("identity-center:index:PermissionSet", name, visible_props(args, *_VISIBLE), opts)
        protect = any(item.get("break_glass_account_ids") for item in args.get("assignments", [])) or None
        permission_set = aws.ssoadmin.PermissionSet(
            name,
            instance_arn=args["instance_arn"],
            name=args["name"],
            description=args.get("description"),
            session_duration=args.get("session_duration", "PT1H"),
            relay_state=args.get("relay_state"),
            tags=args.get("tags"),
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )
        last = attach_policies(self, name, args, permission_set.arn)
        self._assign(name, args, permission_set.arn, last)
        self.arn = pulumi.Output.all(permission_set.arn, last.id).apply(lambda known: str(known[0]))
        self.register_outputs({"arn": self.arn})

    def _assign(
        self,
        name: str,
        args: PermissionSetArgs,
        permission_set_arn: pulumi.Output[str],
        last_policy: pulumi.Resource,
    ) -> None:
        for assignment in args.get("assignments", []):
            principal_type = PrincipalType(assignment["principal_type"])
            key, former = assignment["principal_key"], assignment.get("former_principal_key")
            for account_id in assignment["account_ids"]:
                before = None if former is None else assignment_name(name, principal_type, former, account_id)
                protect = account_id in assignment.get("break_glass_account_ids", []) or None
                account_assignment(
                    assignment_name(name, principal_type, key, account_id),
                    {
                        "instance_arn": args["instance_arn"],
                        "permission_set_arn": permission_set_arn,
                        "principal_type": principal_type,
                        "principal_id": assignment["principal_id"],
                        "account_ids": [account_id],
                    },
                    account_id,
                    pulumi.ResourceOptions(
                        parent=self, depends_on=[last_policy], aliases=[*formerly(before)], protect=protect
                    ),
                )

    def _check(self, name: str, args: PermissionSetArgs) -> None:
        checks = ArgumentChecks("PermissionSet", name, args, PermissionSetArgs)
        checks.texts(args, PERMISSION_SET)
        for index, assignment in enumerate(args.get("assignments", [])):
            checks.key(assignment["principal_key"], f"assignments[{index}].principalKey")
            checks.account_ids(assignment["account_ids"], f"assignments[{index}].accountIds")
        check_policies(checks, args)
        checks.done()


#: What policies see of a permission set beside its children.
_VISIBLE = (
    "instance_arn",
    "name",
    "description",
    "session_duration",
    "relay_state",
    "managed_policy_arns",
    "tags",
)
