"""What a rule is shown: the resources, the identities joined from them, and a verdict for each when asked.

A rule may also ask for the order: whether what limits an identity is made before what it limits. In an
update a resource is judged by what was made before it, so a limit that comes late refuses what it would
have limited. A preview sees the dependencies, and can say so in time.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Final

from identity_guard.iam.document.statement import Effect

from .access_so_far import AccessSoFar
from .held_policies import HeldPolicy
from .identities import FIRST_TYPES, Identities, Identity, Key
from .judgement import Judgement, judge_identity
from .phase import TODAY_VARIABLE, ClockError, Phase, today
from .policy_documents import PolicyDocuments
from .resource_types import CREDENTIAL_ROWS, ENTRY_ROWS, POLICY
from .resources import Resource, Stack

_WITHOUT_POLICIES: Final = frozenset(row.type for row in (*ENTRY_ROWS, *CREDENTIAL_ROWS))
"""What says who uses an identity and changes nothing of what it may do, unless it depends on the account:
assignments come by the thousand."""


@dataclass
class View:
    """All that was seen so far. It grows, and verdicts are kept until a resource changes their identity."""

    phase: Phase
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    resources: dict[str, Resource] = field(default_factory=dict)
    identities: Identities = field(default_factory=Identities)
    documents: PolicyDocuments = field(default_factory=PolicyDocuments)
    access: AccessSoFar = field(default_factory=AccessSoFar)
    """Filled in an update only; elsewhere `DirectoryAccess` reads the whole."""
    links: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By URN of a resource that no rule covers, what it depends on: others may wait for it."""
    touched: tuple[Identity, ...] = ()
    """The identities that the latest resource makes, changes or completes."""
    _judgements: dict[Key, Judgement] = field(default_factory=dict)

    @classmethod
    def of_all(cls, phase: Phase, resources: Mapping[str, Resource], supplied: Mapping[str, str]) -> "View":
        """Make the view of a whole stack; identities and policies first, so that attachments find them."""
        view = cls(phase, documents=PolicyDocuments(supplied))
        for first in (True, False):
            for resource in resources.values():
                if (resource.type in FIRST_TYPES) is first:
                    view.add(resource)
        view.touched = ()
        return view

    @property
    def stack(self) -> Stack:
        """The resources seen so far."""
        return Stack(self.resources)

    def dependencies(self, urn: str) -> frozenset[str]:
        """Return the URNs of what a resource depends on directly; none where nothing is known of it."""
        found = self.resources.get(urn)
        return self.links.get(urn, frozenset()) if found is None else found.dependencies

    def add(self, resource: Resource) -> None:
        """Take in one resource."""
        self.resources[resource.urn] = resource
        self.documents.add(resource)
        self.touched = tuple(self.identities.add(resource))
        if self.phase is Phase.UPDATE:
            self.access.add(resource, self.touched)
        if resource.type == POLICY:
            # Whoever holds it may have been judged without its text.
            self._judgements.clear()
        else:
            for identity in self.touched:
                if resource.type not in _WITHOUT_POLICIES or identity.depends_on_accounts:
                    self._judgements.pop(identity.key, None)

    def judgement(self, identity: Identity) -> Judgement:
        """Return what the identity's policies come to."""
        found = self._judgements.get(identity.key)
        if found is None:
            found = self.judge(identity)
            self._judgements[identity.key] = found
        return found

    def judge(self, identity: Identity) -> Judgement:
        """Judge an identity that a rule made up, such as one without its boundary."""
        return judge_identity(identity, self.identities, self.documents, self.now())

    def now(self) -> float | None:
        """Return the time of the check in seconds since 1970; None, the clock's, where no day is set."""
        if TODAY_VARIABLE not in self.environment:
            return None
        try:
            day = self.today()
        except ClockError:
            # The MFA rule tells that the variable holds no day.
            return None
        return datetime.combine(day, time(), UTC).timestamp()

    def today(self) -> date:
        """Return the day of the check. Raises ClockError."""
        return today(self.environment)


def limiting_holders(identity: Identity, view: View) -> dict[str, Resource]:
    """Return the resources, besides the identity itself, that bring its boundary or a Deny; by URN."""
    held = [*identity.limits, *(each for each in _all_grants(identity, view) if _denies(each, view))]
    own = identity.resource.urn if identity.resource else None
    return {each.holder.urn: each.holder for each in held if each.holder.urn != own}


def without(identity: Identity, holders: Mapping[str, Resource], view: View) -> Identity:
    """Return the identity as it is before some resources are made, its groups' policies as its own."""
    return replace(
        identity,
        grants=[each for each in _all_grants(identity, view) if each.holder.urn not in holders],
        limits=[each for each in identity.limits if each.holder.urn not in holders],
        lists=[each for each in identity.lists if each.holder.urn not in holders],
        groups=[],
    )


def unordered(
    later: Iterable[Resource], first: Iterable[Resource], view: View
) -> Iterator[tuple[Resource, Resource]]:
    """Yield every pair of which nothing makes the second come before the first."""
    needed = list(first)
    for resource in later:
        before = made_before(resource, view)
        yield from ((resource, other) for other in needed if other.urn not in before)


def made_before(resource: Resource, view: View) -> set[str]:
    """Return the URNs of all that a resource depends on, directly or through others."""
    seen: set[str] = set()
    open_ends = [resource.dependencies]
    while open_ends:
        for urn in open_ends.pop() - seen:
            seen.add(urn)
            open_ends.append(view.dependencies(urn))
    return seen


def _all_grants(identity: Identity, view: View) -> list[HeldPolicy]:
    groups = [found for key in identity.groups if (found := view.identities.by_key.get(key))]
    return [*identity.grants, *(each for group in groups for each in group.grants)]


def _denies(held: HeldPolicy, view: View) -> bool:
    statements = view.documents.resolve(held).attachment.statements
    return any(statement.effect is Effect.DENY for statement in statements)
