"""The known IAM actions as bits of one integer, plus bits for actions that do not exist yet.

Bits 0..known-1 are the actions of the snapshot in `data/actions.json.gz`, service by service, each
service's in the order of their lower-case names; so a service, and a prefix within one, is a run of bits.
Above them come symbols for what AWS may add: 26 services that do not exist (one for each first letter),
each with 26 actions, and 26 more actions for each service that guards access. A pattern that names all of
today's services one by one does not hold those symbols; `*` does.
"""

import gzip
import json
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from operator import attrgetter
from string import ascii_lowercase
from typing import Any, Final

from .data import read_file

# Sets of actions as integers. None is negative: steps with those take several times as long.


def union(masks: Iterable[int]) -> int:
    """Return the union of masks."""
    bits = 0
    for mask in masks:
        bits |= mask
    return bits


def without(mask: int, taken: int) -> int:
    """Return what is left of a mask when another is taken away."""
    return mask ^ (mask & taken)


def mask_of(bits: Collection[int]) -> int:
    """Return the mask of single bits: set byte by byte, as each step with a whole mask copies it."""
    if not bits:
        return 0
    skipped = min(bits) >> 3
    held = bytearray((max(bits) >> 3) - skipped + 1)
    for bit in bits:
        held[(bit >> 3) - skipped] |= 1 << (bit & 7)
    return int.from_bytes(held, "little") << (skipped << 3)


GUARDING_SERVICES: Final = ("account", "iam", "sso", "sts")
"""The services that control access and the account itself (corpus definition of root-level)."""

NOT_YET: Final = "NotYetInvented"
"""The tail of the names of actions and services that stand for future ones."""


def read_data(name: str) -> Any:  # noqa: ANN401 - each data file has its own shape, checked where it is used
    """Decode one compressed data file of the pack."""
    return json.loads(gzip.decompress(read_file(name)))


