"""Statements made ready for questions: by layer, with the truth of their conditions in every context state.

The layers of a decision are the identity's own policies, its boundary, and one for each level of SCPs. A
call is allowed where every layer allows it and no statement of any layer denies it (IAM User Guide,
reference_policies_evaluation-logic).
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from typing import Final, NamedTuple

from identity_guard.iam.catalogue.action_sets import ActionSet
from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.arn_shapes import USUAL, Own
from identity_guard.iam.catalogue.regions import PARTITIONS, REGIONS
from identity_guard.iam.document.condition import Clause, Values
from identity_guard.iam.document.statement import Effect, Statement
from identity_guard.iam.text.three_valued import all_of
from identity_guard.iam.text.wildcard import has_wildcard, is_everything, matches, matches_any

from .arn_patterns import ACCOUNT_DIGITS, ACCOUNT_PART, SERVICE_PART
from .attachment import Attachment
from .context_space import cut, dimension_name
from .context_state import UNTRIED, ContextState, Dimension, Setting

# How far a list of resource patterns reaches: to all resources, to none, or to those that it names.


class ResourceScope(Enum):
    """How far a statement's Resource or NotResource reaches."""

    EVERYTHING = "every resource"
    EVERY_ARN = "every ARN, which leaves out the actions that take no resource"
    LISTED = "what its patterns name"
    NOTHING = "no resource"


_OPPOSITE: Final = {
    ResourceScope.EVERYTHING: ResourceScope.NOTHING,
    ResourceScope.NOTHING: ResourceScope.EVERYTHING,
}


def extent_of(patterns: Sequence[str], *, excluded: bool) -> ResourceScope:
    """Return how far patterns reach; with `excluded`, how far what they leave reaches."""
    found = _extent(patterns)
    return _OPPOSITE.get(found, ResourceScope.LISTED) if excluded else found


def _extent(patterns: Sequence[str]) -> ResourceScope:
    if not patterns:
        return ResourceScope.NOTHING
    if "*" in patterns or any(map(is_everything, patterns)):
        return ResourceScope.EVERYTHING
    if any(map(takes_every_arn, patterns)):
        return ResourceScope.EVERY_ARN
    return ResourceScope.LISTED


def takes_every_arn(pattern: str) -> bool:
    """Recognise `arn:*`, `arn:aws:*`, `arn:*:*:*:*:*` and the like."""
    parts = pattern.split(":")
    is_partition = len(parts) == 1 or parts[1] in REGIONS or not parts[1].strip("*")
    return (
        parts[0] in ("arn", "*", "arn*")
        and is_partition
        and pattern.endswith("*")
        and not "".join(parts[2:]).strip("*")
    )


MOST_WORLDS: Final = 4_096
"""How many combinations of context states are gone through for one question; beyond, it is left undecided."""


@dataclass(frozen=True, eq=False)
class LayeredStatement:
    """A statement of one attachment in one layer."""

    layer: int
    attachment: Attachment
    statement: Statement

    @property
    def allows(self) -> bool:
        """Whether it allows what it is about; it denies that otherwise."""
        return self.statement.effect is Effect.ALLOW

    @property
    def actions(self) -> ActionSet:
        """The actions it is about."""
        return self.statement.actions

    @cached_property
    def scope(self) -> ResourceScope:
        """How far its resources reach."""
        return extent_of(self.statement.resources, excluded=self.statement.resources_excluded)

    @cached_property
    def by_dimension(self) -> Mapping[str, list[Clause]]:
        """Its clauses by the dimension of their key."""
        found: dict[str, list[Clause]] = {}
        for clause in self.statement.clauses:
            found.setdefault(dimension_name(clause.key), []).append(clause)
        return found


World = dict[str, int]
"""The number of a context state for each dimension that matters."""


