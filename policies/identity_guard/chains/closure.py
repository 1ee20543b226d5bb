"""The shortest chains of steps to a goal: who ends up there, and how."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from .graph import Graph
from .names import lowest, numbers_in
from .organisation import Node
from .steps import Edge, Proof, Step


class _Next(NamedTuple):
    """How a position goes on."""

    edge: Edge
    target: int
    length: int


@dataclass(frozen=True)
class Chain:
    """Steps that lead from one identity to a goal."""

    steps: tuple[Step, ...]
    strength: str | None
    """What the last identity is: root-level, administrator, or neither where the goal was another."""

    @property
    def source(self) -> Node:
        """Who takes the steps."""
        return self.steps[0].source

    @property
    def goal(self) -> Node:
        """Who it becomes at last."""
        return self.steps[-1].target

    def __str__(self) -> str:
        """Write one step a line."""
        return "\n".join(map(str, self.steps))


@dataclass
class Chains:
    """The chains to a goal: by default to everybody who is root-level or an administrator.

    A step counts only with calls that were proved one by one; what could not be is left to `undecided`.
    """

    graph: Graph
    goal: int | None = None
    """A mask of positions; None for the strong ones."""
    _unproved: set[tuple[int, int]] = field(default_factory=set)
    _proofs: dict[tuple[int, int], Proof | None] = field(default_factory=dict)
    _steps: dict[tuple[int, int], Step] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Search from the goal backwards."""
        if self.goal is None:
            self.goal = self.graph.strong
        self._next = self._search(certain=True)

    @classmethod
    def to(cls, graph: Graph, nodes: Iterable[Node]) -> "Chains":
        """Return the chains to some identities as they are."""
        found = 0
        for node in nodes:
            found |= 1 << graph.number_of(node)
        return cls(graph, found)

    def sources(self) -> Iterator[Node]:
        """Go through all who reach the goal and are not there already."""
        for number, node in enumerate(self.graph.sight.nodes):
            if self.leads(number):
                yield node

    def leads(self, number: int) -> bool:
        """Say whether a position reaches the goal by steps that can be proved."""
        return self._first(number) is not None

    def of(self, node: Node) -> Chain | None:
        """Return the shortest chain of an identity; None where there is none for certain."""
        steps = []
        number = self.graph.number_of(node)
        while (following := self._first(number)) is not None:
            steps.append(self._step(number, following))
            number = following.target
        return Chain(tuple(steps), self.graph.strength(number)) if steps else None

    def undecided(self) -> dict[Node, Chain]:
        """Return those who reach the goal only by steps of which some could not be decided."""
        following = self._search(certain=False)
        found = {}
        for number, node in enumerate(self.graph.sight.nodes):
            if number in following and self._first(number) is None:
                found[node] = self._open_chain(number, following)
        return found

    def _open_chain(self, number: int, following: dict[int, _Next]) -> Chain:
        steps = []
        while number in following:
            steps.append(self._step(number, following[number]))
            number = following[number].target
        return Chain(tuple(steps), self.graph.strength(number))

    def _first(self, number: int) -> _Next | None:
        """Return the next step of a position, proved; where the proof fails, the search is done anew."""
        while (found := self._next.get(number)) is not None:
            if self._proof(found.edge, found.target) is not None:
                return found
            self._unproved.add((id(found.edge), found.target))
            self._next = self._search(certain=True)
        return None

    def _proof(self, edge: Edge, target: int) -> Proof | None:
        key = (id(edge), target)
        if key not in self._proofs:
            self._proofs[key] = edge.prove(target)
        return self._proofs[key]

    def _step(self, number: int, following: _Next) -> Step:
        key = (id(following.edge), following.target)
        if key not in self._steps:
            edge, target = following.edge, self.graph.position(following.target)
            source, calls = self.graph.position(number).node, self._proof(edge, following.target) or ()
            self._steps[key] = Step(
                source, target.node, target.form, edge.way, edge.does, edge.reference, calls
            )
        return self._steps[key]

    def _search(self, *, certain: bool) -> dict[int, _Next]:
        """Go back from the goal, the nearest first: for each position the first step of a shortest chain."""
        found: dict[int, _Next] = {}
        reached = frontier = self.goal or 0
        waiting = [edge for edge in self.graph.edges if edge.certain or not certain]
        length = 0
        while frontier:
            length += 1
            new = 0
            still: list[Edge] = []
            for edge in waiting:
                if reached >> edge.source & 1:
                    continue
                target = self._target_in(edge, edge.targets & frontier)
                if target is None:
                    still.append(edge)
                elif not new >> edge.source & 1:
                    found[edge.source] = _Next(edge, target, length)
                    new |= 1 << edge.source
            waiting, frontier = still, new
            reached |= new
        return found

    def _target_in(self, edge: Edge, targets: int) -> int | None:
        """Return the first of the targets whose step is not known to lack a proof."""
        if not targets:
            return None
        if not self._unproved:
            return lowest(targets)
        return next((each for each in numbers_in(targets) if (id(edge), each) not in self._unproved), None)
