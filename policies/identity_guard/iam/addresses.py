"""IP addresses as numbers: the range that a text stands for, and the parts that ranges cut all into."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from socket import AF_INET, AF_INET6, inet_pton
from typing import Final

EXAMPLE_ADDRESS: Final = "198.51.100.10"
PRIVATE: Final = ("0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3")
"""IPv4 addresses from which nobody calls AWS over the internet (RFC 1918, 5735)."""

IPV4: Final = 4
Range = tuple[int, int]
"""The first and the last address."""


@lru_cache(maxsize=256)
def address_range(text: str) -> tuple[int, int, int] | None:
    """Return family (4 or 6), first and last address of `203.0.113.0/24`, `2001:db8::/32` or one address."""
    address, slash, length = text.strip().partition("/")
    family, size = (AF_INET6, 128) if ":" in address else (AF_INET, 32)
    try:
        packed = int.from_bytes(inet_pton(family, address))
    except (OSError, ValueError):
        return None
    if slash and not (length.isascii() and length.isdigit() and len(length) <= len("128")):
        return None
    bits = int(length) if slash else size
    if bits > size:
        return None
    first = packed >> (size - bits) << (size - bits)
    return (IPV4 if family is AF_INET else 6), first, first + (1 << (size - bits)) - 1


def address_text(family: int, address: int) -> str:
    """Write an address given as a number."""
    if family == IPV4:
        return ".".join(str(part) for part in address.to_bytes(4))
    return ":".join(f"{address >> (112 - 16 * place) & 0xFFFF:x}" for place in range(8))


def _is_in(address: int, ranges: Sequence[Range]) -> list[bool]:
    """Say of each range whether an address is in it."""
    return [low <= address <= high for low, high in ranges]


ADDRESSES: Final = {IPV4: 1 << 32, 6: 1 << 128}
"""How many addresses there are, by the version of IP."""
_HIDDEN: Final[dict[int, list[Range]]] = {
    IPV4: [limits[1:] for text in PRIVATE if (limits := address_range(text))],
    6: [],
}
_EXAMPLES: Final = {IPV4: int.from_bytes(inet_pton(AF_INET, EXAMPLE_ADDRESS)), 6: 0}


def parts_of(family: int, ranges: Sequence[Range]) -> list[tuple[int, float]]:
    """Return an address of each part that ranges cut a family into, with the part's size.

    An address from which somebody calls stands for its part before one from which nobody does.
    """
    size, hidden, example = ADDRESSES[family], _HIDDEN[family], _EXAMPLES[family]
    if not ranges:
        return [(example, float(size))]
    edges = sorted({0, size, *(edge for first, last in (*ranges, *hidden) for edge in (first, last + 1))})
    sizes: dict[tuple[bool, ...], float] = {}
    shown = {tuple(_is_in(example, ranges)): example}
    called_from_nowhere: dict[tuple[bool, ...], int] = {}
    for first, end in pairwise(edges):
        part = tuple(_is_in(first, ranges))
        is_hidden = True in _is_in(first, hidden)
        sizes[part] = sizes.get(part, 0.0) + (0.0 if is_hidden else float(end - first))
        (called_from_nowhere if is_hidden else shown).setdefault(part, first)
    return [({**called_from_nowhere, **shown}[part], weight) for part, weight in sizes.items()]
