"""Who holds which permission set where, as far as a stack shows it: assignments and memberships joined.

People and groups are told apart by the resources that make them, or by their ids where they are made
elsewhere. Whose members are made elsewhere nobody can count, and `Holding.people` says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from .identities import Identity
from .observe import Known, NotYetKnown
from .resource_types import (
    ACCOUNT_ASSIGNMENT,
    DIRECTORY_GROUP,
    DIRECTORY_MEMBERSHIP,
    DIRECTORY_USER,
    IdentityKind,
)
from .stack import Resource
from .view import View

_IDS: Final = {DIRECTORY_USER: "userId", DIRECTORY_GROUP: "groupId"}
_TYPES: Final = {"USER": DIRECTORY_USER, "GROUP": DIRECTORY_GROUP}


@dataclass(frozen=True, slots=True)
class Holding:
    """One assignment: a permission set, held by some people in an account."""

    assignment: Resource
    permission_set: Identity
    account: str | None
    """None where it is not known."""
    people: frozenset[str] | None
    """Ids or URNs of the people; None where they are not all in sight."""
    principal: str | None = None
    """Id or URN of the person or group that is assigned it; None where it is not known."""
    seen: frozenset[str] = frozenset()
    """The people who are in sight, also where others are not."""
    waiting: tuple[str, ...] = ()
    """The values that are not known yet and say who holds it, or where."""
    person: bool = False
    """Whether it is a single person's, who may be unknown."""


@dataclass
class DirectoryAccess:
    """All holdings of a stack."""

    view: View
    _by_id: dict[str, str] = field(default_factory=dict)
    _members: dict[str, set[str]] = field(default_factory=dict)
    _partly_seen: dict[str, list[str]] = field(default_factory=dict)
    """Groups of whose members one at least is not in sight, with the values that are not known yet."""
    _unplaced: list[str] = field(default_factory=list)
    """Values that are not known yet and name the group of a member: it may be any."""

    def __post_init__(self) -> None:
        """Index people, groups and memberships."""
        for resource in self.view.stack.of_type(*_IDS):
            known = resource.identifier(_IDS[resource.type])
            if isinstance(known, Known) and isinstance(known.value, str):
                self._by_id[known.value] = resource.urn
            if resource.type == DIRECTORY_GROUP:
                self._members[resource.urn] = set()
        for membership in self.view.stack.of_type(DIRECTORY_MEMBERSHIP):
            self._note(membership)

    def _note(self, membership: Resource) -> None:
        group = self._who(membership, "groupId", DIRECTORY_GROUP)
        member = self._who(membership, "memberId", DIRECTORY_USER)
        if group is None:
            self._unplaced += _not_known_yet(membership, "groupId")
        if group is None or group not in self._members:
            return
        if member is None:
            self._partly_seen.setdefault(group, []).extend(_not_known_yet(membership, "memberId"))
        else:
            self._members[group].add(member)

    def _who(self, resource: Resource, name: str, kind: str) -> str | None:
        """Tell a person or group: the URN of what makes it, else its id, else nothing."""
        observed = resource.declared.get(name)
        if isinstance(observed, Known) and isinstance(observed.value, str):
            return self._by_id.get(observed.value, observed.value)
        resources = self.view.resources
        made = [
            urn
            for urn in resource.by_property.get(name, ())
            if urn in resources and resources[urn].type == kind
        ]
        return made[0] if len(made) == 1 else None

    def holdings(self) -> Iterator[Holding]:
        """Go through all assignments of all permission sets."""
        for identity in self.view.identities.everyone:
            if identity.key.kind is IdentityKind.PERMISSION_SET:
                for entry in identity.entries:
                    if entry.type == ACCOUNT_ASSIGNMENT:
                        yield self._holding(entry, identity)

    def _holding(self, assignment: Resource, identity: Identity) -> Holding:
        kind = _TYPES.get(_text(assignment, "principalType") or "")
        principal = self._who(assignment, "principalId", kind) if kind else None
        account = _text(assignment, "targetId")
        names = ["targetId", "principalType", *([] if principal else ["principalId"])]
        waiting = [place for name in names for place in _not_known_yet(assignment, name)]
        alone = kind == DIRECTORY_USER
        if principal is None:
            return Holding(assignment, identity, account, None, waiting=tuple(waiting), person=alone)
        if alone:
            person = frozenset({principal})
            return Holding(assignment, identity, account, person, principal, person, tuple(waiting), alone)
        seen = frozenset(self._members.get(principal, ()))
        made_here = principal in self._members
        if made_here:
            waiting += [*self._partly_seen.get(principal, ()), *self._unplaced]
        whole = made_here and principal not in self._partly_seen and not self._unplaced
        return Holding(
            assignment, identity, account, seen if whole else None, principal, seen, tuple(waiting)
        )

    def groups_of(self, person: str) -> frozenset[str]:
        """Return the URNs of the groups that a person is in, as far as is in sight."""
        return frozenset(group for group, members in self._members.items() if person in members)


def _not_known_yet(resource: Resource, name: str) -> list[str]:
    """Name the part of a property that is not known yet, if it is the value that is missing."""
    observed = resource.declared.get(name)
    return [f"`{observed.path}` of {resource.label}"] if isinstance(observed, NotYetKnown) else []


def _text(resource: Resource, name: str) -> str | None:
    observed = resource.declared.get(name)
    return observed.value if isinstance(observed, Known) and isinstance(observed.value, str) else None
