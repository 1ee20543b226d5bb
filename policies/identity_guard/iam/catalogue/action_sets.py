"""Action patterns as sets of actions.

A set is held as two masks over the catalogue: what is certainly in it and what may be in it. They differ
only where working a pattern out exactly would take longer than a check may take; then the verdict says
that it could not be decided, instead of running on or guessing.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Final, NamedTuple

from .action_patterns import Pair, ScanBudget, pair_mask, pairs_of, upper_bound
from .actions import Block, catalogue, mask_of, mask_of_blocks

LARGEST_CACHE: Final = 2_048
"""How many patterns are kept with their masks: at 3 kB each about 6 MB at most."""


class ActionSet(NamedTuple):
    """A set of actions between two bounds."""

    certain: int
    possible: int

    def __repr__(self) -> str:
        """Say how many actions; the masks themselves are thousands of digits."""
        return f"ActionSet({self.certain.bit_count()} certain, {self.possible.bit_count()} possible)"

    def complement(self) -> "ActionSet":
        """Return all other actions, future ones included."""
        everything = catalogue().everything
        return ActionSet(everything ^ self.possible, everything ^ self.certain)

    def with_unknown(self) -> "ActionSet":
        """Return the set with what it names and the catalogue does not know as a possibility."""
        return ActionSet(self.certain, self.possible | catalogue().unknown)

    @property
    def has_unknown(self) -> bool:
        """Say whether it names actions that the catalogue does not know."""
        return bool((self.possible ^ self.certain) & catalogue().unknown)

    @property
    def exact(self) -> bool:
        """Say whether the two bounds are the same, but for actions that the catalogue does not know."""
        return not (self.possible ^ self.certain) & ~catalogue().unknown


_known_pairs: OrderedDict[Pair, tuple[int, int]] = OrderedDict()
"""The mask and the price of pairs that were worked out before. The price is paid again each time, so that a
verdict does not depend on what was judged before it."""
_lock: Final = Lock()
"""The engine asks a pack from several threads."""


def forget_patterns() -> None:
    """Empty the cache of patterns, so that each is worked out anew."""
    _known_pairs.clear()


def remembered_patterns() -> tuple[str, ...]:
    """Return the patterns in the cache, the one that was asked for last at the end."""
    return tuple(f"{pair.service}:{pair.name}" for pair in _known_pairs)


def action_set(patterns: Sequence[str], budget: ScanBudget, *, open_to_unknown: bool = False) -> ActionSet:
    """Return the union of what the patterns match. Action names have no case.

    `open_to_unknown`: a pattern that names a service and an action that the catalogue does not know adds
    unknown actions as a possibility, as AWS adds services and actions faster than catalogues follow.
    """
    known = catalogue()
    if "*" in patterns:
        return ActionSet(known.everything, known.everything)
    lowered = [pattern.lower() for pattern in patterns]
    bits = [known.bits_by_name.get(pattern) for pattern in lowered]
    certain = mask_of([bit for bit in bits if bit is not None])
    others = [pattern for pattern, bit in zip(lowered, bits, strict=True) if bit is None]
    if not others:
        return ActionSet(certain, certain)
    looked_up = _look_up(others)
    certain |= looked_up.mask
    if certain == known.everything:
        return ActionSet(certain, certain)
    found = (
        _with_costly(certain, looked_up.costly, budget) if looked_up.costly else ActionSet(certain, certain)
    )
    return found.with_unknown() if open_to_unknown and looked_up.any_unknown else found


_BEGINNING: Final = re.compile(r"([^*?:]+):(?=.)([^*?:]*)(\**)", re.DOTALL)
"""A service, and a name or the beginning of one."""


class _LookedUp(NamedTuple):
    """What became of patterns that are no names of known actions."""

    mask: int
    costly: list[Pair]
    """What has to be compared with names."""
    any_unknown: bool
    """Whether one names a service and an action, or its beginning, of which the catalogue has none."""


def _look_up(patterns: Iterable[str]) -> _LookedUp:
    """Look those patterns up that name a service and the beginning of a name.

    The bits are gathered service by service, as numbers of a few dozen digits.
    """
    by_service = catalogue().by_service
    blocks_by_pattern = catalogue().blocks_by_pattern
    whole: list[Block] = []
    found: dict[Block, int] = {}
    costly: dict[Pair, None] = {}
    any_unknown = False
    for pattern in patterns:
        if pattern in blocks_by_pattern:
            whole += blocks_by_pattern[pattern]
            continue
        plain = _BEGINNING.fullmatch(pattern)
        if plain is None and pattern and not pattern.strip("*"):
            return _LookedUp(catalogue().everything, [], any_unknown=False)
        if plain is None:
            costly.update(dict.fromkeys(pairs_of(pattern)))
            continue
        service, stem, stars = plain.groups()
        is_known = False
        for block in by_service.get(service, ()) if stars else ():
            if bits := block.own_bits(stem, is_prefix=True):
                found[block] = found.get(block, 0) | bits
                is_known = True
        any_unknown = any_unknown or not (is_known or _is_one_of_a_listing(service, stem, stars))
    mask = mask_of_blocks(whole) if whole else 0
    for block, bits in found.items():
        mask |= bits << block.first
    return _LookedUp(mask, list(costly), any_unknown)


def _is_one_of_a_listing(service: str, stem: str, stars: str) -> bool:
    """Recognise `s3:Z*`: it differs from known names in its last letter only, and `s3:*` says no more.

    A list that goes through the alphabet names nothing by the letters that no action has.
    """
    blocks = catalogue().by_service.get(service, ()) if stars else ()
    return any(block.own_bits(stem[:-1], is_prefix=True) for block in blocks)


def _with_costly(certain: int, costly: list[Pair], budget: ScanBudget) -> ActionSet:
    """Add what has to be compared, and stop as soon as nothing can be added."""
    listed = catalogue().known | catalogue().future
    possible = certain
    for pair in costly:
        mask = _mask(pair, budget)
        if mask is None:
            possible |= upper_bound(pair)
        else:
            certain |= mask
        if certain & listed == listed:
            # Patterns that take every service there is and may ever be take unknown actions, too.
            return ActionSet(catalogue().everything, catalogue().everything)
        if possible == catalogue().everything:
            break
    return ActionSet(certain, certain | possible)


def _mask(pair: Pair, budget: ScanBudget) -> int | None:
    """Return what a pair matches, from the cache or worked out."""
    known = _remembered(pair)
    if known is not None:
        return known[0] if pair in budget.paid or _pay(pair, known[1], budget) else None
    before = budget.left
    mask = pair_mask(pair, budget)
    if mask is None:
        # A pair that was begun and not ended costs nothing less than all: what follows is left open, too.
        budget.left = 0
        return None
    budget.paid.add(pair)
    _remember(pair, mask, before - budget.left)
    return mask


def _pay(pair: Pair, price: int, budget: ScanBudget) -> bool:
    if not budget.take(price):
        budget.left = 0
        return False
    budget.paid.add(pair)
    return True


def _remembered(pair: Pair) -> tuple[int, int] | None:
    with _lock:
        known = _known_pairs.get(pair)
        if known is not None:
            _known_pairs.move_to_end(pair)
        return known


def _remember(pair: Pair, mask: int, price: int) -> None:
    with _lock:
        _known_pairs[pair] = (mask, price)
        if len(_known_pairs) > LARGEST_CACHE:
            _known_pairs.popitem(last=False)
