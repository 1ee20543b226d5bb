"""What an instance holds and what somebody wants as the same kind of facts, so that they can be compared.

A fact is a thing, known by the names that AWS keeps unique (of users, groups, permission sets), with a value.
"""

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from identity_center.model.language.ignored_drift import DriftKind

from .details import attributes_of, settings_of
from .existing import Existing
from .objects import (
    GROUP,
    USER,
    Application,
    ApplicationAssignment,
    Assignment,
    Entitlement,
    Group,
    Membership,
    PermissionSet,
    User,
)
from .parts import Part

#: What the language calls so: a kind of thing that an instance holds.
Kind = DriftKind


class Thing(NamedTuple):
    """One thing of an instance."""

    kind: Kind
    names: tuple[str, ...]
    """What names it, in the order of `ignored_drift.NAMES_OF`: a set's things begin with the set."""


FROM_ELSEWHERE = "made elsewhere"
"""The value of a user or group that the code names and does not make."""
ACTIVE = "ACTIVE"
"""The value of a Region that the code has: AWS is neither adding nor removing it."""
Facts = Mapping[Thing, str]
"""Each thing with its value; empty where it is enough that the thing is there."""

TEXTS_OF_A_SET: Mapping[Kind, str] = {
    Kind.SESSION: "session_duration",
    Kind.DESCRIPTION: "description",
    Kind.RELAY_STATE: "relay_state",
}
"""What a permission set has one text of: the attribute of `PermissionSet`, an input of the same name."""
PART_OF = {
    **dict.fromkeys(TEXTS_OF_A_SET, Part.PERMISSION_SETS),
    Kind.USER: Part.USERS,
    Kind.USER_ATTRIBUTE: Part.USERS,
    Kind.GROUP: Part.GROUPS,
    Kind.GROUP_DESCRIPTION: Part.GROUPS,
    Kind.MEMBER: Part.MEMBERSHIPS,
    Kind.PERMISSION_SET: Part.PERMISSION_SETS,
    Kind.MANAGED_POLICY: Part.MANAGED_POLICIES,
    Kind.CUSTOMER_POLICY: Part.CUSTOMER_MANAGED_POLICIES,
    Kind.INLINE_POLICY: Part.INLINE_POLICIES,
    Kind.BOUNDARY: Part.BOUNDARIES,
    Kind.TAG: Part.TAGS,
    Kind.PROVISIONED_SET: Part.PROVISIONING,
    Kind.ASSIGNMENT: Part.ASSIGNMENTS,
    Kind.APPLICATION: Part.APPLICATIONS,
    Kind.APPLICATION_SETTING: Part.APPLICATIONS,
    Kind.ATTRIBUTE: Part.ATTRIBUTES,
    Kind.REGION: Part.REGIONS,
    Kind.APPLICATION_ASSIGNMENT: Part.APPLICATIONS,
    Kind.ENTITLEMENT: Part.ENTITLEMENTS,
}
"""What has to be read of an instance before things of a kind can be compared."""
OF_A_SET = frozenset(
    {
        *TEXTS_OF_A_SET,
        Kind.MANAGED_POLICY,
        Kind.CUSTOMER_POLICY,
        Kind.INLINE_POLICY,
        Kind.BOUNDARY,
        Kind.TAG,
    }
)
"""Kinds of which every thing is a part of the permission set that its names begin with."""
OWNER_OF: Mapping[Kind, Kind] = {
    **dict.fromkeys(OF_A_SET, Kind.PERMISSION_SET),
    Kind.USER_ATTRIBUTE: Kind.USER,
    Kind.GROUP_DESCRIPTION: Kind.GROUP,
    Kind.APPLICATION_SETTING: Kind.APPLICATION,
}
"""What a thing of a kind is a part of: of that, its names begin with the name."""
PERSONAL = frozenset({Kind.USER_ATTRIBUTE})
"""Kinds whose values are data of people: compared, and never told."""


def same_text(policy: str) -> str:
    """Write a policy so that space and the order of keys make no difference; what is no JSON stays."""
    try:
        return json.dumps(json.loads(policy), sort_keys=True, separators=(",", ":"))
    except ValueError:
        return policy


def things_of(existing: Existing) -> dict[Thing, str]:
    """Say what an instance holds. A principal that is gone or was not read is named by its id."""
    return dict(_things(existing))


