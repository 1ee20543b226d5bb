"""A reading cut down to some of its parts, as if nobody had asked for the others."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, Final

from .existing import Existing, sorted_unread
from .objects import Application, PermissionSet
from .parts import Part, not_asked, with_needs
from .things import (
    Kind,
    Thing,
    thing_of_application,
    thing_of_assignment,
    thing_of_entitlement,
    thing_of_grantee,
    thing_of_group,
    thing_of_member,
    thing_of_user,
)

#: Members of `Existing` by the part that they are read with; sets are named by whatever is read of them.
_MEMBERS: Final[Mapping[Part, tuple[str, ...]]] = {
    Part.ORGANISATION: ("accounts", "units", "management_account_id"),
    Part.USERS: ("users",),
    Part.GROUPS: ("groups",),
    Part.MEMBERSHIPS: ("memberships",),
    Part.ASSIGNMENTS: ("assignments",),
    Part.APPLICATIONS: ("applications",),
    Part.ENTITLEMENTS: ("account_access", "entitlements"),
    Part.ATTRIBUTES: ("attributes",),
    Part.REGIONS: ("regions",),
}
#: Members of `PermissionSet`, as above.
_OF_A_SET: Final[Mapping[Part, tuple[str, ...]]] = {
    Part.PERMISSION_SETS: ("name", "description", "session_duration", "relay_state"),
    Part.MANAGED_POLICIES: ("managed_policies",),
    Part.CUSTOMER_MANAGED_POLICIES: ("customer_managed_policies",),
    Part.INLINE_POLICIES: ("inline_policy",),
    Part.BOUNDARIES: ("boundary",),
    Part.TAGS: ("tags",),
    Part.PROVISIONING: ("provisioned",),
}


def excerpt(existing: Existing, parts: frozenset[Part]) -> Existing:
    """Return these parts of a reading, with what they need; the others are named as not asked for."""
    kept = with_needs(parts)
    others = frozenset(Part) - kept
    changed: dict[str, Any] = _emptied(Existing, _MEMBERS, others)
    of_a_set = _emptied(PermissionSet, _OF_A_SET, others)
    if Part.ACCOUNT_TAGS in others:
        changed.setdefault(
            "accounts", tuple(each.model_copy(update={"tags": None}) for each in existing.accounts)
        )
    changed["permission_sets"] = tuple(each.model_copy(update=of_a_set) for each in existing.permission_sets)
    unread = [each for each in existing.unread if Part(each.part) in kept]
    changed["unread"] = sorted_unread([*unread, *map(not_asked, others)])
    return existing.model_copy(update=changed)


def _emptied(
    kind: type[Existing | PermissionSet], members: Mapping[Part, tuple[str, ...]], parts: frozenset[Part]
) -> dict[str, Any]:
    """Return what such members are where they were not read."""
    return {name: kind.model_fields[name].default for part in parts for name in members.get(part, ())}


def without(existing: Existing, things: Collection[Thing]) -> Existing:
    """Return a reading as if it had not these grants, members, people, applications and sets."""
    applications = tuple(
        _of_others(existing, each, things)
        for each in existing.applications
        if thing_of_application(each) not in things
    )
    named: Mapping[str, Callable[[Any], Thing]] = {
        "users": thing_of_user,
        "groups": thing_of_group,
        "memberships": partial(thing_of_member, existing),
        "permission_sets": lambda one: Thing(Kind.PERMISSION_SET, (one.label,)),
        "assignments": partial(thing_of_assignment, existing),
        "entitlements": partial(thing_of_entitlement, existing),
        "attributes": lambda each: Thing(Kind.ATTRIBUTE, (each.key,)),
        "regions": lambda each: Thing(Kind.REGION, (each.name,)),
    }
    kept: dict[str, Any] = {
        member: tuple(each for each in getattr(existing, member) if thing(each) not in things)
        for member, thing in named.items()
    }
    return existing.model_copy(update={**kept, "applications": applications})


def _of_others(existing: Existing, one: Application, things: Collection[Thing]) -> Application:
    if one.assignments is None:
        return one
    kept = tuple(each for each in one.assignments if thing_of_grantee(existing, one, each) not in things)
    return one.model_copy(update={"assignments": kept})
