"""A permission set with its policies and, where they are given, its assignments."""

from typing import NotRequired, TypedDict

import pulumi

from identity_center.model.language.keys.values import PrincipalType
from identity_center.model.plan.permission_sets import assigned_of_args, plan_permission_set
from identity_center.resources.arguments.checks import ArgumentChecks, rules_of
from identity_center.resources.arguments.entry_args import PermissionSetKeysArgs
from identity_center.resources.arguments.timeouts import PermissionSetTimeoutsArgs, check_timeouts

from .making import PlannedComponent
from .policy_attachments import CustomerManagedPolicyArgs, PermissionsBoundaryArgs, check_policies


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


class PermissionSetAttributesArgs(PermissionSetKeysArgs):
    """What a permission set is, wherever it is made."""

    managed_policy_arns: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """ARNs of all its AWS-managed policies: one attached by hand is drift, which the next update removes."""
    customer_managed_policies: NotRequired[list[CustomerManagedPolicyArgs]]
    """Policies of the accounts, known before the update since they name the resources. They have to be in
    each account where the set is assigned; one attached by hand is not seen."""
    inline_policy: NotRequired[pulumi.Input[str]]
    """A policy document as JSON: at most 32,768 bytes and 10,240 characters that are no white space."""
    permissions_boundary: NotRequired[PermissionsBoundaryArgs]
    """A policy that limits all others of the set."""


class PermissionSetArgs(PermissionSetAttributesArgs):
    """Arguments of `PermissionSet`."""

    instance_arn: pulumi.Input[str]
    """ARN of the Identity Center instance."""
    assignments: NotRequired[list[PrincipalAssignmentArgs]]
    """Who gets it where. They wait for the policies, and are deleted before them."""
    timeouts: NotRequired[PermissionSetTimeoutsArgs]
    """How long the provider waits."""


class PermissionSet(PlannedComponent):
    """What somebody may do in the accounts where it is assigned."""

    arn: pulumi.Output[str]
    """ARN of the permission set. It waits for the policies: who uses it never assigns a half-made set."""

    def __init__(
        self, name: str, args: PermissionSetArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        checks = ArgumentChecks("PermissionSet", name, args, PermissionSetArgs)
        checks.texts(args, rules_of(PermissionSetAttributesArgs))
        for index, assignment in enumerate(args.get("assignments", [])):
            checks.key(assignment["principal_key"], f"assignments[{index}].principalKey")
            checks.account_ids(assignment["account_ids"], f"assignments[{index}].accountIds")
        check_policies(checks, args)
        check_timeouts(checks, args.get("timeouts"))
        checks.done()
        super().__init__(plan_permission_set(name, args, assigned_of_args(args)), opts)
