"""A whole access model as resources, under one component."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from identity_center.model.access.grant import Grant
from identity_center.model.language.keys.choices import ExcusableRule
from identity_center.model.language.keys.values import PrincipalType

from .applications import Entitled, Grantee, plan_account_access, plan_application
from .people import Attributes, People, Principal
from .permission_sets import AssignedTo, plan_external_set, plan_permission_set
from .planned import (
    APPLICATION,
    GROUP,
    MANAGED_POLICIES,
    PERMISSION_SET,
    USER,
    Id,
    Plan,
    Ref,
    component,
    shown,
)
from .regions import plan_additional_regions
from .settings import plan_instance_settings, plan_mfa_requirement

#: The name of the model's component in every stack: a part of the name of each of its resources.
MODEL: Final = "identity-center"


class Given(NamedTuple):
    """A grant of the model, and whether it is for emergencies."""

    grant: Grant
    break_glass: bool = False


@dataclass(frozen=True)
class ModelParts:
    """What the component `AccessModel` is told, but for assignments: those are grants, one account each."""

    args: Attributes
    grants: Sequence[Given]
    console_steps: tuple[str, ...] = ()
    """Where in the console the declared MFA settings are made."""

    @classmethod
    def of_args(cls, args: Attributes, console_steps: tuple[str, ...] = ()) -> "ModelParts":
        """Read the arguments of the component."""
        grants = [
            Given(
                Grant(key, item["principal"], PrincipalType(item["principal_type"]).value, account_id),
                account_id in item.get("break_glass_account_ids", ()),
            )
            for part in ("permission_sets", "external_permission_sets")
            for key, entry in args.get(part, {}).items()
            for item in entry.get("assignments", ())
            for account_id in item["account_ids"]
        ]
        return cls(args, grants, console_steps)


def plan_model(name: str, parts: ModelParts) -> Plan:
    """Plan everything that a model comes to: its component first, then each part after what it refers to."""
    args = parts.args
    around = component("AccessModel", name, _shown(args), outputs=_outputs(args))
    people = People({**args, **_protected(parts)})
    planned = [people.plan(name), *_sets(parts, people), *_applications(args, people)]
    if args.get("role_entitlements") or args.get("account_access_tags"):
        of_access = {
            "instance_arn": args["instance_arn"],
            "tags": args.get("account_access_tags", {}),
            "timeouts": args.get("timeouts"),
        }
        planned.append(plan_account_access(name, of_access, _entitled(args, people)))
    if args.get("access_control_attributes"):
        planned.append(plan_instance_settings(name, args))
    if args.get("additional_regions"):
        planned.append(plan_additional_regions(name, args))
    if "mfa_requirement" in args:
        planned.append(plan_mfa_requirement(name, args["mfa_requirement"], parts.console_steps))
    return around, *(each for part in planned for each in _under(around.id, part))


def _under(parent: Id, plan: Plan) -> Plan:
    """Put a component into another. One that gives nothing of its own back is spared a call of the engine.

    See docs/decisions/2026-11-27-parts-of-a-model.md.
    """
    around, *parts = plan
    outputs = {} if around.type.rpartition(":")[2] in _SILENT else around.outputs
    return replace(around, parent=parent, outputs=outputs), *parts


#: Components of which the model's own outputs say what theirs would.
_SILENT = frozenset({"Directory", "PermissionSet", "Application"})


def _outputs(args: Attributes) -> dict[str, object]:
    def by_key(kind: str, keys: Iterable[str], output: str) -> dict[str, Ref]:
        return {key: Ref(kind, key, output) for key in keys}

    return {
        "userIds": by_key(USER, args.get("users", ()), "userId"),
        "groupIds": by_key(GROUP, args.get("groups", ()), "groupId"),
        "permissionSetArns": by_key(PERMISSION_SET, args.get("permission_sets", ()), "arn"),
        "applicationArns": by_key(APPLICATION, args.get("applications", ()), "arn"),
    }


def _shown(args: Attributes) -> dict[str, object]:
    props = shown(args, "instance_arn", "identity_store_id")
    if "policy_exceptions" in args:
        props["policyExceptions"] = [_exception(args, each) for each in args["policy_exceptions"]]
    return props


def _exception(args: Attributes, exception: Attributes) -> dict[str, str]:
    """Say an exception as the pack reads it. Of a permission set, in an update, the pack knows no name."""
    said = {"rule": ExcusableRule(exception["rule"]).value, "expires": exception["expires"]}
    if "resource" in exception:
        return {**said, "resource": exception["resource"]}
    said["principal"] = exception["principal"]
    for key, entry in args.get("permission_sets", {}).items():
        if entry["name"] == exception["principal"]:
            said["resource"] = f"{MANAGED_POLICIES}::{key}"
    return said


def _sets(parts: ModelParts, people: People) -> Iterator[Plan]:
    grants = defaultdict[str, list[Given]](list)
    for each in parts.grants:
        grants[each.grant.permission_set].append(each)
    every = {
        "managed_policy_arns": [],
        "instance_arn": parts.args["instance_arn"],
        "timeouts": parts.args.get("timeouts"),
    }
    for key, entry in parts.args.get("permission_sets", {}).items():
        assigned = [_assigned(each, people) for each in grants[key]]
        yield plan_permission_set(key, {**every, **entry}, assigned)
    for key, entry in parts.args.get("external_permission_sets", {}).items():
        assigned = [_assigned(each, people) for each in grants[key]]
        yield plan_external_set(key, {**every, **entry}, assigned)


def _assigned(given: Given, people: People) -> AssignedTo:
    grant = given.grant
    principal = people.principal(grant.principal_type, grant.principal)
    return AssignedTo(principal, grant.account_id, given.break_glass)


def _applications(args: Attributes, people: People) -> Iterator[Plan]:
    for key, entry in args.get("applications", {}).items():
        grantees = [
            Grantee(_principal(each, people), bool(each.get("break_glass")))
            for each in entry.get("assignments", ())
        ]
        yield plan_application(key, {**entry, "instance_arn": args["instance_arn"]}, grantees)


def _entitled(args: Attributes, people: People) -> list[Entitled]:
    return [
        Entitled(each["role_arn"], _principal(each, people), bool(each.get("break_glass")))
        for each in args.get("role_entitlements", ())
    ]


def _principal(named: Attributes, people: People) -> Principal:
    return people.principal(PrincipalType(named["principal_type"]), named["principal"])


def _protected(parts: ModelParts) -> dict[str, Any]:
    """Name the principals of break-glass grants: without them, the grants are gone as well."""
    found = {(each.grant.principal_type, each.grant.principal) for each in parts.grants if each.break_glass}
    applications = parts.args.get("applications", {}).values()
    grantees = [grantee for entry in applications for grantee in entry.get("assignments", ())]
    for named in (*grantees, *parts.args.get("role_entitlements", ())):
        if named.get("break_glass"):
            found.add((PrincipalType(named["principal_type"]), named["principal"]))
    return {
        "protected_users": frozenset(key for kind, key in found if kind is PrincipalType.USER),
        "protected_groups": frozenset(key for kind, key in found if kind is PrincipalType.GROUP),
    }
