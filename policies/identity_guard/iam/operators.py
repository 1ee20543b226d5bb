"""The condition operators, as a table: how each compares one value of a policy with one of a request.

Source: IAM User Guide, reference_policies_elements_condition_operators. A comparison answers True or
False, or None where the policy's value has no meaning for the operator (`NumericEquals` with a word): then
nothing is certain about the condition.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from .addresses import address_range
from .wildcard import has_wildcard, matches

ValueKind = Literal["string", "numeric", "date", "bool", "binary", "ip", "arn", "presence"]
"""What an operator compares."""

Test = Callable[[str], bool | None]
"""Compares one value of a request with the policy's value that it was made from."""

ARN_PARTS: Final = 6
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
