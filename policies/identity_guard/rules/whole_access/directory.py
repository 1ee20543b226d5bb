"""Who holds which permission set or role where, as far as a stack shows it.

Assignments and entitlements are joined with memberships.

People and groups are told apart by the resources that make them, or by their ids where they are made
elsewhere. Whose members are made elsewhere nobody can count, and `Holding.people` says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from identity_guard.stack.identities import Identity
from identity_guard.stack.observe import Known, NotYetKnown, Observed, text_of
from identity_guard.stack.resource_types import DIRECTORY_GROUP, DIRECTORY_MEMBERSHIP, DIRECTORY_USER
from identity_guard.stack.resources import Resource, account_of, principal_of

if TYPE_CHECKING:
    from identity_guard.stack.view import View

_IDS: Final = {DIRECTORY_USER: "userId", DIRECTORY_GROUP: "groupId"}


@dataclass(frozen=True, slots=True)
class Holding:
    """One assignment or entitlement: a permission set or role, held by some people in an account."""

    assignment: Resource
    identity: Identity
    account: str | None
    """None where it is not known."""
    people: frozenset[str] | None
    """Ids or URNs of the people; None where they are not all in sight."""
    principal: str | None
    """Id or URN of the person or group that is assigned it; None where it is not known."""
    seen: frozenset[str]
    """The people who are in sight, also where others are not."""
    person: bool
    """Whether it is a single person's, who may be unknown."""
    name: str | None
    """How the permission set or role is called; None where that is not known."""
    open_place: tuple[str, ...] = ()
    """The values that are not known yet and say where."""
    open_people: tuple[str, ...] = ()
    """The values that are not known yet and say who."""
    may_be: frozenset[str] | None = None
    """How it may be called where that is not known; None where it may be anything."""

    def may_be_called(self, name: str) -> bool:
        """Say whether a permission set or role of this name may be meant, for all that is known."""
        if self.name is not None:
            return self.name == name
        return self.may_be is None or name in self.may_be

    @property
    def waiting(self) -> tuple[str, ...]:
        """The values that are not known yet and say who holds it, or where."""
        return (*self.open_place, *self.open_people)


@dataclass
class DirectoryAccess:
    """All holdings of a stack."""

    view: "View"
    _by_id: dict[str, str] = field(default_factory=dict)
    _made: set[str] = field(default_factory=set)
    """Groups that this stack makes: of others it may know some members, and never all."""
    _members: dict[str, set[str]] = field(default_factory=dict)
    _partly_seen: dict[str, list[str]] = field(default_factory=dict)
    """Groups of whose members one at least is not in sight, with the values that are not known yet."""
    _unplaced: list[str] = field(default_factory=list)
    """Values that are not known yet and name the group of a member: it may be any."""

    def __post_init__(self) -> None:
        """Index people, groups and memberships."""
        for resource in self.view.stack.of_type(*_IDS):
            if (known := text_of(resource.identifier(_IDS[resource.type]))) is not None:
                self._by_id[known] = resource.urn
            if resource.type == DIRECTORY_GROUP:
                self._made.add(resource.urn)
        for membership in self.view.stack.of_type(DIRECTORY_MEMBERSHIP):
            self._note(membership)

    def _note(self, membership: Resource) -> None:
        group = self._who(membership, ("groupId",), DIRECTORY_GROUP)
        member = self._who(membership, ("memberId",), DIRECTORY_USER)
        if group is None:
            self._unplaced += _not_known_yet(membership, "groupId")
        elif member is None:
            self._partly_seen.setdefault(group, []).extend(_not_known_yet(membership, "memberId"))
        else:
            self._members.setdefault(group, set()).add(member)

    def _who(self, resource: Resource, path: tuple[str, ...], kind: str) -> str | None:
        """Tell a person or group: the URN of what makes it, else its id, else nothing."""
        if (known := resource.declared.text(*path)) is not None:
            return self._by_id.get(known, known)
        resources = self.view.resources
        made = [
            urn
            for urn in resource.by_property.get(path[0], ())
            if urn in resources and resources[urn].type == kind
        ]
        return made.pop() if len(made) == 1 else None

    def holdings(self) -> Iterator[Holding]:
        """Go through all assignments of permission sets, and all entitlements to roles."""
        for identity in self.view.identities.everyone:
            for entry in identity.entries:
                yield self._holding(entry, identity)

    def _holding(self, entry: Resource, identity: Identity) -> Holding:
        kind, named = principal_of(entry)
        principal = self._who(entry, named, kind) if kind else None
        account = account_of(entry)
        alone = kind == DIRECTORY_USER
        waiting = _not_known_yet(entry, "principalType")
        if principal is None:
            waiting += _not_known_yet(entry, *named)
            seen, whole = frozenset[str](), False
        elif alone:
            seen, whole = frozenset({principal}), True
        else:
            seen, whole = frozenset(self._members.get(principal, ())), self._is_whole(principal)
            if principal in self._made:
                waiting += [*self._partly_seen.get(principal, ()), *self._unplaced]
        return Holding(
            entry,
            identity,
            str(account.value) if isinstance(account, Known) else None,
            people=seen if whole else None,
            principal=principal,
            seen=seen,
            open_place=tuple(_place(entry, account)),
            open_people=tuple(waiting),
            person=alone,
            name=_known_name(identity),
        )

    def _is_whole(self, group: str) -> bool:
        """Say whether all members of a group are in sight."""
        return group in self._made and group not in self._partly_seen and not self._unplaced

    def groups_of(self, person: str) -> frozenset[str]:
        """Return the URNs of the groups that a person is in, as far as is in sight."""
        return frozenset(group for group, members in self._members.items() if person in members)


def _not_known_yet(resource: Resource, *path: str) -> list[str]:
    """Name the part of a property that is not known yet, if it is the value that is missing."""
    observed = resource.declared.get(*path)
    return [f"`{observed.path}` of {resource.label}"] if isinstance(observed, NotYetKnown) else []


def _known_name(identity: Identity) -> str | None:
    """Return the name of a permission set or role; None where it is made here and not known yet."""
    if identity.resource is None:
        return identity.key.value
    return text_of(identity.resource.identifier("name"))


def _place(entry: Resource, account: Observed) -> list[str]:
    return [f"`{account.path}` of {entry.label}"] if isinstance(account, NotYetKnown) else []
