"""Applications of the access portal and role entitlements as resources."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from identity_center.model.language.keys.argument_names import APPLICATION as _INPUTS
from identity_center.model.language.keys.choices import SignInOrigin, Switch
from identity_center.model.language.keys.values import PrincipalType, entitlement_name, grantee_name

from .people import Attributes, Principal, formerly
from .planned import (
    ACCOUNT_ACCESS,
    APPLICATION,
    APPLICATION_ASSIGNMENT,
    ENTITLEMENT,
    Plan,
    PlannedResource,
    Ref,
    component,
    given,
    shown,
)
from .timeouts import timed

#: AWS has no way to change these of an application, and the provider takes a change for done without a word.
#: Source: botocore, sso-admin, UpdateApplication; terraform-provider-aws, ssoadmin/application.go, Update.
NEVER_UPDATED: Final = ("applicationProviderArn", "portalOptions.visibility")


@dataclass(frozen=True)
class Grantee:
    """A principal who may use an application."""

    principal: Principal
    break_glass: bool = False


def plan_application(name: str, args: Attributes, grantees: Iterable[Grantee]) -> Plan:
    """Plan an application, and who may use it."""
    listed = list(grantees)
    made = PlannedResource(
        APPLICATION,
        name,
        given(instance_arn=args["instance_arn"], **_inputs(args)),
        protect=any(each.break_glass for each in listed),
        replace_on_changes=NEVER_UPDATED,
    )
    around = component(
        "Application",
        name,
        shown(args, "instance_arn", "name", "application_provider_arn", "status"),
        former_names=formerly(args.get("formerly")),
        outputs={"arn": made.output("arn")},
    )
    granted = (_granted(name, each) for each in listed)
    return around, *(replace(each, parent=around.id) for each in (made, *granted))


def _inputs(args: Attributes) -> dict[str, object]:
    """Return the inputs, under the names of arguments. The provider has choices in capitals."""
    named = {name: args.get(name) for name in _INPUTS if name not in ("status", "portal")}
    status = Switch(args.get("status", Switch.ENABLED)).name
    return {**named, "status": status, "portal_options": _portal(args.get("portal"))}


def grantees_of_args(args: Attributes) -> list[Grantee]:
    """Read who may use the component `Application`."""
    return [
        Grantee(Principal.of_args(each), bool(each.get("break_glass")))
        for each in args.get("assignments", ())
    ]


def _portal(portal: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if portal is None:
        return None
    options = given(origin=SignInOrigin(portal["origin"]).name, application_url=portal.get("application_url"))
    visibility = Switch(portal.get("visibility", Switch.ENABLED)).name
    return {"visibility": visibility, "signInOptions": options}


def _granted(name: str, grantee: Grantee) -> PlannedResource:
    who = grantee.principal
    before = None if who.former_key is None else grantee_name(name, who.kind, who.former_key)
    inputs = given(
        application_arn=Ref(APPLICATION, name, "arn"), principal_type=who.kind.value, principal_id=who.id
    )
    return PlannedResource(
        APPLICATION_ASSIGNMENT,
        grantee_name(name, who.kind, who.key),
        inputs,
        former_names=formerly(before),
        protect=grantee.break_glass,
    )


@dataclass(frozen=True)
class Entitled:
    """A principal who gets a role through account access manager."""

    role_arn: str
    principal: Principal
    break_glass: bool = False

    def name(self, principal_key: str) -> str:
        """Name the entitlement of a principal of this kind."""
        return entitlement_name(self.role_arn, self.principal.kind, principal_key)


def plan_account_access(name: str, args: Attributes, entitled: Iterable[Entitled]) -> Plan:
    """Plan account access manager's application of an instance, and all role entitlements."""
    listed = list(entitled)
    application = PlannedResource(
        ACCOUNT_ACCESS,
        name,
        given(
            identity_source={"identityCenter": {"instanceArn": args["instance_arn"]}},
            tags=args.get("tags"),
        ),
        protect=any(each.break_glass for each in listed),
    )
    made = [_entitled(each, application.output("arn")) for each in listed]
    around = component(
        "AccountAccess",
        name,
        shown(args, "instance_arn"),
        outputs={
            "applicationArn": application.output("arn"),
            "entitlementIds": {each.key: each.output("entitlementId") for each in made},
        },
    )
    parts = (replace(each, parent=around.id) for each in (application, *made))
    return around, *timed(parts, args.get("timeouts"))


def entitled_of_args(args: Attributes) -> list[Entitled]:
    """Read who gets which role by the component `AccountAccess`."""
    return [
        Entitled(each["role_arn"], Principal.of_args(each), bool(each.get("break_glass")))
        for each in args.get("entitlements", ())
    ]


def _entitled(entitled: Entitled, application_arn: object) -> PlannedResource:
    who = entitled.principal
    made = entitlement(entitled.name(who.key), application_arn, entitled.role_arn, who)
    before = None if who.former_key is None else entitled.name(who.former_key)
    return replace(made, former_names=formerly(before), protect=entitled.break_glass)


def entitlement(name: str, application_arn: object, role_arn: object, who: Principal) -> PlannedResource:
    """Plan that a principal gets a role."""
    principal = {"userId" if who.kind is PrincipalType.USER else "groupId": who.id}
    role = {"roleArn": role_arn, "principal": {"identityCenter": principal}}
    inputs = given(application_arn=application_arn, entitlement={"principalRole": role})
    return PlannedResource(ENTITLEMENT, name, inputs)


def plan_role_entitlement(name: str, args: Attributes) -> Plan:
    """Plan the component of one role entitlement."""
    who = Principal(PrincipalType(args["principal_type"]), name, args["principal_id"])
    made = entitlement(name, args["application_arn"], args["role_arn"], who)
    around = component(
        "RoleEntitlement",
        name,
        shown(args, "application_arn", "role_arn", "principal_type", "principal_id"),
        outputs={"entitlementId": made.output("entitlementId")},
    )
    return around, replace(made, parent=around.id)
