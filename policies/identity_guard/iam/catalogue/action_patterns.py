"""Work out which actions a pattern matches, and what that costs.

An action is `service:Name`, with one colon, so a pattern is one for the service and one for the name; where
the colon of the action falls into a wildcard, there are as many such pairs as wildcards. Most patterns name
a service and a name or its beginning and are looked up. The others are compared with names one by one, which
a budget bounds: what it does not reach is left open, and the verdict says so.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Final, NamedTuple

from identity_guard.iam.text.wildcard import has_wildcard, is_everything, matches, matches_parts

from .actions import Block, catalogue, mask_of, mask_of_blocks

SCAN_LIMIT: Final = 60_000
"""How many looks for a part of a pattern in a name one document may cost, where no look-up will do.

A pattern `*:*Tag*` is looked for in 23,000 names. The limit takes a few milliseconds; the busiest
AWS-managed policy needs a small part of it.
"""

SERVICE_LOOP: Final = 1_000
"""What it costs to go through the services, in comparisons."""
CLOSE_LOOK: Final = 11
"""What it costs to compare a name with a whole pattern, in looks for one part."""
LOOK_UP: Final = 6
"""What it costs to look a name up in one service, in comparisons."""
STEP: Final = 64
"""After so many names each an index holds one more mask: of 3 kB, about a megabyte in all."""


@dataclass
class ScanBudget:
    """What is left of the comparisons that may be made."""

    left: int = SCAN_LIMIT
    paid: set[object] = field(default_factory=set)
    """What was paid for already and costs nothing a second time."""

    def take(self, comparisons: int) -> bool:
        """Take the price of a piece of work; say whether it could be afforded."""
        if comparisons > self.left:
            return False
        self.left -= comparisons
        return True


class Pair(NamedTuple):
    """A pattern for the service and one for the name."""

    service: str
    name: str

    @property
    def is_prefix_in_any_service(self) -> bool:
        """Recognise `*:Get*`."""
        beginning = self.name.rstrip("*")
        return is_everything(self.service) and bool(beginning) and not has_wildcard(beginning)

    @property
    def is_ending_in_any_service(self) -> bool:
        """Recognise `*:*Role`."""
        ending = self.name.lstrip("*")
        return is_everything(self.service) and ending not in ("", self.name) and not has_wildcard(ending)


def pairs_of(pattern: str) -> Iterator[Pair]:
    """Take a lower-case pattern apart into pairs; none where it can match no action."""
    colons = pattern.count(":")
    if colons == 1:
        service, _, name = pattern.partition(":")
        yield Pair(service, name)
    if colons or not has_wildcard(pattern):
        return
    shortened = _without_doubled_stars(pattern)
    if len(shortened) - shortened.count("*") > _longest_action():
        return
    for place, character in enumerate(shortened):
        if character in "*?":
            star = "*" if character == "*" else ""
            yield Pair(shortened[:place] + star, star + shortened[place + 1 :])


def _without_doubled_stars(pattern: str) -> str:
    while "**" in pattern:
        pattern = pattern.replace("**", "*")
    return pattern


@cache
def _longest_action() -> int:
    return max(len(block.service) + 1 + block.longest for block in catalogue().blocks)


def pair_mask(pair: Pair, budget: ScanBudget) -> int | None:
    """Return what a pair matches, or None where the budget does not reach."""
    if pair.is_prefix_in_any_service or pair.is_ending_in_any_service:
        return _in_any_service(pair.name, budget)
    blocks = _blocks(pair.service, budget)
    if blocks is None:
        return None
    if is_everything(pair.name):
        return mask_of_blocks(blocks)
    found = 0
    for block in blocks:
        part = _in_block(block, pair.name, budget)
        if part is None:
            return None
        found |= part
    return found


def _blocks(service: str, budget: ScanBudget) -> Sequence[Block] | None:
    actions = catalogue()
    if not has_wildcard(service):
        return actions.by_service.get(service, ())
    prefix = service.rstrip("*")
    if not has_wildcard(prefix):
        found = actions.starting_with(prefix)
        return found if budget.take(LOOK_UP * len(found)) else None
    if not budget.take(SERVICE_LOOP):
        return None
    if is_everything(service):
        found = list(actions.blocks)
    else:
        found = [block for block in actions.blocks if matches(service, block.service)]
    return found if budget.take(LOOK_UP * len(found)) else None


def _in_block(block: Block, name: str, budget: ScanBudget) -> int | None:
    if not has_wildcard(name):
        return block.named(name)
    prefix = name.rstrip("*")
    if not has_wildcard(prefix):
        return block.with_prefix(prefix)
    return _compared(block, name, budget)


def _compared(block: Block, name: str, budget: ScanBudget) -> int | None:
    """Work out a name with a wildcard that is not only at its end."""
    if len(name) - name.count("*") > block.longest:
        return 0
    if not name.strip("*?"):
        longest = block.longest if "*" in name else name.count("?")
        return _by_length(name.count("?"), longest) & block.mask
    return _scan(block, name, budget)


@cache
def _lengths() -> dict[int, int]:
    """Return the actions whose names have each length."""
    found: dict[int, list[int]] = {}
    for block in catalogue().blocks:
        for bit, name in enumerate(block.names, start=block.first):
            found.setdefault(len(name), []).append(bit)
    return {length: mask_of(bits) for length, bits in found.items()}


@cache
def _by_length(shortest: int, longest: int) -> int:
    """Return the actions whose names are so long; there are fewer than a hundred lengths."""
    found = 0
    for length, mask in _lengths().items():
        if shortest <= length <= longest:
            found |= mask
    return found


def _scan(block: Block, name: str, budget: ScanBudget) -> int | None:
    """Compare the names of the block that can fit: those that begin so, or are so long."""
    head, star, rest = name.partition("*")
    among = block.beginning_with(head.partition("?")[0]) if star else block.of_length(len(name))
    found = _with_head(block.names, among, head, budget)
    if found and rest:
        found = _with_rest(block.names, found, name, rest, budget)
    return None if found is None else sum(1 << number for number in found) << block.first


def _with_head(
    names: Sequence[str], among: Sequence[int], head: str, budget: ScanBudget
) -> Sequence[int] | None:
    """Keep the names that begin as a pattern does up to its first star: each plain piece has its place."""
    pieces = []
    place = 0
    for piece in head.split("?"):
        pieces.append((piece, place))
        place += len(piece) + 1
    found = among
    for piece, place in sorted(pieces, key=lambda each: -len(each[0])):
        if not budget.take(len(found) + 1):
            return None
        if piece:
            found = [number for number in found if names[number].startswith(piece, place)]
    return found if not head.endswith("?") else [each for each in found if len(names[each]) >= len(head)]


def _with_rest(
    names: Sequence[str], among: Sequence[int], pattern: str, rest: str, budget: ScanBudget
) -> Sequence[int] | None:
    """Keep the names that fit behind a pattern's first star; its longest plain part leaves few to look at."""
    if not budget.take(len(among)):
        return None
    longest = max((plain for part in rest.split("*") for plain in part.split("?")), key=len)
    found = [number for number in among if longest in names[number]]
    if pattern == f"*{longest}*":
        return found
    if not budget.take(len(found) * CLOSE_LOOK * (1 + 2 * rest.count("?"))):
        return None
    parts = pattern.split("*")
    return [number for number in found if matches_parts(parts, names[number])]