@dataclass(frozen=True, eq=False)
class Block:
    """A run of bits: the actions of one service, sorted by lower-case name."""

    service: str
    first: int
    """The bit of its first action."""
    spelled: str
    """The names as AWS writes them, separated by blanks."""
    size: int
    future: bool
    """True for actions that do not exist yet."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names in lower case."""
        return tuple(self.spelled.lower().split(" "))

    @cached_property
    def longest(self) -> int:
        """The length of its longest name."""
        return max(map(len, self.names))

    @cached_property
    def mask(self) -> int:
        """All actions of the block."""
        return ((1 << self.size) - 1) << self.first

    @cached_property
    def _by_length(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for number, name in enumerate(self.names):
            found.setdefault(len(name), []).append(number)
        return found

    def of_length(self, length: int) -> Sequence[int]:
        """Return the places, in this block, of the names that have so many characters."""
        return self._by_length.get(length, ())

    def beginning_with(self, prefix: str) -> Sequence[int]:
        """Return the places, in this block, of the names that begin so."""
        low = bisect_left(self.names, prefix)
        return range(low, bisect_left(self.names, prefix + "\uffff", low))

    def with_prefix(self, prefix: str) -> int:
        """Return the actions whose lower-case name starts with the prefix."""
        return self.own_bits(prefix, is_prefix=True) << self.first

    def named(self, name: str) -> int:
        """Return the bit of the action with this lower-case name, or 0."""
        return self.own_bits(name, is_prefix=False) << self.first

    def own_bits(self, name: str, *, is_prefix: bool) -> int:
        """Return the actions with a name, or with one that starts so, counted from the block's own first."""
        names = self.names
        low = bisect_left(names, name)
        if is_prefix:
            return ((1 << (bisect_left(names, name + "\uffff", low) - low)) - 1) << low
        return 1 << low if low < self.size and names[low] == name else 0


def mask_of_blocks(blocks: Sequence[Block]) -> int:
    """Return the actions of some blocks, run by run: neighbours are one step."""
    if len(blocks) == 1:
        return blocks[0].mask
    bits = first = end = 0
    for block in sorted(blocks, key=_first_of):
        if block.first > end:
            bits |= ((1 << (end - first)) - 1) << first
            first = block.first
        end = max(end, block.first + block.size)
    return bits | ((1 << (end - first)) - 1) << first


_first_of: Final = attrgetter("first")


@dataclass(frozen=True)
class Catalogue:
    """All blocks, and what can be asked of them."""

    source: str
    date: str
    blocks: tuple[Block, ...]
    levels: dict[str, str]
    """For each service one letter an action: W write, P permissions management, T tagging, R read, L list."""
    known_size: int
    """How many actions exist; the bits from here on stand for future ones."""
    size: int

    @cached_property
    def everything(self) -> int:
        """Every action, known or not yet invented, and those that a policy names and nobody here knows."""
        return (1 << (self.size + 1)) - 1

    @cached_property
    def unknown(self) -> int:
        """The symbol for actions that a policy names and the catalogue does not know."""
        return 1 << self.size

    @cached_property
    def known(self) -> int:
        """Every action that exists."""
        return (1 << self.known_size) - 1

    @cached_property
    def future(self) -> int:
        """The symbols for actions that do not exist yet."""
        return self.everything ^ self.known ^ self.unknown

    @cached_property
    def by_service(self) -> dict[str, tuple[Block, ...]]:
        """The blocks of each service by its lower-case prefix."""
        found: dict[str, tuple[Block, ...]] = {}
        for block in self.blocks:
            found[block.service] = (*found.get(block.service, ()), block)
        return found

    @cached_property
    def bits_by_name(self) -> dict[str, int]:
        """The number of the bit of each `service:action` in lower case."""
        return {
            f"{block.service}:{name}": bit
            for block in self.blocks
            for bit, name in enumerate(block.names, start=block.first)
        }

    @cached_property
    def _in_order(self) -> tuple[list[str], list[Block]]:
        ordered = sorted(self.blocks, key=lambda block: block.service)
        return [block.service for block in ordered], ordered

    def starting_with(self, prefix: str) -> list[Block]:
        """Return the blocks of the services whose prefix starts so."""
        services, blocks = self._in_order
        return blocks[bisect_left(services, prefix) : bisect_left(services, prefix + "\uffff")]

    @cached_property
    def service_masks(self) -> dict[str, int]:
        """All actions of each service, its future ones included."""
        return {service: union(block.mask for block in blocks) for service, blocks in self.by_service.items()}

    @cached_property
    def blocks_by_pattern(self) -> dict[str, tuple[Block, ...]]:
        """The blocks of each service by the pattern `service:*`."""
        return {f"{service}:*": blocks for service, blocks in self.by_service.items()}

    def changing(self, service: str) -> int:
        """Return the actions of a service that change something: write, permissions management, tagging."""
        first = self.by_service[service][0].first
        bits = 0
        for number, level in enumerate(self.levels[service]):
            if level in "WPT":
                bits |= 1 << (first + number)
        return bits

    def name_of(self, bit: int) -> str:
        """Return `service:Action` of a bit as AWS writes it."""
        low, high = 0, len(self.blocks)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.blocks[middle].first <= bit else (low, middle)
        block = self.blocks[low]
        return f"{block.service}:{block.spelled.split(' ')[bit - block.first]}"

    def bit_of(self, action: str) -> int | None:
        """Return the number of the bit of `service:Action`, in any case, or None if it is not known."""
        return self.bits_by_name.get(action.lower())

    def mask_of(self, actions: Iterable[str]) -> int:
        """Return the actions of these names, in any case; a name that is not known adds nothing."""
        return union(1 << bit for action in actions if (bit := self.bit_of(action)) is not None)

    def names(self, mask: int) -> Iterator[str]:
        """Yield the names of the known actions in a mask, in the order of their bits."""
        for block in self.blocks:
            own = mask >> block.first & ((1 << len(block.names)) - 1)
            if own:
                for number, name in enumerate(block.spelled.split(" ")):
                    if own >> number & 1:
                        yield f"{block.service}:{name}"


@cache
def catalogue() -> Catalogue:
    """Return the catalogue, read once."""
    data = read_data("actions.json.gz")
    blocks: list[Block] = []
    levels: dict[str, str] = {}
    first = 0
    for service, (spelled, letters) in sorted(data["services"].items()):
        blocks.append(Block(service, first, spelled, len(letters), future=False))
        levels[service] = letters
        first += len(letters)
    known_size = first
    invented = " ".join(f"{letter}{NOT_YET}" for letter in ascii_lowercase)
    future_services = [f"{letter}{NOT_YET.lower()}" for letter in ascii_lowercase]
    for service in (*GUARDING_SERVICES, *future_services):
        blocks.append(Block(service, first, invented, len(ascii_lowercase), future=True))
        first += len(ascii_lowercase)
    return Catalogue(data["source"], data["date"], tuple(blocks), levels, known_size, first)
