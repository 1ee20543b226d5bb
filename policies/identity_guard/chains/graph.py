"""Who can become whom in one step: the edges between identities, each in the forms it can be given."""

import time
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from identity_guard.iam.catalogue.actions import catalogue, union
from identity_guard.iam.document.statement import Effect as Says
from identity_guard.iam.evaluate.attachment import attach
from identity_guard.iam.questions.verdict import judge

from .afar import Afar, Reaching
from .assuming import Assuming
from .names import numbers_in
from .organisation import Kind, Layers, Node, Organisation
from .own_documents import has_deny, reading, text_key, without_denies
from .powers import Place, Powers
from .sight import Form, Sight
from .steps import Edge, Proof
from .taking.denials import Denials
from .taking.joining import Joining
from .taking.own_tags import OwnTags, called_by
from .taking.session_tags import SessionTags
from .taking.take import Take
from .taking.takes import Takes
from .ways import Effect

ANYTHING: Final = attach(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}},
    "a policy of one's choosing",
)
ROOT_LEVEL: Final = "root-level"
ADMINISTRATOR: Final = "administrator"
CHANGING: Final = {
    Effect.WRITES: Form.WRITTEN,
    Effect.UNBINDS: Form.UNBOUND,
    Effect.UNDENIES: Form.UNDENIED,
}
ACTING: Final = frozenset({Kind.USER, Kind.ROLE, Kind.GROUP, Kind.PERMISSION_SET})


@dataclass(frozen=True)
class Position:
    """An identity in one of its forms."""

    node: Node
    form: Form

    @property
    def layers(self) -> Layers:
        """Its documents in that form."""
        own, *limits = self.node.layers
        if self.form & Form.UNDENIED:
            own = without_denies(own)
        if self.form & Form.WRITTEN:
            own = (*own, ANYTHING)
        if self.form & Form.UNBOUND:
            limits = list(self.node.scps)
        return (own, *limits)


