"""Worlds: combinations of context states, and in which of them the conditions of statements hold."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from identity_guard.iam.document.condition import Clause, Values
from identity_guard.iam.text.three_valued import all_of

from .context_space import cut
from .context_state import UNTRIED, ContextState, Dimension, Setting
from .statements import LayeredStatement

MOST_WORLDS: Final = 4_096
"""How many combinations of context states are gone through for one question; beyond, it is left undecided."""
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
    """Say whether a clause holds in each state; of what was not tried counts what is said of all values."""
    key, holds = clause.key, clause.holds
    found = [state.get(key) for state in states]
    if UNTRIED in found and clause.operator.values != "presence":
        return [clause.says_of_any_value if each is UNTRIED else holds(each) for each in found]
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
