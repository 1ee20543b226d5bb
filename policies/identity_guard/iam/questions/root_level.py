"""Decide whether a grant is root-level, and whether it is administrator-equivalent.

Root-level (corpus README): what is allowed, after Deny and boundary, covers every action on every resource
or all but a negligible rest that leaves control of access and of the account whole, under no restricting
condition. Administrator-equivalent: not that, yet IAM whole and nine tenths of everything else.
"""

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final, NamedTuple

from identity_guard.iam.catalogue.actions import GUARDING_SERVICES, catalogue, without
from identity_guard.iam.document.statement import Effect, Statement
from identity_guard.iam.evaluate.grants import Active, Grants
from identity_guard.iam.evaluate.statements import Extent, Pins, Rule, World
from identity_guard.iam.text.wildcard import has_wildcard

# Tell at a glance that a grant is root-level, or that its conditions rule that out.
#
# Both look at one dimension after the other instead of going through states, and never say another thing than
# `coverage_in_every_mode` would.
# What they do not settle is left to it.


def unhindered(grants: Grants) -> Pins | None:
    """Recognise a statement that allows everything everywhere, where nothing else can make a difference.

    In the mode that is returned its conditions hold in every ordinary call, and those of each Deny in none.
    None where there is no such statement, or where it takes more than a glance.
    """
    if len(grants.layers) > 1:
        return None
    for rule in _allow_everything(grants):
        chosen: dict[str, int] = {}
        free = all(_choose(grants, rule, name, chosen, wanted=True) for name in rule.by_dimension)
        if free and all(_stays_away(grants, deny, chosen) for deny in grants.denies):
            return Pins(ordinary=True, mode=tuple(chosen.items()))
    return None


def _allow_everything(grants: Grants) -> list[Rule]:
    """Return the Allows of everything everywhere; those that say so with a star, if there are any."""
    everywhere = [rule for rule in grants.allows if rule.extent is Extent.EVERYTHING]
    everything = catalogue().everything
    return [rule for rule in everywhere if rule.statement.names_everything] or [
        rule for rule in everywhere if rule.actions.certain == everything
    ]


def _stays_away(grants: Grants, deny: Rule, chosen: dict[str, int]) -> bool:
    """Say whether a Deny applies to nothing, or can be kept from applying by choosing one more mode."""
    if deny.extent is Extent.NOTHING or not deny.actions.possible:
        return True
    return any(_choose(grants, deny, name, chosen, wanted=False) for name in deny.by_dimension)


def _choose(grants: Grants, rule: Rule, name: str, chosen: dict[str, int], *, wanted: bool) -> bool:
    """Choose the first mode in which a rule's clauses on a dimension hold in every ordinary call, or in none.

    Where a mode was chosen before, it has to be that one. Say whether there is such a mode.
    """
    fits: dict[int, bool] = {}
    for cell, truth in zip(grants.space.dimension(name).cells, grants.space.truths(rule, name), strict=True):
        if cell.ordinary:
            fits[cell.mode] = fits.get(cell.mode, True) and truth is wanted
    if name in chosen:
        return fits[chosen[name]]
    found = [mode for mode, fit in fits.items() if fit]
    if found:
        chosen[name] = min(found)
    return bool(found)


def is_hopeless(grants: Grants) -> bool:
    """Recognise conditions on one thing by which every Allow leaves out some ordinary calls in every mode.

    Such calls are of all actions, or of all but those of the global services: of each other dimension, the
    cells that an ordinary call may be in have, together, calls of every action. So nearly everything is lost.
    """
    if not grants.allows or not all(rule.statement.clause_count for rule in grants.allows):
        return False
    first, *others = grants.allows
    return any(
        all(name in rule.by_dimension for rule in others) and _leaves_out_in_every_mode(grants, name)
        for name in first.by_dimension
    )


def _leaves_out_in_every_mode(grants: Grants, name: str) -> bool:
    truths = [grants.space.truths(rule, name) for rule in grants.allows]
    modes: set[int] = set()
    left_out: set[int] = set()
    for place, cell in enumerate(grants.space.dimension(name).cells):
        if cell.ordinary:
            modes.add(cell.mode)
            if cell.carriers is None and all(each[place] is False for each in truths):
                left_out.add(cell.mode)
    return modes == left_out


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
    pins: Pins | None = None
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


def fewest_of_a_wide_grant() -> int:
    """Return how many actions a grant has at least that is root-level or administrator-equivalent."""
    return _besides_iam()[1]


def _is_wide(granted: int) -> bool:
    if granted == catalogue().everything:
        return True
    return is_administrator(granted) or is_root_level(granted)