class Graph:
    """All steps. Edges of a form that nobody gives to an identity are never asked for."""

    def __init__(
        self,
        organisation: Organisation,
        now: float | None = None,
        place: Place | None = None,
        *,
        beyond_the_strong: bool = True,
    ) -> None:
        """Prepare the questions. `now` is in seconds since 1970; by default the clock's.

        Chains to the strong end at them. Who looks for no others can leave out what the strong take: an
        administrator in each of 400 accounts takes all the others, and most of the time would go into that.
        """
        self.now = time.time() if now is None else now
        self.place = place or Place()
        self.sight = Sight(organisation)
        self._assuming = Assuming(self.sight, self.place, self.now)
        self._beyond_the_strong = beyond_the_strong
        self._takes: dict[Hashable, Takes] = {}
        self._strengths: dict[Hashable, str | None] = {}
        self._afar: list[Afar] = []
        self.joining = Joining(
            self.sight, self._strength_of, lambda node, layers: self._takes_by(node, layers).of_documents
        )
        self.denials = Denials(self.sight)
        self.own_tags = OwnTags(self.sight, self._takes_by, self._assumed_by)
        self.session_tags = SessionTags(self.sight, self._takes_by, self._assuming.entered_with)

    def number_of(self, node: Node, form: Form = Form.AS_IT_IS) -> int:
        """Return the number of a position."""
        return form * self.sight.size + self.sight.number[node]

    def position(self, number: int) -> Position:
        """Return the position with a number."""
        form, place = divmod(number, self.sight.size)
        return Position(self.sight.nodes[place], Form(form))

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """All edges, from identities as they are and from every form that an edge leads to."""
        found: list[Edge] = list(self._given())
        asked: set[int] = set()
        self._ask(range(self.sight.size), found, asked)
        while self._afar:
            waiting, self._afar = self._afar, []
            new = list(Reaching(found, self.sight.size).edges(waiting))
            found += new
            self._ask(self._changed_by(new), found, asked)
        return tuple(found)

    def _ask(self, waiting: Iterable[int], found: list[Edge], asked: set[int]) -> None:
        """Add the edges of some positions, and of those that these lead to."""
        left = list(waiting)
        while left := [number for number in left if number not in asked]:
            asked.update(left)
            new = [edge for number in left for edge in self._edges_of(number)]
            found += new
            left = self._changed_by(new)

    def _changed_by(self, edges: list[Edge]) -> list[int]:
        """Return the positions that edges lead to where somebody is changed, but for those strong already."""
        changed = union(edge.targets for edge in edges) >> self.sight.size << self.sight.size
        return [number for number in numbers_in(changed) if not self.strength(number)]

    def _given(self) -> Iterator[Edge]:
        """Yield the steps that are given already."""
        for entry in self.sight.organisation.entries:
            target = 1 << self.sight.number[entry.target]
            source = self.sight.number[entry.source]
            yield Edge(
                source, target, certain=True, way="given", does=entry.how, reference="", prove=_needless
            )

    def _edges_of(self, number: int) -> Iterator[Edge]:
        position = self.position(number)
        if position.node.kind not in ACTING:
            return iter(())
        if self.strength(number) and not self._beyond_the_strong:
            return iter(())
        composer = _Composer(self, number, position)
        found = list(composer.edges())
        if not self.strength(number):
            self._afar += composer.afar
        return iter(found)

    def takes_of(self, position: Position) -> Takes:
        """Return what the documents of a position take."""
        return self._takes_by(position.node, position.layers)

    def _takes_by(self, node: Node, layers: Layers) -> Takes:
        """Work it out once for all that read the same documents alike."""
        key = reading(node, layers)
        found = self._takes.get(key)
        if found is None:
            powers = Powers(node, layers, self.place, self.now, self._wide_policies)
            found = self._takes[key] = Takes(powers, self.sight)
        return found

    def _wide_policies(self, account: str) -> tuple[str, ...]:
        return self.sight.wide_policies(account, self.now)

    def assumed_by(self, position: Position) -> Iterator[Take]:
        """Return the roles that trust a position."""
        return self._assumed_by(position.node, position.layers)

    def _assumed_by(self, node: Node, layers: Layers) -> Iterator[Take]:
        if node.kind is Kind.GROUP:
            return iter(())
        return self._assuming.takes(node, layers, self._takes_by(node, layers))

    def strength(self, number: int) -> str | None:
        """Say whether a position is root-level or an administrator; None where it is neither for certain."""
        position = self.position(number)
        layers = position.layers
        if ANYTHING in layers[0] and len(layers) == 1 and not any(map(has_deny, layers[0])):
            return ROOT_LEVEL
        return self._strength_of(layers)

    def _strength_of(self, layers: Layers) -> str | None:
        if not _has_all_of_iam(layers):
            return None
        key = tuple(tuple(map(text_key, layer)) for layer in layers)
        if key not in self._strengths:
            self._strengths[key] = self._judged(layers)
        return self._strengths[key]

    def _judged(self, layers: Layers) -> str | None:
        verdict = judge(layers[0], None, layers[1:], now=self.now)
        if verdict.root_level:
            return ROOT_LEVEL
        return ADMINISTRATOR if verdict.administrator else None

    @cached_property
    def strong(self) -> int:
        """The positions that are root-level or administrators, as far as some edge leads there."""
        every = range(self.sight.size)
        reached = union(edge.targets for edge in self.edges) >> self.sight.size << self.sight.size
        return union(1 << n for n in (*every, *numbers_in(reached)) if self.strength(n))


