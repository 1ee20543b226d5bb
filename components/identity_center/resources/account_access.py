"""Account access manager of an instance: its application, and all role entitlements of a model."""

from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from identity_center.model.language.values import PrincipalType, entitlement_name

from .argument_checks import ROLE, ArgumentChecks
from .by_key import by_key
from .former_names import formerly
from .props import visible_props
from .role_entitlement import entitlement


class ModelEntitlementArgs(TypedDict):
    """A principal of the model who gets a role."""

    role_arn: str
    """ARN of the role, known before the update since it names the resource."""
    principal_type: PrincipalType
    """Whether a user or a group gets it."""
    principal: str
    """Key of the user or group in the model."""
    break_glass: NotRequired[bool]
    """Whether the engine refuses to delete the entitlement."""


class PrincipalEntitlementArgs(TypedDict):
    """A principal who gets a role."""

    role_arn: str
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


class AccountAccess(pulumi.ComponentResource):
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
            checks.texts(item, ROLE, f"entitlements[{index}].")
            checks.key(item["principal_key"], f"entitlements[{index}].principalKey")
        checks.done()
        super().__init__(
            "identity-center:index:AccountAccess", name, visible_props(args, "instance_arn"), opts
        )
        items = args.get("entitlements", [])
        application = aws.accountaccess.Application(
            name,
            identity_source={"identity_center": {"instance_arn": args["instance_arn"]}},
            tags=args.get("tags"),
            opts=pulumi.ResourceOptions(
                parent=self, protect=any(item.get("break_glass") for item in items) or None
            ),
        )
        made = {_name(item): self._make(item, application.arn) for item in items}
        self.application_arn = application.arn
        self.entitlement_ids = by_key({key: entry.entitlement_id for key, entry in made.items()})
        self.register_outputs(
            {"applicationArn": self.application_arn, "entitlementIds": self.entitlement_ids}
        )

    def _make(
        self, item: PrincipalEntitlementArgs, application_arn: pulumi.Output[str]
    ) -> "aws.accountaccess.Entitlement":
        former = item.get("former_principal_key")
        before = (
            None if former is None else entitlement_name(item["role_arn"], item["principal_type"], former)
        )
        return entitlement(
            _name(item),
            {
                "application_arn": application_arn,
                "role_arn": item["role_arn"],
                "principal_type": item["principal_type"],
                "principal_id": item["principal_id"],
            },
            pulumi.ResourceOptions(
                parent=self, aliases=list(formerly(before)), protect=item.get("break_glass") or None
            ),
        )


def _name(item: PrincipalEntitlementArgs) -> str:
    return entitlement_name(item["role_arn"], PrincipalType(item["principal_type"]), item["principal_key"])