class Space:
    """The context states that a set of statements tells apart, and the truth of each statement in them."""

    def __init__(self, statements: Sequence[LayeredStatement], setting: Setting) -> None:
        self.statements = statements
        self.setting = setting
        self._dimensions: dict[str, Dimension] = {}
        self._truths: dict[tuple[int, str], list[bool | None]] = {}
        self._places: dict[tuple[str, Assumptions], list[int]] = {}

    def dimension(self, name: str) -> Dimension:
        """Return a dimension, cut for every clause of every statement on its keys."""
        found = self._dimensions.get(name)
        return self._cut(name) if found is None else found

    def _cut(self, name: str) -> Dimension:
        """Cut a dimension, and compare every clause on it with every context state once."""
        statements = [layered for layered in self.statements if name in layered.by_dimension]
        clauses = [clause for layered in statements for clause in layered.by_dimension[name]]
        context_states = cut(name, clauses, self.setting).context_states
        states = [dict(context_state.values) for context_state in context_states]
        # For each clause whether it holds, context state by context state.
        columns = [_truths_of(clause, states) for clause in clauses]
        kept = (
            range(len(context_states))
            if name in self.setting.tried
            else _representatives(context_states, columns)
        )
        first = 0
        for layered in statements:
            end = first + len(layered.by_dimension[name])
            truths = _all_of_each(columns[first:end])
            self._truths[id(layered), name] = [truths[place] for place in kept]
            first = end
        found = self._dimensions[name] = Dimension(name, tuple([context_states[place] for place in kept]))
        return found

    def truths(self, layered: LayeredStatement, name: str) -> list[bool | None]:
        """Return whether a statement's clauses on a dimension hold, one context state after another."""
        if name not in self._dimensions:
            self._cut(name)
        return self._truths[id(layered), name]

    def holds(self, layered: LayeredStatement, world: World) -> bool | None:
        """Say whether the conditions of a statement hold in a world that covers all its dimensions."""
        result: bool | None = True
        for name in layered.by_dimension:
            truth = self.truths(layered, name)[world[name]]
            if truth is False:
                return False
            result = None if truth is None else result
        return result

    def can_hold(self, layered: LayeredStatement, assumptions: "Assumptions") -> bool:
        """Say whether a statement holds, or may hold, in some world."""
        for name in layered.by_dimension:
            truths = self.truths(layered, name)
            seen = [truths[place] for place in self.places(name, assumptions)]
            if seen.count(False) == len(seen):
                return False
        return True

    def can_hold_for_all(self, layered: LayeredStatement, assumptions: "Assumptions") -> bool:
        """Recognise a statement that certainly holds in some world, where calls of all actions can be."""
        for name in layered.by_dimension:
            truths, context_states = self.truths(layered, name), self.dimension(name).context_states
            if not any(
                truths[place] and context_states[place].is_for_all for place in self.places(name, assumptions)
            ):
                return False
        return True

    def must_hold(self, layered: LayeredStatement, assumptions: "Assumptions") -> bool:
        """Say whether a statement certainly holds in every world."""
        for name in layered.by_dimension:
            truths = self.truths(layered, name)
            seen = [truths[place] for place in self.places(name, assumptions)]
            if seen.count(True) != len(seen):
                return False
        return True

    def places(self, name: str, assumptions: "Assumptions") -> list[int]:
        """Return the numbers of the context states of a dimension that are looked at."""
        found = self._places.get((name, assumptions))
        if found is None:
            context_states = self.dimension(name).context_states
            found = [
                place
                for place, context_state in enumerate(context_states)
                if assumptions.admits(name, context_state)
            ]
            self._places[name, assumptions] = found
        return found

    def worlds(
        self, statements: Iterable[LayeredStatement], assumptions: "Assumptions"
    ) -> Iterator[World] | None:
        """Go through the combinations of states that statements tell apart; None if there are too many."""
        names = list(dict.fromkeys(name for layered in statements for name in layered.by_dimension))
        choices: list[list[int]] = []
        count = 1
        for name in names:
            choices.append(self.places(name, assumptions))
            count *= len(choices[-1])
            if count > MOST_WORLDS:
                return None
        return (dict(zip(names, places, strict=True)) for places in itertools.product(*choices))

    def likeliest(
        self,
        wished: LayeredStatement,
        welcome: Sequence[LayeredStatement],
        opposed: Sequence[LayeredStatement],
        assumptions: "Assumptions",
    ) -> World | None:
        """Return one world in which a statement holds, many welcome ones do and few opposed ones.

        It is chosen dimension by dimension: not the best there is, only a good one to try first. None where
        the statement cannot hold.
        """
        world: World = {}
        for name in dict.fromkeys(
            name for layered in (wished, *welcome, *opposed) for name in layered.by_dimension
        ):
            context_states = self.dimension(name).context_states
            places = self.places(name, assumptions)
            if name in wished.by_dimension:
                places = [place for place in places if self.truths(wished, name)[place]]
            if not places:
                return None
            good = [self.truths(layered, name) for layered in welcome if name in layered.by_dimension]
            bad = [self.truths(layered, name) for layered in opposed if name in layered.by_dimension]
            world[name] = max(
                places,
                key=lambda place: (
                    sum(truths[place] is False for truths in bad)
                    + sum(truths[place] is True for truths in good),
                    context_states[place].ordinary,
                    -place,
                ),
            )
        return world

    def context_states_of(self, world: World) -> list[ContextState]:
        """Return the context states of a world."""
        return [self.dimension(name).context_states[place] for name, place in world.items()]