def coverage(grants: Grants) -> Coverage:
    """Decide how far the grants reach."""
    free = unhindered(grants)
    if free is not None:
        return Coverage(root_level=True, administrator=False, granted=catalogue().everything, pins=free)
    if is_hopeless(grants):
        return NARROW
    if not _is_wide(grants.mentioned):
        return NARROW
    ordinary = Pins(ordinary=True)
    if all(map(_is_plain, grants.rules)):
        # One state and one kind of resource: what is allowed there is no more work than an upper bound.
        return coverage_in_mode(grants, ordinary)
    return coverage_in_every_mode(grants, ordinary) if _is_wide(grants.upper_bound(ordinary)) else NARROW


def _is_plain(rule: Rule) -> bool:
    """Say whether a rule says the same in every state of every resource."""
    return not rule.statement.clause_count and rule.extent in (Extent.EVERYTHING, Extent.NOTHING)


def coverage_in_every_mode(grants: Grants, ordinary: Pins) -> Coverage:
    """Go through the modes that the holder may choose, and return the coverage in the best."""
    best = NARROW
    modes = _modes(grants, grants.active(ordinary).rules)
    if modes is None:
        return Coverage(root_level=None, administrator=None)
    for pins in modes:
        found = coverage_in_mode(grants, pins)
        if found.root_level:
            return found
        best = _better(best, found)
    return best


def _better(one: Coverage, other: Coverage) -> Coverage:
    root = None if None in (one.root_level, other.root_level) else False
    administrator: bool | None = True in (one.administrator, other.administrator)
    if not administrator and None in (one.administrator, other.administrator):
        administrator = None
    chosen = other if other.granted.bit_count() > one.granted.bit_count() else one
    return Coverage(root, administrator, chosen.granted, chosen.pins)


def _modes(grants: Grants, rules: Iterable[Rule]) -> Iterable[Pins] | None:
    """Go through the modes that the holder may choose, one for each dimension."""
    names = list(dict.fromkeys(name for rule in rules for name in rule.by_dimension))
    choices: list[list[tuple[str, int]]] = []
    count = 1
    for name in names:
        cells = grants.space.dimension(name).cells
        choices.append([(name, mode) for mode in sorted({cell.mode for cell in cells if cell.ordinary})])
        count *= len(choices[-1])
    if count > MOST_MODES:
        return None
    return (Pins(ordinary=True, mode=chosen) for chosen in itertools.product(*choices))


def coverage_in_mode(grants: Grants, pins: Pins) -> Coverage:
    """Take away what is missing in any ordinary state; what is left is granted."""
    active = grants.active(pins)
    worlds = grants.space.worlds(active.rules, pins)
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
    return Coverage(root_level, administrator, granted, pins)


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
        certain = without(certain, without(group.takers, found.certain))
        possible = without(possible, without(group.takers, found.possible))
    return certain, possible


# Tell from how actions are written that a grant is far from wide, without working out what they match.
#
# A pattern with a service written out takes actions of that service only. So many patterns as may be, they
# take no more actions than those services have together; where that is less than a wide grant needs, it is
# neither root-level nor administrator-equivalent, whatever resources, conditions, Denies and limits say. This
# settles nearly every document that people write. It never says more than `coverage` would: where it is in
# doubt it says no.
_ALLOW = Effect.ALLOW


def takes_fewer_than(enough: int, statements: Iterable[Statement]) -> bool:
    """Say whether the Allows among some statements certainly take fewer actions than that."""
    sizes = catalogue().sizes
    seen: set[str] = set()
    # One for actions of which the catalogue does not know.
    left = enough - 1
    allows = [statement for statement in statements if statement.effect is _ALLOW]
    # What takes everything is seldom in the longest list.
    allows.sort(key=lambda each: len(each.action_patterns))
    for statement in allows:
        if statement.actions_excluded:
            return False
        for service in _services(statement.action_patterns):
            if service not in seen:
                if has_wildcard(service):
                    return False
                seen.add(service)
                left -= sizes.get(service, 0)
    return left > 0


def _services(patterns: Sequence[str]) -> Iterable[str]:
    """Return the services of patterns; lists go service by service, so most begin as the one before does."""
    if len(patterns) == 1:
        return (patterns[0].partition(":")[0].lower(),)
    found: dict[str, None] = {}
    last = ":"
    for pattern in patterns:
        if not pattern.startswith(last):
            last = pattern.partition(":")[0] + ":"
            found[last[:-1].lower()] = None
    return found
