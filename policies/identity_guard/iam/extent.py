"""How far a list of resource patterns reaches: to all resources, to none, or to those that it names."""

from collections.abc import Sequence
from enum import Enum
from typing import Final

from .regions import REGIONS
from .wildcard import is_everything


class Extent(Enum):
    """How far a statement's Resource or NotResource reaches."""

    EVERYTHING = "every resource"
    EVERY_ARN = "every ARN, which leaves out the actions that take no resource"
    LISTED = "what its patterns name"
    NOTHING = "no resource"


_OPPOSITE: Final = {Extent.EVERYTHING: Extent.NOTHING, Extent.NOTHING: Extent.EVERYTHING}


def extent_of(patterns: Sequence[str], *, excluded: bool) -> Extent:
    """Return how far patterns reach; with `excluded`, how far what they leave reaches."""
    found = _extent(patterns)
    return _OPPOSITE.get(found, Extent.LISTED) if excluded else found


def _extent(patterns: Sequence[str]) -> Extent:
    if not patterns:
        return Extent.NOTHING
    if "*" in patterns or any(map(is_everything, patterns)):
        return Extent.EVERYTHING
    if any(map(takes_every_arn, patterns)):
        return Extent.EVERY_ARN
    return Extent.LISTED


def takes_every_arn(pattern: str) -> bool:
    """Recognise `arn:*`, `arn:aws:*`, `arn:*:*:*:*:*` and the like."""
    parts = pattern.split(":")
    is_partition = len(parts) == 1 or parts[1] in REGIONS or not parts[1].strip("*")
    return (
        parts[0] in ("arn", "*", "arn*")
        and is_partition
        and pattern.endswith("*")
        and not "".join(parts[2:]).strip("*")
    )