class Assumptions(NamedTuple):
    """Which context states a question looks at."""

    ordinary: bool = False
    """Only the states of ordinary calls."""
    mode: tuple[tuple[str, int], ...] = ()
    """The mode chosen in some dimensions."""
    values: tuple[tuple[str, tuple[str | None, ...]], ...] = ()
    """For some keys the values that count, None for an absent key."""
    region: str = ""
    """The one Region that is looked at, ordinary or not."""

    def admits(self, name: str, context_state: ContextState) -> bool:
        """Say whether a context state is looked at."""
        if self.region and name == "region":
            return context_state.values[0][1] == (self.region,)
        if self.ordinary and not context_state.ordinary:
            return False
        for dimension, mode in self.mode:
            if dimension == name and context_state.mode != mode:
                return False
        for key, wanted in self.values:
            for each, found in context_state.values:
                if each == key and not _is_wanted(context_state, found, wanted):
                    return False
        return True


def _is_wanted(context_state: ContextState, found: Values, wanted: tuple[str | None, ...]) -> bool:
    """Say whether a key's value counts; calls that cannot carry the key count, whatever it is assumed to."""
    if found is None and context_state.carrying_actions is not None:
        return True
    return None in wanted if found is None else all(value in wanted for value in found)


@dataclass(frozen=True)
class State:
    """A world and the question that it was found for."""

    world: World
    assumptions: Assumptions


Truths = list[bool | None]


def _truths_of(clause: Clause, states: Sequence[Mapping[str, Values]]) -> Truths:
    """Say whether a clause holds in each state; of what was not tried, only its presence counts."""
    key, holds = clause.key, clause.holds
    found = [state.get(key) for state in states]
    if UNTRIED in found and clause.operator.values != "presence":
        return [None if each is UNTRIED else holds(each) for each in found]
    return [holds(each) for each in found]


def _all_of_each(columns: Sequence[Truths]) -> Truths:
    """Say of each place whether all hold there."""
    return columns[0] if len(columns) == 1 else [all_of(truths) for truths in zip(*columns, strict=True)]


def _representatives(context_states: Sequence[ContextState], columns: Sequence[Truths]) -> list[int]:
    """Return one place for all context states, and for all modes, that the clauses take for the same."""
    by_mode: dict[int, dict[object, int]] = {}
    signatures = columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))
    for place, (_, mode, ordinary, carrying_actions, relay, is_global) in enumerate(context_states):
        # The states of a dimension share their masks: these need no comparison, and take long to hash.
        same = (signatures[place], ordinary, id(carrying_actions), relay, is_global)
        if mode in by_mode:
            by_mode[mode].setdefault(same, place)
        else:
            by_mode[mode] = {same: place}
    kept: dict[object, list[int]] = {}
    for representatives in by_mode.values():
        kept.setdefault(tuple(representatives), list(representatives.values()))
    return list(itertools.chain(*kept.values()))


def layered_statements_of(layers: Sequence[Sequence[Attachment]]) -> list[LayeredStatement]:
    """Return the statements of all layers, the identity's own first."""
    return [
        LayeredStatement(number, attachment, statement)
        for number, layer in enumerate(layers)
        for attachment in layer
        for statement in attachment.statements
    ]


