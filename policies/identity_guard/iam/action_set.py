"""Action patterns as sets of actions.

A set is held as two masks over the catalogue: what is certainly in it and what may be in it. They differ
only where working a pattern out exactly would take longer than a check may take; then the verdict says
that it could not be decided, instead of running on or guessing.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from .catalogue import Block, Catalogue, catalogue
from .wildcard import has_wildcard, is_everything, matches, matches_parts

LARGEST_CACHE: Final = 2048
"""How many patterns are kept with their masks: at 3 kB each about 6 MB at most."""

SCAN_LIMIT: Final = 150_000
"""How many parts of patterns one verdict may look for in names, one by one, where no look-up will do.

A pattern `*:*Tag*` looks for three parts in each of 23,000 names. The limit takes a few milliseconds; the
busiest AWS-managed policy needs a small part of it.
"""


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
        return ActionSet(everything & ~self.possible, everything & ~self.certain)

    @property
    def exact(self) -> bool:
        """Say whether the two bounds are the same."""
        return self.certain == self.possible


@dataclass
class ScanBudget:
    """What is left of the names that may be compared one by one."""

    left: int = SCAN_LIMIT

    def take(self, names: int) -> bool:
        """Take the price of a scan; say whether it could be afforded."""
        if names > self.left:
            return False
        self.left -= names
        return True


_known_patterns: OrderedDict[str, int] = OrderedDict()


def forget_patterns() -> None:
    """Empty the cache of patterns; for measurements."""
    _known_patterns.clear()


def action_set(patterns: Sequence[str], budget: ScanBudget) -> ActionSet:
    """Return the union of what the patterns match. Action names have no case."""
    certain = possible = 0
    for pattern in patterns:
        mask = pattern_mask(pattern.lower(), budget)
        if mask is None:
            possible |= _upper_bound(pattern.lower())
        else:
            certain |= mask
    return ActionSet(certain, certain | possible)


def pattern_mask(pattern: str, budget: ScanBudget) -> int | None:
    """Return what a lower-case pattern matches, or None where the budget does not reach."""
    mask = _known_patterns.get(pattern)
    if mask is not None:
        _known_patterns.move_to_end(pattern)
        return mask
    mask = _worked_out(pattern, budget)
    if mask is not None:
        _known_patterns[pattern] = mask
        if len(_known_patterns) > LARGEST_CACHE:
            _known_patterns.popitem(last=False)
    return mask


def _worked_out(pattern: str, budget: ScanBudget) -> int | None:
    actions = catalogue()
    if pattern and not pattern.strip("*"):
        return actions.everything
    colons = pattern.count(":")
    if colons == 1:
        service, _, name = pattern.partition(":")
        return _service_and_name(actions, service, name, budget)
    if colons or not has_wildcard(pattern):
        return 0
    return _colon_in_wildcard(actions, pattern, budget)


def _colon_in_wildcard(actions: Catalogue, pattern: str, budget: ScanBudget) -> int | None:
    """Work out a pattern without a colon: one of its wildcards has to match the colon of the action."""
    shortened = _without_doubled_stars(pattern)
    if len(shortened) > _longest_action(actions) * 2:
        return 0
    found = 0
    for place, character in enumerate(shortened):
        if character not in "*?":
            continue
        star = "*" if character == "*" else ""
        part = _service_and_name(actions, shortened[:place] + star, star + shortened[place + 1 :], budget)
        if part is None:
            return None
        found |= part
    return found


def _without_doubled_stars(pattern: str) -> str:
    while "**" in pattern:
        pattern = pattern.replace("**", "*")
    return pattern


def _longest_action(actions: Catalogue) -> int:
    return max(len(block.service) + 1 + block.longest for block in actions.blocks)


def _service_and_name(actions: Catalogue, service: str, name: str, budget: ScanBudget) -> int | None:
    found = 0
    for block in _blocks(actions, service):
        part = _in_block(block, name, budget)
        if part is None:
            return None
        found |= part
    return found


def _blocks(actions: Catalogue, service: str) -> Sequence[Block]:
    if not has_wildcard(service):
        return actions.by_service.get(service, ())
    if is_everything(service):
        return actions.blocks
    return [block for block in actions.blocks if matches(service, block.service)]


def _in_block(block: Block, name: str, budget: ScanBudget) -> int | None:
    if is_everything(name):
        return block.mask
    if not has_wildcard(name):
        return block.named(name)
    prefix = name.rstrip("*")
    if not has_wildcard(prefix):
        return block.with_prefix(prefix)
    return _worked_out_in_block(block, name, budget)


def _worked_out_in_block(block: Block, name: str, budget: ScanBudget) -> int | None:
    """Work out a name with a wildcard that is not only at its end."""
    if not name.strip("*?"):
        return _long_enough(block, name.count("?"))
    if len(name) - name.count("*") > block.longest:
        return 0
    parts = name.split("*")
    if not budget.take(block.size * len(parts)):
        return None
    return _scan(block, parts)


def _long_enough(block: Block, shortest: int) -> int:
    found = 0
    for number, candidate in enumerate(block.names):
        if len(candidate) >= shortest:
            found |= 1 << number
    return found << block.first


def _scan(block: Block, parts: list[str]) -> int:
    """Compare each name of the block; the pattern's longest plain part leaves few to look at closely."""
    longest = max((plain for part in parts for plain in part.split("?")), key=len)
    found = 0
    for number, candidate in enumerate(block.names):
        if longest in candidate and _fits(parts, candidate):
            found |= 1 << number
    return found << block.first


def _fits(parts: list[str], candidate: str) -> bool:
    return matches_parts(parts, candidate) if len(parts) > 1 else matches(parts[0], candidate)


def _upper_bound(pattern: str) -> int:
    """Return all that the pattern could match, from its service alone."""
    actions = catalogue()
    service, colon, _ = pattern.partition(":")
    if not colon or has_wildcard(service):
        return actions.everything
    return actions.service_masks.get(service, 0)
