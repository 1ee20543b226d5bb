"""The names that a reading of an instance says to be held already, for a check without AWS."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final, NamedTuple

from identity_center.model.plan.name_changes import NamesInUse
from identity_center.model.plan.planned import (
    ACCOUNT_ACCESS,
    APPLICATION,
    ATTRIBUTES,
    GROUP,
    PERMISSION_SET,
    USER,
)
from identity_center.model.plan.unique_names import holder

from .existing import Existing
from .objects import User
from .parts import Part

_Rows = Callable[[Existing], Iterator[Mapping[str, Any]]]


class _Held(NamedTuple):
    """Where a reading has the objects of one type of resource."""

    part: Part
    rows: _Rows
    """The objects, written as the provider's outputs are."""


def _users(existing: Existing) -> Iterator[Mapping[str, Any]]:
    for each in existing.users:
        yield {"userId": each.id, "userName": each.user_name, "emails": {"value": _email(each)}}


def _email(user: User) -> str:
    return next((each.value for each in user.emails if each.value), "")


def _groups(existing: Existing) -> Iterator[Mapping[str, Any]]:
    yield from ({"groupId": each.id, "displayName": each.name} for each in existing.groups)


def _permission_sets(existing: Existing) -> Iterator[Mapping[str, Any]]:
    yield from ({"arn": each.arn, "name": each.name} for each in existing.permission_sets)


def _applications(existing: Existing) -> Iterator[Mapping[str, Any]]:
    yield from ({"arn": each.arn, "name": each.name} for each in existing.applications)


def _attributes(existing: Existing) -> Iterator[Mapping[str, Any]]:
    if existing.attributes:
        yield {"instanceArn": existing.instance_arn}


def _account_access(existing: Existing) -> Iterator[Mapping[str, Any]]:
    yield from ({"arn": each.arn} for each in existing.account_access)


_HELD: Final[Mapping[str, _Held]] = {
    USER: _Held(Part.USERS, _users),
    GROUP: _Held(Part.GROUPS, _groups),
    PERMISSION_SET: _Held(Part.PERMISSION_SETS, _permission_sets),
    APPLICATION: _Held(Part.APPLICATIONS, _applications),
    ATTRIBUTES: _Held(Part.ATTRIBUTES, _attributes),
    ACCOUNT_ACCESS: _Held(Part.ENTITLEMENTS, _account_access),
}
"""By type of pulumi-aws. What is in no row, a service control policy, no reading of an instance has."""


def names_held(existing: Existing, types: Collection[str]) -> NamesInUse:
    """Return who has which names, of types of `pulumi-aws`; what was not read is named as unseen.

    >>> names_held(existing, {"aws:identitystore/group:Group"}).unseen
    {'aws:identitystore/group:Group': 'the snapshot has no groups'}
    """
    found, unseen = {}, {}
    for type_ in sorted(types):
        held = _HELD.get(type_)
        if held is None:
            unseen[type_] = "a snapshot of an instance does not have these"
        elif not existing.knows(held.part):
            unseen[type_] = f"the snapshot has no {held.part.value}"
        else:
            found[type_] = tuple(holder(type_, row) for row in held.rows(existing))
    return NamesInUse(found, unseen)


def has_no_addresses(existing: Existing) -> bool:
    """Say whether no user has an e-mail address: a snapshot for review leaves them out."""
    return bool(existing.users) and not any(map(_email, existing.users))
