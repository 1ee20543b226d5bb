"""One principal gets an IAM role that exists already, through account access manager."""

from typing import TypedDict

import pulumi

from identity_center.model.language.keys.values import PrincipalType, RoleArn
from identity_center.model.plan.applications import plan_role_entitlement
from identity_center.resources.arguments.checks import ArgumentChecks, rules_of

from .making import PlannedComponent


class RoleEntitlementArgs(TypedDict):
    """Arguments of `RoleEntitlement`."""

    application_arn: pulumi.Input[str]
    """ARN of account access manager's application, one for the instance."""
    role_arn: pulumi.Input[RoleArn]
    """ARN of the role. Its trust has to let account-access.amazonaws.com assume it, set its context and tag
    it."""
    principal_type: PrincipalType
    """Whether a user or a group gets it."""
    principal_id: pulumi.Input[str]
    """Id of the user or group in the identity store."""


class RoleEntitlement(PlannedComponent):
    """Somebody may use an IAM role, with no permission set. Any change replaces the entitlement."""

    entitlement_id: pulumi.Output[str]
    """Id of the entitlement."""

    def __init__(
        self, name: str, args: RoleEntitlementArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        checks = ArgumentChecks("RoleEntitlement", name, args, RoleEntitlementArgs)
        checks.texts(args, rules_of(RoleEntitlementArgs))
        checks.done()
        super().__init__(plan_role_entitlement(name, args), opts)
