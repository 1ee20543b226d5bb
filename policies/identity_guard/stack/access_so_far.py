"""Who holds what where, by what an update has made so far.

Before a resource is made the engine shows its inputs only, all of them known: people, groups and permission
sets are told apart by their ids and ARNs, which no resource of theirs shows. A permission set's name is
known where something that carries its ARN is a child of it, or of the component that it is a child of:
pulumi-aws gives name and ARN together only once the set is made.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from .identities import Identity, Key
from .observe import Known
from .resource_types import (
    DIRECTORY_MEMBERSHIP,
    DIRECTORY_USER,
    PERMISSION_SET,
    PERMISSION_SET_COMPONENT,
    IdentityKind,
)
from .resources import ACCOUNT_AT, Resource, account_of, principal_of


@dataclass(frozen=True, slots=True)
class WayIn:
    """One assignment or entitlement that was seen."""

    resource: Resource
    identity: Identity
    account: str
    principal: str
    person: bool


@dataclass
class AccessSoFar:
    """An index that grows resource by resource."""

    _ways_in: dict[str, WayIn] = field(default_factory=dict)
    _by_account: defaultdict[str, dict[str, WayIn]] = field(default_factory=lambda: defaultdict(dict))
    _by_principal: defaultdict[str, dict[str, WayIn]] = field(default_factory=lambda: defaultdict(dict))
    _members: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _sets: dict[str, Resource] = field(default_factory=dict)
    """Permission sets, by their own URN and by that of the component that they are the only one of."""
    _set_of: dict[Key, Resource] = field(default_factory=dict)

    def add(self, resource: Resource, touched: Iterable[Identity]) -> None:
        """Take in one resource with the identities that it makes, changes or completes."""
        if resource.type == PERMISSION_SET:
            self._sets[resource.urn] = resource
            if resource.parent and _type_in(resource.parent) == PERMISSION_SET_COMPONENT:
                self._sets[resource.parent] = resource
        if resource.type == DIRECTORY_MEMBERSHIP:
            group, member = resource.declared.text("groupId"), resource.declared.text("memberId")
            if group and member:
                self._members[group].add(member)
        for identity in touched:
            self._name(identity, resource)
            if resource.type in ACCOUNT_AT:
                self._enter(resource, identity)

    def _name(self, identity: Identity, child: Resource) -> None:
        made = self._sets.get(child.parent or "")
        if identity.key.kind is IdentityKind.PERMISSION_SET and identity.resource is None and made:
            self._set_of.setdefault(identity.key, made)

    def _enter(self, resource: Resource, identity: Identity) -> None:
        account, (kind, named) = account_of(resource), principal_of(resource)
        principal = resource.declared.text(*named)
        if not isinstance(account, Known) or principal is None:
            return
        way_in = WayIn(resource, identity, str(account.value), principal, kind == DIRECTORY_USER)
        if earlier := self._ways_in.get(resource.urn):
            # A replacement is asked about under the same URN once more.
            self._by_account[earlier.account].pop(resource.urn, None)
            self._by_principal[earlier.principal].pop(resource.urn, None)
        self._ways_in[resource.urn] = way_in
        self._by_account[way_in.account][resource.urn] = way_in
        self._by_principal[way_in.principal][resource.urn] = way_in

    def at(self, account: str) -> list[WayIn]:
        """Return what lets people into an account."""
        return list(self._by_account.get(account, {}).values())

    def changed_by(self, resource: Resource, touched: Iterable[Identity]) -> list[WayIn]:
        """Return the ways in by which a resource gives somebody more than before."""
        if resource.type == DIRECTORY_MEMBERSHIP:
            return list(self._by_principal.get(resource.declared.text("groupId") or "", {}).values())
        ways_in = (
            (resource,)
            if resource.type in ACCOUNT_AT
            else (each for identity in touched for each in identity.entries)
        )
        return [self._ways_in[each.urn] for each in ways_in if each.urn in self._ways_in]

    def people(self, way_in: WayIn) -> frozenset[str]:
        """Return the ids of those whom a way in lets in."""
        if way_in.person:
            return frozenset({way_in.principal})
        return frozenset(self._members.get(way_in.principal, ()))

    def name_of(self, identity: Identity) -> str | None:
        """Return how it is called; None where that is not known."""
        if identity.key.kind is not IdentityKind.PERMISSION_SET:
            return identity.key.value
        made = identity.resource or self._set_of.get(identity.key)
        return made.declared.text("name") if made else None

    def nameless(self) -> frozenset[str]:
        """Return the names of the permission sets whose ARN is not known."""
        known = {made.urn for made in self._set_of.values()}
        sets = {made.urn: made for made in self._sets.values() if made.urn not in known}
        return frozenset(name for made in sets.values() if (name := made.declared.text("name")))


def _type_in(urn: str) -> str:
    """`urn:pulumi:STACK::PROJECT::PARENTS$TYPE::NAME`."""
    return urn.split("::")[2].rpartition("$")[2]
