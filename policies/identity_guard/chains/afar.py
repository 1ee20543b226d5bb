"""Who is changed by somebody that becomes them in several steps: written now, taken later.

A user that may put a policy on a role, and gets to the role through two others, ends up as the role with
that policy. What can be become in one step `graph` has joined already.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from .names import mask_of, numbers_in
from .sight import Form
from .steps import Edge, Proof
from .taking.take import Take

MOST_STEPS: Final = 500_000
"""How many edges are gone along for all these questions together: a second or two. What lies beyond is left
undecided."""


class Afar(NamedTuple):
    """A change of identities that its maker does not become in one step."""

    source: int
    take: Take
    form: Form
    nodes: int


class Reaching:
    """Goes forward along the edges: the certain ones first, then those that are only possible."""

    def __init__(self, edges: Iterable[Edge], size: int) -> None:
        """Sort the edges by where they start."""
        self.size = size
        self._certain: dict[int, list[Edge]] = {}
        self._possible: dict[int, list[Edge]] = {}
        for edge in edges:
            (self._certain if edge.certain else self._possible).setdefault(edge.source, []).append(edge)
        self._left = MOST_STEPS

    def edges(self, wanted: Iterable[Afar]) -> Iterator[Edge]:
        """Yield an edge for whatever is within reach, and an open one for what is perhaps.

        Perhaps is also what it took too long to find out.
        """
        for each in wanted:
            came_by = self._forward(each.source)
            if came_by is None:
                yield self._edge(each, each.nodes, lambda _: None, certain=False)
                continue
            nodes = each.nodes & self._as_they_are(came_by)
            if nodes:
                yield self._edge(each, nodes, _proof(each, came_by), certain=each.take.certain)
            left = each.nodes & ~nodes
            perhaps = left & self._perhaps(each.source, came_by) if left and self._possible else 0
            if perhaps:
                yield self._edge(each, perhaps, lambda _: None, certain=False)

    def _as_they_are(self, numbers: Iterable[int]) -> int:
        return mask_of(number for number in numbers if number < self.size)

    def _edge(self, each: Afar, nodes: int, prove: Callable[[int], Proof | None], *, certain: bool) -> Edge:
        take = each.take
        targets = nodes << each.form * self.size
        size = self.size
        return Edge(
            each.source, targets, certain, take.way, take.does, take.reference, lambda n: prove(n % size)
        )

    def _forward(self, source: int) -> dict[int, Edge] | None:
        """Return the edge by which each position is surely reached; None where it would take too long."""
        came_by: dict[int, Edge] = {}
        waiting = [source]
        reached = 1 << source
        for number in waiting:
            for edge in self._certain.get(number, ()):
                self._left -= 1
                if self._left < 0:
                    return None
                new = edge.targets & ~reached
                reached |= new
                for each in numbers_in(new):
                    came_by[each] = edge
                    waiting.append(each)
        return came_by

    def _perhaps(self, source: int, sure: Iterable[int]) -> int:
        """Return who else is reached if every possible edge is there; all where it would take too long."""
        waiting = [source, *sure]
        reached = mask_of(waiting)
        for number in waiting:
            for edge in (*self._possible.get(number, ()), *self._certain.get(number, ())):
                self._left -= 1
                if self._left < 0:
                    return ~0
                new = edge.targets & ~reached
                reached |= new
                waiting += numbers_in(new)
        return self._as_they_are(numbers_in(reached & ~(1 << source)))


def _proof(each: Afar, came_by: dict[int, Edge]) -> Callable[[int], Proof | None]:
    def prove(number: int) -> Proof | None:
        change = each.take.prove(number)
        if change is None:
            return None
        calls: Proof = ()
        place = number
        while place != each.source:
            found = came_by[place].prove(place)
            if found is None:
                return None
            calls, place = (*found, *calls), came_by[place].source
        return (*change, *calls)

    return prove
