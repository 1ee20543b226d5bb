"""An application of the access portal, with those who may use it."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi

from identity_center.model.language.keys.choices import SignInOrigin
from identity_center.model.language.keys.values import PrincipalType
from identity_center.model.plan.applications import grantees_of_args, plan_application
from identity_center.resources.arguments.checks import ArgumentChecks, rules_of
from identity_center.resources.arguments.entry_args import ApplicationAttributesArgs

from .making import PlannedComponent


class GranteeArgs(TypedDict):
    """A principal who may use an application."""

    principal_type: PrincipalType
    """Whether a user or a group may use it."""
    principal_key: str
    """A name of the principal that stays: it names the resource."""
    principal_id: pulumi.Input[str]
    """Id of the user or group in the identity store."""
    break_glass: NotRequired[bool]
    """Whether the engine refuses to delete the assignment."""
    former_principal_key: NotRequired[str]
    """The name that the principal had before, so that the engine keeps the assignment."""


class ModelGranteeArgs(TypedDict):
    """A principal of the model who may use an application."""

    principal_type: PrincipalType
    """Whether a user or a group may use it."""
    principal: str
    """Key of the user or group in the model."""
    break_glass: NotRequired[bool]
    """Whether the engine refuses to delete the assignment."""


class ModelApplicationArgs(ApplicationAttributesArgs):
    """An application of the model, with those who may use it."""

    assignments: NotRequired[list[ModelGranteeArgs]]
    """Who may use it."""
    formerly: NotRequired[str]
    """The key that it had before, so that the engine keeps it."""


class ApplicationArgs(ApplicationAttributesArgs):
    """Arguments of `Application`."""

    instance_arn: pulumi.Input[str]
    """ARN of the Identity Center instance."""
    assignments: NotRequired[list[GranteeArgs]]
    """Who may use it."""


class Application(PlannedComponent):
    """An application that people reach from the access portal."""

    arn: pulumi.Output[str]
    """ARN of the application."""

    def __init__(self, name: str, args: ApplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        checks = ArgumentChecks("Application", name, args, ApplicationArgs)
        check_application(checks, args)
        for index, grantee in enumerate(args.get("assignments", [])):
            checks.key(grantee["principal_key"], f"assignments[{index}].principalKey")
        checks.done()
        super().__init__(plan_application(name, args, grantees_of_args(args)), opts)


def check_application(checks: ArgumentChecks, args: Mapping[str, Any], place: str = "") -> None:
    """Check what can be known of an application before the update."""
    checks.texts(args, rules_of(ApplicationAttributesArgs), place)
    portal = args.get("portal")
    if portal is not None:
        begins_there = SignInOrigin(portal["origin"]) is SignInOrigin.APPLICATION
        if begins_there and portal.get("application_url") is None:
            checks.add(f"{place}portal.applicationUrl", "is missing; a sign-in begins there")
        if not begins_there and portal.get("application_url") is not None:
            said = "is not used; leave it out, or let a sign-in begin at the application"
            checks.add(f"{place}portal.applicationUrl", said)