class _Index(NamedTuple):
    """Names in order, the bit of each, and the masks of the first so many of them."""

    names: tuple[str, ...]
    bits: tuple[int, ...]
    beginnings: tuple[int, ...]
    """The mask of the first `STEP` names, of the first two times as many and so on, from none on."""
    by_letter: dict[str, int]
    """The mask of the names that begin with each character."""

    def between(self, low: int, high: int) -> int:
        """Return the actions of the names in a run: two beginnings differ by what lies between them."""
        first, last = -(-low // STEP), high // STEP
        if first > last:
            return mask_of(self.bits[low:high])
        ends = self.bits[low : first * STEP] + self.bits[last * STEP : high]
        return self.beginnings[first] ^ self.beginnings[last] ^ mask_of(ends)


def _index(named: Iterable[tuple[str, int]]) -> _Index:
    ordered = sorted(named)
    bits = tuple(bit for _, bit in ordered)
    beginnings = [0]
    for first in range(0, len(bits) - STEP + 1, STEP):
        beginnings.append(beginnings[-1] | mask_of(bits[first : first + STEP]))
    by_letter = {
        letter: mask_of([bit for _, bit in run]) for letter, run in groupby(ordered, lambda row: row[0][0])
    }
    return _Index(tuple(name for name, _ in ordered), bits, tuple(beginnings), by_letter)


@cache
def _names_in_order() -> _Index:
    """Return every name of every service in order."""
    return _index(
        (name, block.first + number)
        for block in catalogue().blocks
        for number, name in enumerate(block.names)
    )


@cache
def _reversed_names_in_order() -> _Index:
    """Return every name read from its end, in order."""
    names = _names_in_order()
    return _index((name[::-1], bit) for name, bit in zip(names.names, names.bits, strict=True))


def _in_any_service(name: str, budget: ScanBudget) -> int | None:
    """Return what `*:Get*`, `*:Get` or `*:*Role` matches, or None where the budget does not reach."""
    plain = name.strip("*")
    is_ending = name.startswith("*")
    index = _reversed_names_in_order() if is_ending else _names_in_order()
    wanted = plain[::-1] if is_ending else plain
    low = bisect_left(index.names, wanted)
    high = bisect_left(index.names, wanted + ("\uffff" if is_ending or name.endswith("*") else "\x00"))
    if not budget.take(high - low + LOOK_UP):
        return None
    if len(plain) == 1 and (is_ending or name.endswith("*")):
        return index.by_letter.get(plain, 0)
    return index.between(low, high)


def upper_bound(pair: Pair) -> int:
    """Return all that a pair could match, from its service alone; of no known service it costs nothing."""
    actions = catalogue()
    if has_wildcard(pair.service):
        return actions.everything
    return actions.service_masks[pair.service]
