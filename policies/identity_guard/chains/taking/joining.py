"""Groups that somebody joins: what a user may do then is what the group says, within what limits that user.

A user without limits of its own becomes the group. Where a boundary, SCPs or Denies stay with the user, the
documents of both are read together.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from identity_guard.chains.names import mask_of, numbers_in
from identity_guard.chains.organisation import Kind, Layers, Node
from identity_guard.chains.own_documents import text_key
from identity_guard.chains.sight import Sight
from identity_guard.chains.steps import Proof
from identity_guard.iam.document.statement import Effect as Says

from .take import Take

MOST_USERS: Final = 64
"""How many users are looked at for one that gains by joining a group, beside one that nothing limits."""
MOST_READ: Final = 2_000
"""For how many pairs of a limited user and a group the documents are read together; the rest is left open."""

TakesOf = Callable[[Node, Layers], Iterable[Take]]


class Joining:
    """Says who gains what by joining which group."""

    def __init__(self, sight: Sight, strength_of: Callable[[Layers], str | None], takes_of: TakesOf) -> None:
        """Take over how documents are judged, and what they let somebody take."""
        self.sight = sight
        self._strength_of = strength_of
        self._takes_of = takes_of
        self._answers: dict[Hashable, bool | None] = {}

    def by_itself(self, user: Node, take: Take) -> Iterator[Take]:
        """Yield the groups that a user joins."""
        groups = take.nodes & ~self.sight.groups_of.get(self.sight.number[user], 0)
        yield from self._answered(
            take, {g: self.gains(user, self.sight.nodes[g]) for g in numbers_in(groups)}
        )

    def by_another(self, take: Take, becoming: Iterable[Take]) -> Iterator[Take]:
        """Yield the groups that a user joins whose credentials somebody takes."""
        for held in becoming:
            users, is_whole = self._users(held.nodes)
            for number in users:
                user = self.sight.nodes[number]
                found = {g: self.gains(user, self.sight.nodes[g]) for g in numbers_in(take.nodes)}
                for each in self._answered(take, found):
                    yield _with_credentials(each, held, number)
                if all(found.values()) and take.certain and held.certain:
                    return
            if not is_whole:
                yield _with_credentials(replace(take, certain=False), held, users[0])

    def _users(self, nodes: int) -> tuple[list[int], bool]:
        """Return some users, first one that nothing limits, and whether these are all of them."""
        users = [n for n in numbers_in(nodes) if self.sight.nodes[n].kind is Kind.USER]
        free = next((n for n in users if not _is_limited(self.sight.nodes[n])), None)
        others = [n for n in users if n != free]
        first = [] if free is None else [free]
        return [*first, *others[:MOST_USERS]], len(others) <= MOST_USERS

    @staticmethod
    def _answered(take: Take, found: dict[int, bool | None]) -> Iterator[Take]:
        for answer in (True, None):
            groups = mask_of(number for number, given in found.items() if given is answer)
            if groups:
                yield replace(take, nodes=groups, certain=take.certain and answer is True)

    def gains(self, user: Node, group: Node) -> bool | None:
        """Say whether a user may do as a member what the group may; False where it gains nothing at all."""
        if not _is_limited(user) and _texts(user.scps) == _texts(group.scps):
            return True
        key = (user.account, _texts(user.layers), _texts(group.layers), user.name)
        if key not in self._answers:
            self._answers[key] = self._read(user, group) if len(self._answers) < MOST_READ else None
        return self._answers[key]

    def _read(self, user: Node, group: Node) -> bool | None:
        own, *limits = user.layers
        together = ((*own, *group.documents), *limits)
        is_strong, may_be = self._strength_of(together), self._strength_of(group.layers)
        gained = [*self._takes_of(user, together)]
        if (is_strong or not may_be) and all(
            _is_among(each, gained) for each in self._takes_of(group, group.layers) if each.certain
        ):
            return True
        had = [*self._takes_of(user, user.layers)]
        more = any(not _is_among(each, had) for each in gained)
        return None if is_strong or more else False


def _is_among(take: Take, others: Iterable[Take]) -> bool:
    left = take.nodes
    for other in others:
        if (other.way, other.effect) == (take.way, take.effect) and other.certain >= take.certain:
            left &= ~other.nodes
    return not left


def _is_limited(user: Node) -> bool:
    return user.boundary is not None or any(
        each.effect is Says.DENY for attachment in user.documents for each in attachment.statements
    )


def _texts(layers: Layers) -> Hashable:
    return tuple(tuple(map(text_key, layer)) for layer in layers)


def _with_credentials(take: Take, held: Take, user: int) -> Take:
    def prove(number: int) -> Proof | None:
        joined, credentials = take.prove(number), held.prove(user)
        return None if joined is None or credentials is None else (*joined, *credentials)

    return replace(take, certain=take.certain and held.certain, prove=prove)