# Which resources a statement applies to: all, none, or those that its patterns name.
EXAMPLE_PART: Final = "x1-example"
"""What stands for the wildcards of a pattern in an example of what it takes."""

EVERY_RESOURCE: Final = "*"
"""What an action that takes no resource is decided against."""


IDENTITY_CENTER: Final = ("sso", "identitystore")
"""Services of which an organisation has one instance, or store, named in each ARN."""
_INSTANCE: Final = re.compile(r"\bssoins-\w+")
_STORE: Final = re.compile(r"\bidentitystore/(d-\w+)")


def names_own_center(pattern: str, own: Own) -> bool:
    """Say whether a pattern is about the one instance of IAM Identity Center, or its identity store."""
    return own.instance in pattern or own.identity_store in pattern


def own_of(statements: Iterable[LayeredStatement]) -> Own:
    """Return what ARNs in statements name most often, and where no ARN names a partition, what Regions do.

    Beside ARNs, Regions may be such as the partition does not have.
    """
    partitions: list[str] = []
    regions: list[str] = []
    accounts: list[str] = []
    of_iam: list[str] = []
    center: list[str] = []
    for layered in statements:
        if layered.statement.clause_count:
            regions += _partitions_of_regions(layered)
        for pattern in layered.statement.resources:
            parts = pattern.split(":", 5) if ":" in pattern else ()
            if len(parts) > 1 and parts[1] in REGIONS:
                partitions.append(parts[1])
            if len(parts) > SERVICE_PART and parts[SERVICE_PART] in IDENTITY_CENTER:
                center.append(pattern)
            if len(parts) > ACCOUNT_PART and len(parts[ACCOUNT_PART]) == ACCOUNT_DIGITS:
                named = [parts[ACCOUNT_PART]] if parts[ACCOUNT_PART].isdigit() else []
                accounts += named
                of_iam += named if parts[SERVICE_PART] == "iam" and layered.actions.possible & _iam() else []
    if not (partitions or regions or accounts or center):
        return USUAL
    return Own(
        _commonest(partitions or regions) or USUAL.partition,
        _commonest(of_iam or accounts) or USUAL.account,
        _commonest([found for each in center for found in _INSTANCE.findall(each)]) or USUAL.instance,
        _commonest([found for each in center for found in _STORE.findall(each)]) or USUAL.identity_store,
    )


@cache
def _iam() -> int:
    """Return IAM's actions: they are about one's own account only."""
    return catalogue().service_masks["iam"]


def _commonest(names: list[str]) -> str | None:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return max(counts, key=counts.__getitem__) if counts else None


def _partitions_of_regions(layered: LayeredStatement) -> Iterable[str]:
    """Return the partitions of the Regions that a statement's conditions name."""
    clauses = layered.by_dimension.get("region", ())
    return [PARTITIONS[value] for clause in clauses for value in clause.values if value in PARTITIONS]


def in_own_partition(pattern: str, own: Own) -> str:
    """Return a pattern of ARNs of any partition as one of the own: no other has the account's resources."""
    parts = pattern.split(":", SERVICE_PART)
    if len(parts) > SERVICE_PART and has_wildcard(parts[1]) and matches(parts[1], own.partition):
        parts[1] = own.partition
    return ":".join(parts)


def applies_to(layered: LayeredStatement, resource: str) -> bool:
    """Say whether a statement is about one concrete resource."""
    return matches_any(layered.statement.resources, resource) != layered.statement.resources_excluded


class Group(NamedTuple):
    """Resources that all statements treat alike."""

    example: str
    actions_on: int
    """The actions that such resources belong to."""
    requirers: int
    """The actions that cannot be called without one of them."""
    listed: frozenset[int]
    """The ids of the listed statements that apply."""
    nearly: frozenset[int] = frozenset()
    """The ids of statements between which every ARN there is and `*`, for which this group stands, make the
    difference: Allows on every ARN, and Denies on all but that."""
    unsure: frozenset[int] = frozenset()
    """The ids of statements of which it takes too long to find out."""
