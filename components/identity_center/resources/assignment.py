"""A permission set assigned to one principal, in any number of accounts."""

from typing import NotRequired, TypedDict

import pulumi

from identity_center.model.language.keys.values import PrincipalType
from identity_center.model.plan.permission_sets import plan_assignment
from identity_center.resources.arguments.checks import ArgumentChecks
from identity_center.resources.arguments.timeouts import AssignmentTimeoutsArgs, check_timeouts

from .making import PlannedComponent


class AssignmentArgs(TypedDict):
    """Arguments of `Assignment`."""

    instance_arn: pulumi.Input[str]
    """ARN of the Identity Center instance."""
    permission_set_arn: pulumi.Input[str]
    """ARN of the permission set. That of a `PermissionSet` component waits for its policies."""
    principal_type: PrincipalType
    """Whether a user or a group gets it."""
    principal_id: pulumi.Input[str]
    """Id of the user or group in the identity store."""
    account_ids: list[str]
    """Accounts where it holds: ids of 12 digits, known before the update since they name the resources."""
    timeouts: NotRequired[AssignmentTimeoutsArgs]
    """How long the provider waits."""


class Assignment(PlannedComponent):
    """One principal may use one permission set in some accounts."""

    account_ids: pulumi.Output[list[str]]
    """The accounts where the permission set is assigned."""

    def __init__(self, name: str, args: AssignmentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        checks = ArgumentChecks("Assignment", name, args, AssignmentArgs)
        checks.account_ids(args["account_ids"], "accountIds")
        check_timeouts(checks, args.get("timeouts"))
        checks.done()
        super().__init__(plan_assignment(name, args), opts)
