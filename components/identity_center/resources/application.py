"""An application of the access portal, with those who may use it."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from identity_center.model.language.applications import SignInOrigin, Switch
from identity_center.model.language.values import PrincipalType, grantee_name

from .argument_checks import APPLICATION, ArgumentChecks
from .former_names import formerly
from .props import visible_props


class PortalArgs(TypedDict):
    """How the access portal shows an application."""

    visibility: NotRequired[Switch]
    """Whether people see it. The default is that they do. Another value replaces the application."""
    origin: SignInOrigin
    """Where a sign-in begins."""
    application_url: NotRequired[str]
    """The application's own address, where a sign-in begins there: 1 to 512 characters."""


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


class ModelApplicationArgs(TypedDict):
    """An application of the model, with those who may use it."""

    name: pulumi.Input[str]
    """What people see: 1 to 100 characters."""
    application_provider_arn: pulumi.Input[str]
    """ARN of its application provider. A new one replaces the application."""
    description: NotRequired[pulumi.Input[str]]
    """What it is for: 1 to 128 characters."""
    status: NotRequired[Switch]
    """Whether people can sign in to it. The default is that they can."""
    portal: NotRequired[PortalArgs]
    """How the access portal shows it."""
    tags: NotRequired[dict[str, pulumi.Input[str]]]
    """Tags of the application, at most 75."""
    assignments: NotRequired[list[ModelGranteeArgs]]
    """Who may use it."""
    formerly: NotRequired[str]
    """The key that it had before, so that the engine keeps it."""


#: AWS has no way to change these of an application, and the provider takes a change for done without a word.
#: Source: botocore, sso-admin, UpdateApplication; terraform-provider-aws, ssoadmin/application.go, Update.
_NEVER_UPDATED = ("applicationProviderArn", "portalOptions.visibility")


class ApplicationArgs(TypedDict):
    """Arguments of `Application`."""

    instance_arn: pulumi.Input[str]
    """ARN of the Identity Center instance."""
    name: pulumi.Input[str]
    """What people see: 1 to 100 characters."""
    application_provider_arn: pulumi.Input[str]
    """ARN of its application provider. A new one replaces the application."""
    description: NotRequired[pulumi.Input[str]]
    """What it is for: 1 to 128 characters."""
    status: NotRequired[Switch]
    """Whether people can sign in to it. The default is that they can."""
    portal: NotRequired[PortalArgs]
    """How the access portal shows it."""
    tags: NotRequired[dict[str, pulumi.Input[str]]]
    """Tags of the application, at most 75."""
    assignments: NotRequired[list[GranteeArgs]]
    """Who may use it."""


class Application(pulumi.ComponentResource):
    """An application that people reach from the access portal."""

    arn: pulumi.Output[str]
    """ARN of the application."""

    def __init__(self, name: str, args: ApplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        self._check(name, args)
        names = ("instance_arn", "name", "application_provider_arn", "status")
        super().__init__("identity-center:index:Application", name, visible_props(args, *names), opts)
        grantees = args.get("assignments", [])
        application = aws.ssoadmin.Application(
            name,
            instance_arn=args["instance_arn"],
            name=args["name"],
            application_provider_arn=args["application_provider_arn"],
            description=args.get("description"),
            status=Switch(args.get("status", Switch.ENABLED)).name,
            portal_options=_portal(args.get("portal")),
            tags=args.get("tags"),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=any(grantee.get("break_glass") for grantee in grantees) or None,
                replace_on_changes=list(_NEVER_UPDATED),
            ),
        )
        for grantee in grantees:
            _grant(self, name, grantee, application.arn)
        self.arn = application.arn
        self.register_outputs({"arn": self.arn})

    def _check(self, name: str, args: ApplicationArgs) -> None:
        checks = ArgumentChecks("Application", name, args, ApplicationArgs)
        check_application(checks, args)
        for index, grantee in enumerate(args.get("assignments", [])):
            checks.key(grantee["principal_key"], f"assignments[{index}].principalKey")
        checks.done()


def check_application(checks: ArgumentChecks, args: Mapping[str, Any], place: str = "") -> None:
    """Check what can be known of an application before the update."""
    checks.texts(args, APPLICATION, place)
    portal = args.get("portal")
    if portal is not None:
        begins_there = SignInOrigin(portal["origin"]) is SignInOrigin.APPLICATION
        if begins_there and portal.get("application_url") is None:
            checks.add(f"{place}portal.applicationUrl", "is missing; a sign-in begins there")
        if not begins_there and portal.get("application_url") is not None:
            said = "is not used; leave it out, or let a sign-in begin at the application"
            checks.add(f"{place}portal.applicationUrl", said)


def _portal(portal: PortalArgs | None) -> dict[str, Any] | None:
    if portal is None:
        return None
    options: dict[str, Any] = {"origin": SignInOrigin(portal["origin"]).name}
    if portal.get("application_url") is not None:
        options["application_url"] = portal["application_url"]
    visibility = Switch(portal.get("visibility", Switch.ENABLED)).name
    return {"visibility": visibility, "sign_in_options": options}


def _grant(
    parent: pulumi.Resource, name: str, grantee: GranteeArgs, application_arn: pulumi.Output[str]
) -> None:
    kind, former = PrincipalType(grantee["principal_type"]), grantee.get("former_principal_key")
    before = None if former is None else grantee_name(name, kind, former)
    aws.ssoadmin.ApplicationAssignment(
        grantee_name(name, kind, grantee["principal_key"]),
        application_arn=application_arn,
        principal_type=kind.value,
        principal_id=grantee["principal_id"],
        opts=pulumi.ResourceOptions(
            parent=parent, aliases=list(formerly(before)), protect=grantee.get("break_glass") or None
        ),
    )
