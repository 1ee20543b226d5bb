"""What somebody may do in a session of a role whose tags it chooses.

Where a role's trust policy lets its sessions be tagged, whoever assumes it brings the tags on which leave
hangs. The role by itself stays undecided: which tags its other sessions have, nobody can know.

Source: IAM User Guide, id_session-tags.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Final

from identity_guard.chains.names import numbers_in
from identity_guard.chains.organisation import Kind, Layers, Node
from identity_guard.chains.own_documents import tags_of
from identity_guard.chains.sight import Sight
from identity_guard.chains.steps import Proof
from identity_guard.chains.tried_values import Values

from .own_tags import called_by
from .tagging import Tag, carrying, of_callers
from .take import Take
from .takes import Takes

SOURCE: Final = "IAM User Guide, id_session-tags"
MOST_SESSIONS: Final = 2_000
"""How many sessions are tried for one graph; those beyond stay undecided, as their roles are."""

Entering = Callable[[Node, Layers, Node, Values], Proof | None]
"""Return the calls that open a session of a role with some tags; None where they are not allowed."""


class SessionTags:
    """Finds what more somebody takes through sessions that it tags."""

    def __init__(self, sight: Sight, takes_of: Callable[[Node, Layers], Takes], entering: Entering) -> None:
        """Take over how it is found what documents take, and who opens which session."""
        self.sight = sight
        self._takes_of = takes_of
        self._entering = entering
        self._tried = 0

    def takes(self, node: Node, layers: Layers, already: Iterable[Take]) -> Iterator[Take]:
        """Yield what is taken in a session with a tag of one's choice."""
        for take in already:
            for number in numbers_in(take.nodes & self._tagged_by_session):
                role = self.sight.nodes[number]
                for tag in of_callers(s for each in role.documents for s in each.statements).tried:
                    if tag.value is not None:
                        yield from self._in_session(node, layers, role, tag)

    @cached_property
    def _tagged_by_session(self) -> int:
        """The roles whose sessions bring tags that their documents ask for."""
        return self.sight.numbers(node for node in self.sight.nodes if _takes_session_tags(node))

    def _in_session(self, node: Node, layers: Layers, role: Node, tag: Tag) -> Iterator[Take]:
        self._tried += 1
        opened = self._entering(node, layers, role, tag.asked) if self._tried <= MOST_SESSIONS else None
        if opened is None:
            return
        calls = tuple(carrying(call, tag) for call in opened)
        # Its trust policy has had its say; without it the tags of the session are known.
        session = replace(role, tags=tag.on(role.tags), trust=None)
        for take in self._takes_of(session, session.layers).of_documents:
            if take.nodes:
                first, then = called_by(node, lambda _: calls), called_by(session, take.prove)
                yield replace(
                    take,
                    way=f"tagged-session and {take.way}",
                    reference=f"{SOURCE}; {take.reference}",
                    prove=_both(first, then),
                    names_caller=True,
                )


def _both(
    first: Callable[[int], Proof | None], then: Callable[[int], Proof | None]
) -> Callable[[int], Proof | None]:
    def prove(number: int) -> Proof | None:
        opening, others = first(number), then(number)
        return None if opening is None or others is None else (*opening, *others)

    return prove


def _takes_session_tags(node: Node) -> bool:
    """Say whether a role's tags are not known because whoever assumes it may bring others."""
    if node.kind is not Kind.ROLE or node.tags is None or tags_of(node) is not None:
        return False
    return bool(of_callers(s for each in node.documents for s in each.statements).tried)
