"""Account access manager of an instance: its application, and all role entitlements of a model."""

from typing import NotRequired, TypedDict

import pulumi

from identity_center.model.language.keys.values import PrincipalType, RoleArn
from identity_center.model.plan.applications import entitled_of_args, plan_account_access
from identity_center.resources.arguments.checks import ArgumentChecks, rules_of
from identity_center.resources.arguments.timeouts import AccountAccessTimeoutsArgs, check_timeouts

from .making import PlannedComponent


class ModelEntitlementArgs(TypedDict):
    """A principal of the model who gets a role."""

    role_arn: RoleArn
    """ARN of the role, known before the update since it names the resource."""
    principal_type: PrincipalType
    """Whether a user or a group gets it."""
    principal: str
    """Key of the user or group in the model."""
    break_glass: NotRequired[bool]
    """Whether the engine refuses to delete the entitlement."""


class PrincipalEntitlementArgs(TypedDict):
    """A principal who gets a role."""

    role_arn: RoleArn
    """ARN of the role, known before the update since it names the resource."""
    principal_type: PrincipalType
    """Whether a user or a group gets it."""
    principal_key: str
    """A name of the principal that stays: it names the resource."""
    principal_id: pulumi.Input[str]
    """Id of the user or group in the identity store."""
    break_glass: NotRequired[bool]
    """Whether the engine refuses to delete the entitlement."""
    former_principal_key: NotRequired[str]
    """The name that the principal had before, so that the engine keeps the entitlement."""


class AccountAccessArgs(TypedDict):
    """Arguments of `AccountAccess`."""

    instance_arn: pulumi.Input[str]
    """ARN of the Identity Center instance, which has one application of account access manager."""
    tags: NotRequired[dict[str, pulumi.Input[str]]]
    """Tags of the application, at most 75."""
    entitlements: NotRequired[list[PrincipalEntitlementArgs]]
    """Who gets which role."""
    timeouts: NotRequired[AccountAccessTimeoutsArgs]
    """How long the provider waits."""


class AccountAccess(PlannedComponent):
    """Roles that people get without a permission set, as direct children: no component around each."""

    application_arn: pulumi.Output[str]
    """ARN of account access manager's application."""
    entitlement_ids: pulumi.Output[dict[str, str]]
    """Ids of the entitlements, by account, role, kind and key of the principal."""

    def __init__(
        self, name: str, args: AccountAccessArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        checks = ArgumentChecks("AccountAccess", name, args, AccountAccessArgs)
        for index, item in enumerate(args.get("entitlements", [])):
            checks.texts(item, rules_of(PrincipalEntitlementArgs), f"entitlements[{index}].")
            checks.key(item["principal_key"], f"entitlements[{index}].principalKey")
        check_timeouts(checks, args.get("timeouts"))
        checks.done()
        super().__init__(plan_account_access(name, args, entitled_of_args(args)), opts)
