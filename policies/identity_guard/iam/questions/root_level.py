"""Decide whether a grant is root-level, and whether it is administrator-equivalent.

Root-level (corpus README): what is allowed, after Deny and boundary, covers every action on every resource
or all but a negligible rest that leaves control of access and of the account whole, under no restricting
condition. Administrator-equivalent: not that, yet IAM whole and nine tenths of everything else.
"""

import itertools
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final, NamedTuple

from identity_guard.iam.catalogue.actions import GUARDING_SERVICES, catalogue, without
from identity_guard.iam.evaluate.grants import Active, Grants, global_actions
from identity_guard.iam.evaluate.statements import LayeredStatement
from identity_guard.iam.evaluate.worlds import Assumptions, World

NEGLIGIBLE: Final = 0.015
"""The share of known actions that may be missing: "about one action in a hundred" (corpus README)."""
LOST_CONTROL: Final = 0.05
"""The share of a guarding service's changing actions that may be missing, or one of them if that is more.

Taking `account:CloseAccount` or `iam:DeleteAccountPasswordPolicy` away leaves the control of access whole;
taking the ways to write policies away does not, and those are tens of actions."""
NEARLY_EVERYTHING: Final = 0.9
"""The share of the other actions that makes an administrator of who has IAM whole."""
MOST_MODES: Final = 512
"""How many combinations of what the holder chooses are gone through."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a grant reaches under the modes that the holder may choose."""

    root_level: bool | None
    administrator: bool | None
    granted: int = field(default=0, repr=False)
    """The actions granted on every resource in every ordinary state, in the best mode."""
    assumptions: Assumptions | None = None
    """The mode in which it is so."""

    @property
    def today_only(self) -> bool:
        """Say whether services that AWS adds later are left out."""
        future = catalogue().future
        return bool(self.root_level) and self.granted & future != future


NARROW: Final = Coverage(root_level=False, administrator=False)
"""What most grants reach: neither."""


@cache
def _nearly_all() -> tuple[int, int]:
    """All known actions and how many of them a root-level grant has at least."""
    known = catalogue()
    return known.known, known.known_size - int(known.known_size * NEGLIGIBLE)


class _Guard(NamedTuple):
    """The changing actions of a guarding service, counted from its first, and how many are enough."""

    first: int
    changing: int
    enough: int

    def is_left(self, granted: int) -> bool:
        """Say whether control is left to a set of actions; counting goes by the length of a number."""
        return (granted >> self.first & self.changing).bit_count() >= self.enough


@cache
def _guards() -> tuple[_Guard, ...]:
    """Return how many of each guarding service's changing actions a root-level grant has at least."""
    found = []
    for service in GUARDING_SERVICES:
        first = catalogue().by_service[service][0].first
        changing = catalogue().changing(service) >> first
        size = changing.bit_count()
        found.append(_Guard(first, changing, size - max(1, int(size * LOST_CONTROL))))
    return tuple(found)


@cache
def _besides_iam() -> tuple[int, int]:
    """All known actions but IAM's, and how many of them an administrator has at least."""
    others = without(catalogue().known, catalogue().service_masks["iam"])
    return others, math.ceil(others.bit_count() * NEARLY_EVERYTHING)


@cache
def _iam_guard() -> _Guard:
    return _guards()[GUARDING_SERVICES.index("iam")]


def is_root_level(granted: int) -> bool:
    """Say whether a set of actions is everything but a negligible rest."""
    if granted == catalogue().everything:
        return True
    known, enough = _nearly_all()
    return all(guard.is_left(granted) for guard in _guards()) and (known & granted).bit_count() >= enough


def is_administrator(granted: int) -> bool:
    """Say whether a set of actions holds IAM whole and nine tenths of everything else."""
    if not _iam_guard().is_left(granted):
        return False
    others, enough = _besides_iam()
    return (others & granted).bit_count() >= enough


def _is_wide(granted: int) -> bool:
    if granted == catalogue().everything:
        return True
    return is_administrator(granted) or is_root_level(granted)


def coverage(grants: Grants) -> Coverage:
    """Decide how far the grants reach."""
    ordinary = Assumptions(ordinary=True)
    # Where the Allows are not about enough, no state has to be gone through.
    if not _is_wide(grants.mentioned):
        return NARROW
    found = NARROW
    if _is_wide(grants.upper_bound(ordinary)):
        found = coverage_in_every_mode(grants, ordinary)
    if found.root_level is False and found.administrator is False and _administers_a_region(grants):
        return replace(found, administrator=True)
    return found


def _administers_a_region(grants: Grants) -> bool:
    """Say whether it has IAM whole and nearly everything else in some Region.

    A lock to a few Regions that spares the global services leaves control of access whole: who has it can
    give themselves what the lock withholds.
    """
    if not any("region" in layered.by_dimension for layered in grants.statements):
        return False
    context_states = grants.space.dimension("region").context_states
    regions = [(values[0], state.is_global) for state in context_states if (values := state.values[0][1])]
    everywhere = next((_granted_in(grants, name) for name, is_global in regions if is_global), 0)
    of_the_world = global_actions()
    return _iam_guard().is_left(everywhere) and any(
        is_administrator(without(_granted_in(grants, name), of_the_world) | everywhere & of_the_world)
        for name, _ in regions
    )


def _granted_in(grants: Grants, region: str) -> int:
    """Return what is granted in one Region, in the mode in which it is most."""
    assumptions = Assumptions(ordinary=True, region=region)
    active = grants.active(assumptions)
    names = list(dict.fromkeys(name for layered in active.statements for name in layered.by_dimension))
    modes = (_replaced(assumptions, each) for each in _modes(grants, names) or ())
    return max((_least_granted(grants, mode) for mode in modes), key=int.bit_count, default=0)


