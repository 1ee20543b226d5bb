"""Places that have one occupant, and what may hold where resources fight for them.

A permission set has one inline policy and one boundary; a role, user or group has one inline policy of each
name; and an exclusive list takes off what is not on it. Where two resources claim one place, the one that is
made last wins, this time. So each possible occupant is judged alone, and what a list may take off counts with
its Allows only: a Deny binds where it holds in every outcome. A list of a group's members takes users out.

Sources: Identity Center API reference, PutInlinePolicyToPermissionSet and
PutPermissionsBoundaryToPermissionSet (each attaches one, in place of the one before); IAM API reference,
PutRolePolicy (adds or updates the document of a name); pulumi-aws, the pages of the `…Exclusive` resources,
of iam.PolicyAttachment ("exclusive attachments"), of iam.Role (`inlinePolicies`, `managedPolicyArns`) and of
iam.GroupMembership, which conflicts with another one of the same group.
"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from .held_policies import HeldPolicy, WholeList
from .identities import Identities, Identity
from .observe import Known
from .resource_types import POLICY, Content, IdentityKind
from .resources import Resource

MOST_OUTCOMES: Final = 64
"""How many outcomes are judged one by one; beyond, all claims count at once, and none of their Denies."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A held policy in one outcome."""

    held: HeldPolicy
    certain: bool = True
    """False where something may take it off again: then its Denies do not count."""


@dataclass(frozen=True, slots=True)
class Rivalry:
    """Resources that fight for one place."""

    place: str
    holders: tuple[Resource, ...]


def outcomes(identity: Identity, identities: Identities) -> list[list[Claim]]:
    """Return every set of an identity's own policies that may hold in the end."""
    optional = {id(each) for each, _ in taken_off(identity, identities)}
    claims = {id(each): Claim(each, id(each) not in optional) for each in identity.grants}
    places = [same for same in _places(identity).values() if len(same) > 1]
    contested = {id(each) for same in places for each in same}
    settled = [claims[id(each)] for each in identity.grants if id(each) not in contested]
    count = 1
    for same in places:
        count *= len(same)
    if count > MOST_OUTCOMES:
        return [[*settled, *(Claim(each, certain=False) for same in places for each in same)]]
    return [[*settled, *(claims[id(each)] for each in chosen)] for chosen in itertools.product(*places)]


def of_a_group(group: Identity, user: Identity, identities: Identities) -> list[list[Claim]]:
    """Return the same of a group for one of its users, whom something may take out of it again."""
    found = outcomes(group, identities)
    if not identities.taken_out_by(user, group.key):
        return found
    return [[Claim(each.held, certain=False) for each in chosen] for chosen in found]


def rivalries(identity: Identity, identities: Identities) -> Iterator[Rivalry]:
    """Say which resources of an identity fight for one place."""
    for name, same in _places(identity).items():
        if len(same) > 1:
            yield Rivalry(f"the {name} of {identity.label}", _holders(each.holder for each in same))
    if len(identity.limits) > 1:
        holders = _holders(each.holder for each in identity.limits)
        yield Rivalry(f"the permissions boundary of {identity.label}", holders)
    for holder, beside in _by_list(taken_off(identity, identities)).items():
        first = next(each for _, each in taken_off(identity, identities) if each.urn == holder)
        yield Rivalry(f"the list of policies of {identity.label}", _holders([first, *beside]))
    if members := _of_members(identity, identities):
        yield Rivalry(f"the members of {identity.label}", members)


def _of_members(group: Identity, identities: Identities) -> tuple[Resource, ...]:
    """Return what puts users into a group, and the lists of its members that take them out."""
    if not identities.lists_of_members(group.key):
        return ()
    users = identities.users_of(group.key)
    found = [(each, others) for each in users if (others := identities.taken_out_by(each, group.key))]
    return _holders(each for user, others in found for each in (*user.memberships, *others))


def taken_off(identity: Identity, identities: Identities) -> list[tuple[HeldPolicy, Resource]]:
    """Return the policies that some list says are not there, each with what has the list."""
    found = [
        (each, whole.holder)
        for whole in identity.lists
        for each in identity.grants
        if each.holder.urn != whole.holder.urn
        and each.holder.type != POLICY
        and each.content is whole.content
        and not _is_on(whole, each)
    ]
    for each in identity.grants:
        # One attachment says for a policy who has it: it takes it off everybody else.
        for holder in identities.attachments_of(each):
            if not _is_by(holder, each, identity):
                found.append((each, holder))  # noqa: PERF401 - two nested conditions read better so
    return found


def _is_by(holder: Resource, held: HeldPolicy, identity: Identity) -> bool:
    """Say whether a resource puts the same policy on the identity."""
    return any(one.holder.urn == holder.urn and _same(one, held) for one in identity.grants)


def _by_list(found: Iterable[tuple[HeldPolicy, Resource]]) -> dict[str, list[Resource]]:
    beside: dict[str, list[Resource]] = {}
    for held, holder in found:
        beside.setdefault(holder.urn, []).append(held.holder)
    return beside


def _holders(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    return tuple({each.urn: each for each in resources}.values())


def _places(identity: Identity) -> dict[str, list[HeldPolicy]]:
    """Sort inline policies by the place that they take; one whose name is not known has its own."""
    found: dict[str, list[HeldPolicy]] = {}
    for each in identity.grants:
        if each.content is not Content.DOCUMENT or each.holder.type == POLICY:
            continue
        if identity.key.kind is IdentityKind.PERMISSION_SET:
            found.setdefault("inline policy", []).append(each)
        elif each.name is not None:
            found.setdefault(f"inline policy `{each.name}`", []).append(each)
    return found


def _is_on(whole: WholeList, held: HeldPolicy) -> bool:
    if held.content is Content.DOCUMENT:
        return held.name in whole.names
    if isinstance(held.observed, Known):
        return held.observed.value in whole.members
    return bool(set(held.sources) & set(whole.sources))


def _same(one: HeldPolicy, other: HeldPolicy) -> bool:
    if isinstance(one.observed, Known) and isinstance(other.observed, Known):
        return bool(one.observed.value == other.observed.value)
    return bool(set(one.sources) & set(other.sources))
