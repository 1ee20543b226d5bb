"""One principal gets an IAM role that exists already, through account access manager."""

from typing import TypedDict

import pulumi
import pulumi_aws as aws

from identity_center.model.language.values import PrincipalType

from .argument_checks import ROLE, ArgumentChecks
from .props import visible_props


class RoleEntitlementArgs(TypedDict):
    """Arguments of `RoleEntitlement`."""

    application_arn: pulumi.Input[str]
    """ARN of account access manager's application, one for the instance."""
    role_arn: pulumi.Input[str]
    """ARN of the role. Its trust has to let account-access.amazonaws.com assume it, set its context and tag
    it."""
    principal_type: PrincipalType
    """Whether a user or a group gets it."""
    principal_id: pulumi.Input[str]
    """Id of the user or group in the identity store."""


class RoleEntitlement(pulumi.ComponentResource):
    """Somebody may use an IAM role, with no permission set. Any change replaces the entitlement."""

    entitlement_id: pulumi.Output[str]
    """Id of the entitlement."""

    def __init__(
        self, name: str, args: RoleEntitlementArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        checks = ArgumentChecks("RoleEntitlement", name, args, RoleEntitlementArgs)
        checks.texts(args, ROLE)
        checks.done()
        names = ("application_arn", "role_arn", "principal_type", "principal_id")
        super().__init__("identity-center:index:RoleEntitlement", name, visible_props(args, *names), opts)
        made = entitlement(name, args, pulumi.ResourceOptions(parent=self))
        self.entitlement_id = made.entitlement_id
        self.register_outputs({"entitlementId": self.entitlement_id})


def entitlement(
    name: str, args: RoleEntitlementArgs, opts: pulumi.ResourceOptions
) -> "aws.accountaccess.Entitlement":
    """Make the entitlement itself."""
    of_user = PrincipalType(args["principal_type"]) is PrincipalType.USER
    principal = {"user_id" if of_user else "group_id": args["principal_id"]}
    return aws.accountaccess.Entitlement(
        name,
        application_arn=args["application_arn"],
        entitlement={
            "principal_role": {"role_arn": args["role_arn"], "principal": {"identity_center": principal}}
        },
        opts=opts,
    )