class _Composer:
    """Puts together what one position takes: who writes somebody and becomes them, is them rewritten."""

    def __init__(self, graph: Graph, number: int, position: Position) -> None:
        self.graph = graph
        self.number = number
        self.node = position.node
        self.place = graph.sight.number[position.node]
        self.own = 1 << self.place
        own = graph.takes_of(position)
        self.powers = own.powers
        assumed = list(graph.assumed_by(position))
        takes = [*own.of_documents, *assumed]
        takes += graph.session_tags.takes(position.node, position.layers, assumed)
        takes += graph.own_tags.takes(position.node, position.layers, takes)
        self.takes = [take for take in takes if take.nodes]
        self.afar: list[Afar] = []
        """What is changed and not become in one step."""

    def edges(self) -> Iterator[Edge]:
        """Yield every edge."""
        becoming = [*self._with(Effect.BECOMES), *self._joining()]
        for take in becoming:
            if take.nodes & ~self.own:
                yield self._edge(take.nodes & ~self.own, Form.AS_IT_IS, (take,))
        for take in self._with(Effect.MAKES):
            yield self._edge(take.nodes, Form.WRITTEN, (take,))
        if self.node.kind is not Kind.GROUP:
            becoming = [self._itself(), *becoming]
        changes: dict[Form, list[Take]] = {}
        for effect, form in CHANGING.items():
            alone = self._undenied(becoming) if form is Form.UNDENIED else list(self._with(effect))
            together = {before | form: _together(takes, alone) for before, takes in changes.items()}
            changes |= {form: alone, **together}
        for form, takes in changes.items():
            yield from self._changed(takes, becoming, form)

    def _undenied(self, becoming: list[Take]) -> list[Take]:
        """Return those within reach that are rid of their Denies."""
        near = union(take.nodes for take in becoming)
        return list(self.graph.denials.takes(self.powers, near)) if near & self.graph.sight.denied else []

    def _with(self, effect: Effect) -> Iterator[Take]:
        return (take for take in self.takes if take.effect is effect)

    def _itself(self) -> Take:
        return Take(Effect.BECOMES, self.own, True, "", "", "", _needless)  # noqa: FBT003 - a row of its own

    def _joining(self) -> Iterator[Take]:
        """Yield groups: a user joins one itself; who is none lets a user join whose credentials it takes."""
        for take in self._with(Effect.JOINS):
            if self.node.kind is Kind.USER:
                yield from self.graph.joining.by_itself(self.node, take)
            else:
                yield from self.graph.joining.by_another(take, self._with(Effect.BECOMES))

    def _changed(self, changing: list[Take], becoming: list[Take], form: Form) -> Iterator[Edge]:
        """Yield who is changed and becomes what it was changed into; the same is yielded once."""
        near = union(take.nodes for take in becoming)
        self.afar += [Afar(self.number, t, form, left) for t in changing if (left := t.nodes & ~near)]
        for certain in (True, False):
            done = 0
            for change in changing:
                for become in becoming if change.certain or not certain else ():
                    nodes = change.nodes & become.nodes & ~done
                    if nodes and (change.certain and become.certain) is certain:
                        done |= nodes
                        yield self._edge(nodes, form, (change, become))

    def _edge(self, nodes: int, form: Form, takes: tuple[Take, ...]) -> Edge:
        named = [take for take in takes if take.way]
        return Edge(
            self.number,
            nodes << form * self.graph.sight.size,
            certain=all(take.certain for take in takes),
            way=" and ".join(take.way for take in named),
            does=" and ".join(take.does for take in named),
            reference="; ".join(dict.fromkeys(take.reference for take in named)),
            prove=_all_of([self._called(take) for take in takes], self.graph.sight.size),
        )

    def _called(self, take: Take) -> Callable[[int], Proof | None]:
        """Return the proof with the own name in every call."""
        return take.prove if take.names_caller else called_by(self.node, take.prove)


def _all_of(proofs: list[Callable[[int], Proof | None]], size: int) -> Callable[[int], Proof | None]:
    def prove(number: int) -> Proof | None:
        calls: Proof = ()
        for each in proofs:
            found = each(number % size)
            if found is None:
                return None
            calls += found
        return tuple({(call.action, call.resource): call for call in calls}.values())

    return prove


def _together(some: list[Take], others: list[Take]) -> list[Take]:
    return [_both(one, other) for one in some for other in others if one.nodes & other.nodes]


def _both(one: Take, other: Take) -> Take:
    return Take(
        Effect.WRITES,
        one.nodes & other.nodes,
        one.certain and other.certain,
        f"{one.way} and {other.way}",
        f"{one.does} and {other.does}",
        f"{one.reference}; {other.reference}",
        _all_of([one.prove, other.prove], 1 << 62),
    )


def _needless(_: int) -> Proof:
    return ()


def _has_all_of_iam(layers: Layers) -> bool:
    """Say whether documents could make an administrator, who has IAM whole: most name little of it."""
    missing = catalogue().service_masks["iam"]
    for attachment in layers[0]:
        for each in attachment.statements:
            if each.effect is Says.ALLOW:
                missing &= ~each.actions.possible
    return not missing
