"""Who holds which permission set or role where, as far as a stack shows it.

Assignments and entitlements are joined with memberships.

People and groups are told apart by the resources that make them, or by their ids where they are made
elsewhere. Whose members are made elsewhere nobody can count, and `Holding.people` says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from .identities import Identity
from .observe import Absent, Known, NotYetKnown
from .resource_types import (
    ACCOUNT_ASSIGNMENT,
    DIRECTORY_GROUP,
    DIRECTORY_MEMBERSHIP,
    DIRECTORY_USER,
    ENTITLEMENT,
)
from .stack import Resource
from .view import View

_IDS: Final = {DIRECTORY_USER: "userId", DIRECTORY_GROUP: "groupId"}
_ROLE: Final = ("entitlement", "principalRole", "roleArn")
_PRINCIPAL: Final = ("entitlement", "principalRole", "principal", "identityCenter")
_COLONS_BEFORE_A_ROLE: Final = 4
"""`arn:aws:iam::ACCOUNT:role/NAME`."""
_TYPES: Final = {"USER": DIRECTORY_USER, "GROUP": DIRECTORY_GROUP}


@dataclass(frozen=True, slots=True)
class Holding:
    """One assignment or entitlement: a permission set or role, held by some people in an account."""

    assignment: Resource
    identity: Identity
    account: str | None
    """None where it is not known."""
    people: frozenset[str] | None
    """Ids or URNs of the people; None where they are not all in sight."""
    principal: str | None = None
    """Id or URN of the person or group that is assigned it; None where it is not known."""
    seen: frozenset[str] = frozenset()
    """The people who are in sight, also where others are not."""
    open_place: tuple[str, ...] = ()
    """The values that are not known yet and say where."""
    open_people: tuple[str, ...] = ()
    """The values that are not known yet and say who."""
    person: bool = False
    """Whether it is a single person's, who may be unknown."""

    @property
    def waiting(self) -> tuple[str, ...]:
        """The values that are not known yet and say who holds it, or where."""
        return (*self.open_place, *self.open_people)


@dataclass(frozen=True, slots=True)
class _Place:
    """An account, as far as it is known, and the values that it waits for."""

    account: str | None
    waiting: list[str]


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
        group = self._who(membership, ("groupId",), DIRECTORY_GROUP)
        member = self._who(membership, ("memberId",), DIRECTORY_USER)
        if group is None:
            self._unplaced += _not_known_yet(membership, "groupId")
        if group is None or group not in self._members:
            return
        if member is None:
            self._partly_seen.setdefault(group, []).extend(_not_known_yet(membership, "memberId"))
        else:
            self._members[group].add(member)

    def _who(self, resource: Resource, path: tuple[str, ...], kind: str) -> str | None:
        """Tell a person or group: the URN of what makes it, else its id, else nothing."""
        observed = resource.declared.get(*path)
        if isinstance(observed, Known) and isinstance(observed.value, str):
            return self._by_id.get(observed.value, observed.value)
        resources = self.view.resources
        made = [
            urn
            for urn in resource.by_property.get(path[0], ())
            if urn in resources and resources[urn].type == kind
        ]
        return made[0] if len(made) == 1 else None

    def holdings(self) -> Iterator[Holding]:
        """Go through all assignments of permission sets, and all entitlements to roles."""
        for identity in self.view.identities.everyone:
            for entry in identity.entries:
                if entry.type == ACCOUNT_ASSIGNMENT:
                    yield self._assigned(entry, identity)
                elif entry.type == ENTITLEMENT:
                    yield self._entitled(entry, identity)

    def _assigned(self, assignment: Resource, identity: Identity) -> Holding:
        kind = _TYPES.get(_text(assignment, "principalType") or "")
        principal = self._who(assignment, ("principalId",), kind) if kind else None
        place = _Place(_text(assignment, "targetId"), _not_known_yet(assignment, "targetId"))
        names = ["principalType", *([] if principal else ["principalId"])]
        waiting = [each for name in names for each in _not_known_yet(assignment, name)]
        return self._holding(assignment, identity, place, kind, principal, waiting)

    def _entitled(self, entitlement: Resource, identity: Identity) -> Holding:
        """Read an entitlement: exactly one of a user and a group may use a role."""
        of_user = not isinstance(entitlement.declared.get(*_PRINCIPAL, "userId"), Absent)
        kind, name = (DIRECTORY_USER, "userId") if of_user else (DIRECTORY_GROUP, "groupId")
        principal = self._who(entitlement, (*_PRINCIPAL, name), kind)
        waiting = [] if principal else _not_known_yet(entitlement, *_PRINCIPAL, name)
        role = _text(entitlement, *_ROLE) or ""
        account = role.split(":")[4] if role.count(":") > _COLONS_BEFORE_A_ROLE else None
        place = _Place(account, _not_known_yet(entitlement, *_ROLE))
        return self._holding(entitlement, identity, place, kind, principal, waiting)

    def _holding(  # noqa: PLR0913, PLR0917 - what an assignment and an entitlement have in common
        self,
        assignment: Resource,
        identity: Identity,
        place: "_Place",
        kind: str | None,
        principal: str | None,
        waiting: list[str],
    ) -> Holding:
        account, open_place = place.account, tuple(place.waiting)
        alone = kind == DIRECTORY_USER
        if principal is None:
            people: frozenset[str] = frozenset()
            return Holding(
                assignment, identity, account, None, None, people, open_place, tuple(waiting), alone
            )
        if alone:
            person = frozenset({principal})
            return Holding(
                assignment, identity, account, person, principal, person, open_place, tuple(waiting), alone
            )
        seen = frozenset(self._members.get(principal, ()))
        made_here = principal in self._members
        if made_here:
            waiting += [*self._partly_seen.get(principal, ()), *self._unplaced]
        whole = made_here and principal not in self._partly_seen and not self._unplaced
        return Holding(
            assignment,
            identity,
            account,
            seen if whole else None,
            principal,
            seen,
            open_place,
            tuple(waiting),
        )

    def groups_of(self, person: str) -> frozenset[str]:
        """Return the URNs of the groups that a person is in, as far as is in sight."""
        return frozenset(group for group, members in self._members.items() if person in members)


def _not_known_yet(resource: Resource, *path: str) -> list[str]:
    """Name the part of a property that is not known yet, if it is the value that is missing."""
    observed = resource.declared.get(*path)
    return [f"`{observed.path}` of {resource.label}"] if isinstance(observed, NotYetKnown) else []


def _text(resource: Resource, *path: str) -> str | None:
    observed = resource.declared.get(*path)
    return observed.value if isinstance(observed, Known) and isinstance(observed.value, str) else None
