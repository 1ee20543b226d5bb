"""A permission set assigned to one principal, in any number of accounts."""

from typing import TypedDict

import pulumi
import pulumi_aws as aws

from identity_center.model.language.values import PrincipalType

from .argument_checks import ArgumentChecks
from .props import visible_props


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


class Assignment(pulumi.ComponentResource):
    """One principal may use one permission set in some accounts."""

    account_ids: pulumi.Output[list[str]]
    """The accounts where the permission set is assigned."""

    def __init__(self, name: str, args: AssignmentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        checks = ArgumentChecks("Assignment", name, args, AssignmentArgs)
        checks.account_ids(args["account_ids"], "accountIds")
        checks.done()
        names = ("instance_arn", "permission_set_arn", "principal_type", "principal_id", "account_ids")
        super().__init__("identity-center:index:Assignment", name, visible_props(args, *names), opts)
        made = [
            account_assignment(f"{name}/{account_id}", args, account_id, pulumi.ResourceOptions(parent=self))
            for account_id in sorted(args["account_ids"])
        ]
        self.account_ids = pulumi.Output.from_input([assignment.target_id for assignment in made])
        self.register_outputs({"accountIds": self.account_ids})


def account_assignment(
    name: str, args: AssignmentArgs, account_id: str, opts: pulumi.ResourceOptions
) -> aws.ssoadmin.AccountAssignment:
    """Make the assignment in one account."""
    return aws.ssoadmin.AccountAssignment(
        name,
        instance_arn=args["instance_arn"],
        permission_set_arn=args["permission_set_arn"],
        principal_type=PrincipalType(args["principal_type"]).value,
        principal_id=args["principal_id"],
        target_type="AWS_ACCOUNT",
        target_id=account_id,
        opts=opts,
    )
