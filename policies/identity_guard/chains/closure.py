"""The shortest chains of steps to a goal: who ends up there, and how."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from .graph import Graph
from .names import lowest, mask_of, numbers_in
from .organisation import Node
from .steps import Edge, Proof, Step

FEW: Final = 16
"""An edge with so many targets is found under each of them."""


class _Next(NamedTuple):
    """How a position goes on."""

    edge: Edge
    target: int


@dataclass(frozen=True)
class _Following:
    """How each position goes on, and the steps that were written out: many chains end alike."""

    next: dict[int, _Next]
    steps: dict[int, tuple[Step, int]] = field(default_factory=dict)


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


class _Backwards:
    """Finds the edges that lead to positions, without looking at every edge again for each level.

    An edge with few targets is found under each of them; those with many are kept together where they have
    the same, since thousands of identities may do the same to thousands.
    """

    def __init__(self, edges: Sequence[Edge]) -> None:
        """Index the edges, which are numbered in their order."""
        self.edges = edges
        self._under: dict[int, list[int]] = {}
        self._wide: dict[int, list[int]] = {}
        for number, edge in enumerate(edges):
            if edge.targets.bit_count() <= FEW:
                for target in numbers_in(edge.targets):
                    self._under.setdefault(target, []).append(number)
            else:
                self._wide.setdefault(edge.targets, []).append(number)

    def leading_to(self, frontier: int) -> list[Edge]:
        """Return the edges with a target among some positions, in their order."""
        found = {number for target in numbers_in(frontier) for number in self._under.get(target, ())}
        for targets, numbers in self._wide.items():
            if targets & frontier:
                found.update(numbers)
        return [self.edges[number] for number in sorted(found)]


@dataclass
class Chains:
    """The chains to a goal: by default to everybody who is root-level or an administrator.

    A step counts only with calls that were proved one by one; what could not be is left to `undecided`.
    Each step is proved once, when the search first comes to it, so that the time grows with the edges.
    """

    graph: Graph
    goal: int | None = None
    """A mask of positions; None for the strong ones."""
    _proofs: dict[tuple[int, int], Proof | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Search from the goal backwards."""
        if self.goal is None:
            self.goal = self.graph.strong
        self._following = _Following(self._search(certain=True))

    @classmethod
    def to(cls, graph: Graph, nodes: Iterable[Node]) -> "Chains":
        """Return the chains to some identities as they are."""
        return cls(graph, mask_of(graph.number_of(node) for node in nodes))

    def sources(self) -> Iterator[Node]:
        """Go through all who reach the goal and are not there already."""
        for number, node in enumerate(self.graph.sight.nodes):
            if self.leads(number):
                yield node

    def leads(self, number: int) -> bool:
        """Say whether a position reaches the goal by steps that can be proved."""
        return number in self._following.next

    def of(self, node: Node) -> Chain | None:
        """Return the shortest chain of an identity; None where there is none for certain."""
        number = self.graph.number_of(node)
        return self._chain(number, self._following) if self.leads(number) else None

    def undecided(self) -> dict[Node, Chain]:
        """Return those who reach the goal only by steps of which some could not be decided."""
        following = _Following(self._search(certain=False))
        return {
            node: self._chain(number, following)
            for number, node in enumerate(self.graph.sight.nodes)
            if number in following.next and not self.leads(number)
        }

    def _chain(self, number: int, following: _Following) -> Chain:
        steps = []
        while number in following.next:
            step, number = following.steps.get(number) or self._step(number, following)
            steps.append(step)
        return Chain(tuple(steps), self.graph.strength(number))

    def _proof(self, edge: Edge, target: int) -> Proof | None:
        key = (id(edge), target)
        if key not in self._proofs:
            self._proofs[key] = edge.prove(target)
        return self._proofs[key]

    def _step(self, number: int, following: _Following) -> tuple[Step, int]:
        edge, place = following.next[number]
        source, target = self.graph.position(number).node, self.graph.position(place)
        calls = self._proof(edge, place) or ()
        step = Step(source, target.node, target.form, edge.way, edge.does, edge.reference, calls)
        following.steps[number] = step, place
        return step, place

    def _search(self, *, certain: bool) -> dict[int, _Next]:
        """Go back from the goal, the nearest first: for each position the first step of a shortest chain."""
        found: dict[int, _Next] = {}
        reached = frontier = self.goal or 0
        backwards = _Backwards([edge for edge in self.graph.edges if edge.certain or not certain])
        while frontier:
            new: set[int] = set()
            for edge in backwards.leading_to(frontier):
                if edge.source in new or reached >> edge.source & 1:
                    continue
                target = self._target_in(edge, edge.targets & frontier, certain=certain)
                if target is not None:
                    found[edge.source] = _Next(edge, target)
                    new.add(edge.source)
            frontier = mask_of(new)
            reached |= frontier
        return found

    def _target_in(self, edge: Edge, targets: int, *, certain: bool) -> int | None:
        """Return the first of the targets for which the step is proved, or any where nothing is asked for."""
        if not certain:
            return lowest(targets)
        return next((each for each in numbers_in(targets) if self._proof(edge, each) is not None), None)