def _things(existing: Existing) -> Iterator[tuple[Thing, str]]:
    for user in existing.users:
        yield (thing := thing_of_user(user)), ""
        yield from parts_of(Kind.USER_ATTRIBUTE, thing, attributes_of(user))
    for group in existing.groups:
        yield (thing := thing_of_group(group)), ""
        if group.description:
            yield Thing(Kind.GROUP_DESCRIPTION, thing.names), group.description
    yield from ((thing_of_member(existing, each), "") for each in existing.memberships)
    for one in existing.permission_sets:
        yield from _set(one)
    yield from ((thing_of_assignment(existing, each), "") for each in existing.assignments)
    for application in existing.applications:
        yield (thing := thing_of_application(application)), ""
        yield from parts_of(Kind.APPLICATION_SETTING, thing, settings_of(application))
        for grantee in application.assignments or ():
            yield thing_of_grantee(existing, application, grantee), ""
    yield from ((thing_of_entitlement(existing, each), "") for each in existing.entitlements)
    for attribute in existing.attributes:
        yield Thing(Kind.ATTRIBUTE, (attribute.key,)), ", ".join(attribute.sources)
    for region in existing.regions:
        if not region.is_primary:
            yield Thing(Kind.REGION, (region.name,)), region.status


def parts_of(kind: Kind, thing: Thing, parts: Mapping[str, str]) -> Iterator[tuple[Thing, str]]:
    """Yield what a user or application has, by the names of it."""
    yield from ((Thing(kind, (*thing.names, name)), value) for name, value in parts.items())


def thing_of_user(user: User) -> Thing:
    """Name a user; by the id where the directory gives no name."""
    return Thing(Kind.USER, (user.user_name or user.id,))


def thing_of_group(group: Group) -> Thing:
    """Name a group; by the id where it has no name."""
    return Thing(Kind.GROUP, (group.name or group.id,))


def thing_of_member(existing: Existing, each: Membership) -> Thing:
    """Name a user in a group."""
    names = (_principal(existing, GROUP, each.group_id), _principal(existing, USER, each.user_id))
    return Thing(Kind.MEMBER, names)


def thing_of_assignment(existing: Existing, each: Assignment) -> Thing:
    """Name an account assignment."""
    one = existing.set_of.get(each.permission_set_arn)
    label = one.label if one else each.permission_set_arn
    who = _principal(existing, each.principal_type, each.principal_id)
    return Thing(Kind.ASSIGNMENT, (label, each.account_id, each.principal_type, who))


def thing_of_application(application: Application) -> Thing:
    """Name an application; by its ARN where it has no name."""
    return Thing(Kind.APPLICATION, (application.name or application.arn,))


def thing_of_grantee(existing: Existing, application: Application, each: ApplicationAssignment) -> Thing:
    """Name an assignment of an application."""
    who = _principal(existing, each.principal_type, each.principal_id)
    names = (*thing_of_application(application).names, each.principal_type, who)
    return Thing(Kind.APPLICATION_ASSIGNMENT, names)


def thing_of_entitlement(existing: Existing, each: Entitlement) -> Thing:
    """Name a role entitlement."""
    who = _principal(existing, each.principal_type, each.principal_id)
    return Thing(Kind.ENTITLEMENT, (each.role_arn, each.principal_type, who))


def _principal(existing: Existing, kind: str, principal_id: str) -> str:
    return existing.principal_name(kind, principal_id) or principal_id


def _set(one: PermissionSet) -> Iterator[tuple[Thing, str]]:
    name = one.label
    yield Thing(Kind.PERMISSION_SET, (name,)), ""
    for kind, text in (
        *((kind, getattr(one, attribute)) for kind, attribute in TEXTS_OF_A_SET.items()),
        (Kind.INLINE_POLICY, same_text(one.inline_policy or "")),
        (Kind.BOUNDARY, str(one.boundary or "")),
    ):
        if text:
            yield Thing(kind, (name,)), text
    for arn in one.managed_policies or ():
        yield Thing(Kind.MANAGED_POLICY, (name, arn)), ""
    for policy in one.customer_managed_policies or ():
        yield Thing(Kind.CUSTOMER_POLICY, (name, str(policy))), ""
    for key, value in (one.tags or {}).items():
        # AWS's own, which nobody else can write. Source: AWS General Reference, tagging of resources.
        if not key.startswith("aws:"):
            yield Thing(Kind.TAG, (name, key)), value
