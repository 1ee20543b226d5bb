"""A report of what a stack grants: of its exported state, or of its model before anything is made."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from identity_guard.rules.whole_access.directory import DirectoryAccess, Holding
from identity_guard.stack.held_policies import HeldPolicy
from identity_guard.stack.identities import Identity
from identity_guard.stack.observe import part_of, text_of
from identity_guard.stack.resource_types import DIRECTORY_GROUP, DIRECTORY_USER, Content, IdentityKind
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View

from .contents import (
    DIRECTORY,
    ELSEWHERE,
    Account,
    Grant,
    Group,
    OtherAccess,
    PermissionSet,
    Person,
    Seen,
    Strength,
    Terms,
)
from .strength import strength_of

NOT_KNOWN: Final = "not known"


@dataclass
class StackAccess:
    """Everything about access in one stack, as a report has it."""

    view: View
    names: Mapping[str, str] = field(default_factory=dict)
    """Names of accounts by id, where somebody knows them."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Units of accounts by id."""
    terms: Mapping[str, Terms] = field(default_factory=dict)
    """What was written about an assignment, by the name of its resource."""

    def __post_init__(self) -> None:
        """Join the stack once."""
        self._directory = DirectoryAccess(self.view)
        self._holdings = list(self._directory.holdings())

    @property
    def people(self) -> tuple[Person, ...]:
        """The users that the stack makes, and those from elsewhere of whom it only has an id."""
        made = self._of_type(DIRECTORY_USER)
        unseen = {key for holding in self._holdings for key in holding.seen} - made.keys()
        unseen |= {key for holding in self._holdings if holding.person and (key := holding.principal)}
        return (
            *(Person(key, _shown(each), each.declared.text("userName")) for key, each in made.items()),
            *(Person(key, key, kept_in=ELSEWHERE) for key in sorted(unseen - made.keys())),
        )

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups, with the members that are in sight."""
        made = self._of_type(DIRECTORY_GROUP)
        whole: dict[str, tuple[frozenset[str], bool]] = {}
        for holding in self._holdings:
            if holding.principal is not None and not holding.person:
                whole[holding.principal] = (holding.seen, holding.people is not None)
        members = {
            key: whole.get(key, (self._members.get(key, frozenset()), True)) for key in {*made, *whole}
        }
        return tuple(
            Group(
                key,
                _shown(made[key]) if key in made else key,
                tuple(sorted(seen)),
                DIRECTORY if key in made else ELSEWHERE,
                members_known=known,
            )
            for key, (seen, known) in sorted(members.items())
        )

    @cached_property
    def _members(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for person in self._of_type(DIRECTORY_USER):
            for group in self._directory.groups_of(person):
                found.setdefault(group, set()).add(person)
        return {group: frozenset(people) for group, people in found.items()}

    @property
    def permission_sets(self) -> tuple[PermissionSet, ...]:
        """The permission sets, each with the evaluator's word on its strength."""
        return tuple(self._set(each) for each in self._identities(IdentityKind.PERMISSION_SET))

    @property
    def role_strengths(self) -> dict[str, Strength]:
        """The evaluator's word on each role that the stack itself makes, by its ARN."""
        roles = ((each, each.resource) for each in self._identities(IdentityKind.ROLE))
        return {
            arn: strength_of(self.view.judgement(identity))[0]
            for identity, made in roles
            if made is not None and (arn := text_of(made.identifier("arn")))
        }

    def _set(self, identity: Identity) -> PermissionSet:
        strength, why = strength_of(self.view.judgement(identity))
        made = identity.resource
        return PermissionSet(
            _key(identity),
            _name(identity),
            strength,
            why,
            tuple(dict.fromkeys(map(_policy, identity.grants))),
            next(map(_policy, identity.limits), None),
            made.declared.text("sessionDuration") if made else None,
        )

    @property
    def accounts(self) -> tuple[Account, ...]:
        """The accounts that somebody reaches, and those of the organisation that are known."""
        reached = {grant.account for grant in self.grants}
        ids = sorted({*reached, *self.names})
        return tuple(Account(each, self.names.get(each), self.units.get(each)) for each in ids)

    @property
    def grants(self) -> tuple[Grant, ...]:
        """The account assignments of which principal and account are known; of the others a note is made."""
        found = []
        for holding in self._of_kind(IdentityKind.PERMISSION_SET):
            if holding.principal is None or holding.account is None:
                continue
            kind: Literal["user", "group"] = "user" if holding.person else "group"
            terms = self.terms.get(holding.assignment.name, Terms())
            found.append(
                Grant(kind, holding.principal, _key(holding.identity), holding.account, Seen.CODE, terms)
            )
        return tuple(found)

    @property
    def unplaced(self) -> tuple[str, ...]:
        """The assignments of which it is not known whom they let in, or where."""
        return tuple(
            self._gap(each) for each in self._holdings if each.principal is None or each.account is None
        )

    def _gap(self, holding: Holding) -> str:
        """Say what of an assignment is not known, by the names that people know."""
        if holding.principal is None:
            return f"{holding.assignment.label}: whom it lets in is not known"
        kind = "user" if holding.person else "group"
        granted = f"{_name(holding.identity)} for {kind} {self._who(holding.principal)}"
        return f"{granted}: in which account is not known ({holding.assignment.name})"

    @property
    def others(self) -> tuple[OtherAccess, ...]:
        """The roles that account access manager lets somebody take."""
        roles = [
            OtherAccess(self._who(each.principal), "role", _role(each.identity), Seen.CODE)
            for each in self._of_kind(IdentityKind.ROLE)
        ]
        return tuple(roles)

    def _who(self, key: str | None) -> str:
        found = self.view.resources.get(key or "")
        return _shown(found) if found else key or NOT_KNOWN

    def _of_type(self, *types: str) -> dict[str, Resource]:
        return {each.urn: each for each in self.view.stack.of_type(*types)}

    def _identities(self, kind: IdentityKind) -> Iterator[Identity]:
        return (each for each in self.view.identities.everyone if each.key.kind is kind)

    def _of_kind(self, kind: IdentityKind) -> Iterable[Holding]:
        return (each for each in self._holdings if each.identity.key.kind is kind)


def _shown(resource: Resource) -> str:
    return resource.declared.text("displayName") or resource.declared.text("userName") or resource.name


def _key(identity: Identity) -> str:
    return identity.resource.urn if identity.resource else identity.key.value


def _name(identity: Identity) -> str:
    if identity.resource is None:
        return identity.key.value.rpartition("/")[2]
    return text_of(identity.resource.identifier("name")) or identity.resource.name


def _role(identity: Identity) -> str:
    return identity.key.value if identity.resource is None else _name(identity)


def _policy(held: HeldPolicy) -> str:
    """Name a policy as people call it."""
    match held.content:
        case Content.MANAGED:
            return (text_of(held.observed) or NOT_KNOWN).rpartition("/")[2]
        case Content.REFERENCE:
            return text_of(part_of(held.observed, "name")) or NOT_KNOWN
        case _:
            return held.name or "inline policy"
