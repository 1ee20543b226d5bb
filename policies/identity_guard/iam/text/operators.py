"""The condition operators, as a table: how each compares one value of a policy with one of a request.

Source: IAM User Guide, reference_policies_elements_condition_operators. A comparison answers True or
False, or None where the policy's value has no meaning for the operator (`NumericEquals` with a word): then
nothing is certain about the condition.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from socket import AF_INET, AF_INET6, inet_pton
from typing import Final, Literal

from identity_guard.iam.text.arn import ARN_PARTS

from .wildcard import has_wildcard, matches

# IP addresses as numbers: the range that a text stands for, and the parts that ranges cut all into.
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


ValueKind = Literal["string", "numeric", "date", "bool", "binary", "ip", "arn", "presence"]
"""What an operator compares."""

Test = Callable[[str], bool | None]
"""Compares one value of a request with the policy's value that it was made from."""

LONGEST_NUMBER: Final = 40
"""Characters. IAM's numbers are integers or decimals of ordinary size."""


@dataclass(frozen=True, slots=True)
class Operator:
    """One row: an operator without its prefix and suffix."""

    name: str
    values: ValueKind
    prepare: Callable[[str], Test]
    """Makes the comparison for one value of the policy."""
    negated: bool = False
    """A negated operator holds where no value of the policy matches, and where the key is absent."""
    variables: bool = False
    """Whether policy variables are replaced in its values."""
    wildcards: bool = False
    """Whether stars and question marks in its values stand for other texts."""


def _equals(wanted: str) -> Test:
    return lambda found: found == wanted


def _equals_in_any_case(wanted: str) -> Test:
    lowered = wanted.lower()
    return lambda found: found.lower() == lowered


def _like(pattern: str) -> Test:
    return lambda found: matches(pattern, found)


def _arn_like(pattern: str) -> Test:
    """Compare part by part; the sixth part is all the rest. A shorter pattern is compared as a whole."""
    parts = pattern.split(":", ARN_PARTS - 1)
    if len(parts) < ARN_PARTS:
        return _like(pattern)
    last = parts[-1]
    head = pattern.removesuffix(last)
    if not has_wildcard(head):
        return lambda found: found.startswith(head) and matches(last, found[len(head) :])

    def test(found: str) -> bool:
        split = found.split(":", ARN_PARTS - 1)
        return len(split) == ARN_PARTS and all(map(matches, parts, split))

    return test


def _same_bool(wanted: str) -> Test:
    lowered = wanted.lower()
    if lowered not in ("true", "false"):
        return lambda _: None
    return lambda found: found.lower() == lowered


_NUMBER: Final = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)\s*", re.ASCII)


def number(text: str) -> float | None:
    """Read a number as IAM writes them, or None."""
    if len(text) > LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        return None
    return float(text)


_SECONDS: Final = re.compile(r"(?![12]\d{3}\Z)\d{1,19}", re.ASCII)
_YEAR_OR_MONTH: Final = re.compile(r"(\d{4,9})(?:-(\d{2}))?", re.ASCII)
_BEYOND: Final = re.compile(r"(\d{5,9})-\d{2}-\d{2}", re.ASCII)


def moment(text: str) -> float | None:
    """Read an ISO 8601 date or a number of seconds since 1970; the answer is in seconds since 1970."""
    stripped = text.strip()
    if _SECONDS.fullmatch(stripped):
        return float(stripped)
    partial = _YEAR_OR_MONTH.fullmatch(stripped)
    beyond = _BEYOND.match(stripped)
    if beyond:
        return (float(beyond[1]) - 1970) * 31_556_952.0
    if partial and len(partial[1]) == len("2026"):
        stripped = f"{partial[1]}-{partial[2] or '01'}-01"
    try:
        found = datetime.fromisoformat(stripped.upper())
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _ordered(
    read: Callable[[str], float | None], holds: Callable[[float, float], bool]
) -> Callable[[str], Test]:
    def prepare(wanted: str) -> Test:
        limit = read(wanted)
        if limit is None:
            return lambda _: None

        def test(found: str) -> bool:
            value = read(found)
            return value is not None and holds(value, limit)

        return test

    return prepare


def _in_range(wanted: str) -> Test:
    limits = address_range(wanted)
    if limits is None:
        return lambda _: None

    def test(found: str) -> bool:
        one = address_range(found)
        return one is not None and one[0] == limits[0] and limits[1] <= one[1] and one[2] <= limits[2]

    return test


def _presence(wanted: str) -> Test:
    return _same_bool(wanted)


_COMPARISONS: Final[dict[str, Callable[[float, float], bool]]] = {
    "Equals": lambda found, limit: found == limit,
    "LessThan": lambda found, limit: found < limit,
    "LessThanEquals": lambda found, limit: found <= limit,
    "GreaterThan": lambda found, limit: found > limit,
    "GreaterThanEquals": lambda found, limit: found >= limit,
}

OPERATORS: Final[dict[str, Operator]] = {
    row.name: row
    for row in (
        Operator("StringEquals", "string", _equals, variables=True),
        Operator("StringNotEquals", "string", _equals, negated=True, variables=True),
        Operator("StringEqualsIgnoreCase", "string", _equals_in_any_case, variables=True),
        Operator("StringNotEqualsIgnoreCase", "string", _equals_in_any_case, negated=True, variables=True),
        Operator("StringLike", "string", _like, variables=True, wildcards=True),
        Operator("StringNotLike", "string", _like, negated=True, variables=True, wildcards=True),
        *(Operator(f"Numeric{name}", "numeric", _ordered(number, how)) for name, how in _COMPARISONS.items()),
        Operator("NumericNotEquals", "numeric", _ordered(number, _COMPARISONS["Equals"]), negated=True),
        *(Operator(f"Date{name}", "date", _ordered(moment, how)) for name, how in _COMPARISONS.items()),
        Operator("DateNotEquals", "date", _ordered(moment, _COMPARISONS["Equals"]), negated=True),
        Operator("Bool", "bool", _same_bool, variables=True),
        Operator("BinaryEquals", "binary", _equals),
        Operator("IpAddress", "ip", _in_range),
        Operator("NotIpAddress", "ip", _in_range, negated=True),
        Operator("ArnEquals", "arn", _arn_like, variables=True, wildcards=True),
        Operator("ArnLike", "arn", _arn_like, variables=True, wildcards=True),
        Operator("ArnNotEquals", "arn", _arn_like, negated=True, variables=True, wildcards=True),
        Operator("ArnNotLike", "arn", _arn_like, negated=True, variables=True, wildcards=True),
        Operator("Null", "presence", _presence),
    )
}
"""Every operator by its name. `ArnEquals` behaves as `ArnLike` does (same source)."""
