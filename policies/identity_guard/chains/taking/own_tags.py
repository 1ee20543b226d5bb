"""What somebody may do once it has tagged itself.

A user that may set its own tags holds whatever leave hangs on them, in its documents and in the trust
policies of roles. A role's new tags come with its next session.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from identity_guard.chains.organisation import Kind, Layers, Node
from identity_guard.chains.own_documents import as_called_by, tags_of
from identity_guard.chains.sight import Sight
from identity_guard.chains.steps import Proof
from identity_guard.chains.ways import On
from identity_guard.iam.catalogue.actions import union

from .tagging import SOURCE, Tag, of_callers, with_tag
from .take import Take
from .takes import Takes

_ON: Final = {Kind.USER: On.USER, Kind.ROLE: On.ROLE}


class OwnTags:
    """Finds what more somebody takes with other tags."""

    def __init__(
        self,
        sight: Sight,
        takes_of: Callable[[Node, Layers], Takes],
        assumed_by: Callable[[Node, Layers], Iterator[Take]],
    ) -> None:
        """Take over how it is found what documents take, and which roles trust somebody."""
        self.sight = sight
        self._takes_of = takes_of
        self._assumed_by = assumed_by

    def takes(self, node: Node, layers: Layers, already: Iterable[Take]) -> Iterator[Take]:
        """Yield what is taken with a tag of one's own and not without."""
        on, own = _ON.get(node.kind), self._takes_of(node, layers)
        if on is None or tags_of(node) is None or not node.is_changeable:
            return
        names, found = self.sight.names(on, node.account), list(already)
        asked = of_callers(each.statement for each in own.powers.grants.statements)
        for tag in (*asked.or_another, *self.sight.tags_of_callers.or_another):
            taggable, itself = own.taggable(on, names, tag), self.sight.own_bit(node)
            if not taggable.possible & itself:
                continue
            tagged = replace(node, tags=tag and tag.on(node.tags))
            for each in (*self._takes_of(tagged, layers).of_documents, *self._assumed_by(tagged, layers)):
                take = replace(each, certain=each.certain and bool(taggable.certain & itself))
                more = take.nodes & ~_taken(found, take)
                if more:
                    yield self._after(replace(take, nodes=more), node, tagged, tag, on, own)

    def _after(self, take: Take, node: Node, tagged: Node, tag: Tag | None, on: On, own: Takes) -> Take:  # noqa: PLR0913, PLR0917 - who tags itself how, and what follows
        def first(_: int) -> Proof | None:
            return tag and own.tagging(on, tag, self.sight.number[node], node.arn)

        tags, then = called_by(node, first), called_by(tagged, take.prove)

        def prove(number: int) -> Proof | None:
            calls, others = tags(number), then(number)
            return None if calls is None or others is None else (*calls, *others)

        reference = f"{SOURCE}; {take.reference}"
        return replace(take, way=with_tag(take.way), reference=reference, prove=prove, names_caller=True)


def _taken(found: Iterable[Take], take: Take) -> int:
    """Return whom others of some takes give in the same way."""
    return union(each.nodes for each in found if each.effect is take.effect and each.certain >= take.certain)


def called_by(node: Node, prove: Callable[[int], Proof | None]) -> Callable[[int], Proof | None]:
    """Return a proof with somebody's name in every call."""

    def called(number: int) -> Proof | None:
        calls = prove(number)
        return None if calls is None else tuple(as_called_by(node, call) for call in calls)

    return called