def _replaced(assumptions: Assumptions, mode: Assumptions) -> Assumptions:
    return assumptions._replace(mode=tuple(each for each in mode.mode if each[0] != "region"))


def _least_granted(grants: Grants, assumptions: Assumptions) -> int:
    active = grants.active(assumptions)
    lost = 0
    for world in grants.space.worlds(active.statements, assumptions) or ():
        certain, _ = _allowed_everywhere(grants, world, active)
        lost |= without(grants.valid(world), certain)
    return catalogue().everything ^ lost


def coverage_in_every_mode(grants: Grants, ordinary: Assumptions) -> Coverage:
    """Go through the modes that the holder may choose, and return the coverage in the best.

    The first modes are those that satisfy all conditions of one statement. They are found dimension by
    dimension, so what a statement gives is known however many keys the holder chooses; where there are too
    many modes for the others, what none of the first decides is left open.
    """
    active = grants.active(ordinary)
    names = list(dict.fromkeys(name for layered in active.statements for name in layered.by_dimension))
    first = (_satisfying(grants, layered, active, names) for layered in active.allows[:MOST_MODES])
    others = _modes(grants, names)
    best = NARROW
    seen: set[Assumptions | None] = {None}
    for assumptions in itertools.chain(first, others or ()):
        if assumptions is None or assumptions in seen:
            continue
        seen.add(assumptions)
        found = coverage_in_mode(grants, assumptions)
        if found.root_level:
            return found
        best = _better(best, found)
    return best if others is not None else Coverage(root_level=None, administrator=None)


def _better(one: Coverage, other: Coverage) -> Coverage:
    root = None if None in (one.root_level, other.root_level) else False
    administrator: bool | None = True in (one.administrator, other.administrator)
    if not administrator and None in (one.administrator, other.administrator):
        administrator = None
    chosen = other if other.granted.bit_count() > one.granted.bit_count() else one
    return Coverage(root, administrator, chosen.granted, chosen.assumptions)


def _modes(grants: Grants, names: Iterable[str]) -> Iterable[Assumptions] | None:
    """Go through the modes that the holder may choose, one for each dimension; None if there are too many."""
    choices: list[list[tuple[str, int]]] = []
    count = 1
    for name in names:
        choices.append([(name, mode) for mode in _ordinary_modes(grants, name)])
        count *= len(choices[-1])
    if count > MOST_MODES:
        return None
    return (Assumptions(ordinary=True, mode=chosen) for chosen in itertools.product(*choices))


def _ordinary_modes(grants: Grants, name: str) -> list[int]:
    """Return the modes of a dimension that an ordinary call may be in."""
    return sorted(
        {
            context_state.mode
            for context_state in grants.space.dimension(name).context_states
            if context_state.ordinary
        }
    )


def _satisfying(
    grants: Grants, wished: LayeredStatement, active: Active, names: Iterable[str]
) -> Assumptions | None:
    """Return a mode in which a statement holds in every ordinary call; None if there is none.

    Of several such modes of a dimension it is the first in which most of the other statements give most.
    """
    chosen: list[tuple[str, int]] = []
    for name in names:
        fitting = _modes_that_fit(grants, wished, name)
        others = [
            _modes_that_fit(grants, layered, name)
            for layered in active.statements
            if name in layered.by_dimension
        ]
        if not fitting:
            return None
        chosen.append((name, max(fitting, key=lambda mode: (sum(mode in fit for fit in others), -mode))))
    return Assumptions(ordinary=True, mode=tuple(chosen))


def _modes_that_fit(grants: Grants, layered: LayeredStatement, name: str) -> set[int]:
    """Return the modes of a dimension in which an Allow holds in every ordinary call, or a Deny in none."""
    modes = set(_ordinary_modes(grants, name))
    if name not in layered.by_dimension:
        return modes
    context_states = zip(
        grants.space.dimension(name).context_states, grants.space.truths(layered, name), strict=True
    )
    return modes - {
        context_state.mode
        for context_state, truth in context_states
        if context_state.ordinary and truth is not layered.allows
    }


def coverage_in_mode(grants: Grants, assumptions: Assumptions) -> Coverage:
    """Take away what is missing in any ordinary state; what is left is granted."""
    active = grants.active(assumptions)
    worlds = grants.space.worlds(active.statements, assumptions)
    if worlds is None:
        return Coverage(root_level=None, administrator=None)
    everything = catalogue().everything
    lost_for_certain = lost_perhaps = 0
    for world in worlds:
        certain, possible = _allowed_everywhere(grants, world, active)
        valid = grants.valid(world)
        lost = lost_for_certain | without(valid, possible)
        lost_perhaps |= without(valid, certain)
        if lost != lost_for_certain and not _is_wide(everything ^ lost):
            return NARROW
        lost_for_certain = lost
    granted, at_best = everything ^ lost_perhaps, everything ^ lost_for_certain
    root_level = _within(is_root_level, granted, at_best)
    administrator = None if root_level is None else False
    if root_level is False:
        administrator = _within(is_administrator, granted, at_best)
    return Coverage(root_level, administrator, granted, assumptions)


def _within(test: Callable[[int], bool], granted: int, at_best: int) -> bool | None:
    """Ask of the least and of the most that may be granted; None where the answers differ."""
    if test(granted):
        return True
    return None if granted != at_best and test(at_best) else False


def _allowed_everywhere(grants: Grants, world: World, active: Active) -> tuple[int, int]:
    """Return the actions allowed on all resources that they can be about."""
    everything = catalogue().everything
    certain = possible = everything
    for group in grants.resources.groups(everything):
        found = grants.allowed(world, group, active, generous=True)
        certain = without(certain, without(group.actions_on, found.certain))
        possible = without(possible, without(group.actions_on, found.possible))
    return certain, possible
