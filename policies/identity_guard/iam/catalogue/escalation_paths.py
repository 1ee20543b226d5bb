"""The known escalation paths, as data with sources, and sets of their actions.

The paths name some four hundred of the 22,000 actions. Their sets are kept as masks over those alone, so that
going through all paths costs next to nothing.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, lru_cache

from .action_patterns import ScanBudget
from .action_sets import action_set
from .actions import catalogue, union
from .data import read_file


class Through(Enum):
    """By what a path leads further."""

    IDENTITY = "identity"
    PASSED_ROLE = "passed-role"
    RUNNING_ROLE = "running-role"


@dataclass(frozen=True)
class EscalationPath:
    """A set of actions that together give more than they say."""

    name: str
    actions: tuple[str, ...]
    through: Through
    gives: str
    source: str
    passed_to: tuple[str, ...]
    """The services that get the passed role."""
    companions: tuple[str, ...]
    """Actions one of which, allowed on the same named target, makes that one target enough."""
    controlled_by: tuple[str, ...]
    """Actions one of which gives what the path needs besides, such as an instance that one gets into; none
    where it needs nothing."""
    one_role_suffices: bool
    """Whether one named role is enough: it is rewritten, and then used."""
    told_first: bool
    """Whether a message names it before all others."""
    mask: int = field(repr=False)
    """Its actions in the catalogue."""


@cache
def escalation_paths() -> tuple[EscalationPath, ...]:
    """Return all known paths."""
    data = json.loads(read_file("escalation_paths.json"))
    return tuple(
        EscalationPath(
            name=row["name"],
            actions=tuple(row["actions"]),
            through=Through(row["through"]),
            gives=row["gives"],
            source=row["source"],
            passed_to=tuple(row.get("passed_to", ())),
            companions=tuple(row.get("companions", ())),
            controlled_by=tuple(row.get("controlled_by", ())),
            one_role_suffices=row.get("one_role_suffices", False),
            told_first=row.get("told_first", False),
            mask=action_set(row["actions"], ScanBudget()).certain & catalogue().known,
        )
        for row in data["paths"]
    )


@cache
def path_actions() -> int:
    """Return every action that some path needs, as a mask over the catalogue."""
    return union(path.mask for path in escalation_paths())


@cache
def services_passed_to() -> tuple[str, ...]:
    """Return every service that some path passes a role to."""
    return tuple(sorted({service for path in escalation_paths() for service in path.passed_to}))


@cache
def _places() -> tuple[tuple[int, int, int], ...]:
    """For each action of some path: the byte and bit of the catalogue's mask, and its own bit."""
    mask = path_actions()
    places: list[tuple[int, int, int]] = []
    while mask:
        bit = (mask & -mask).bit_length() - 1
        places.append((bit >> 3, 1 << (bit & 7), 1 << len(places)))
        mask &= mask - 1
    return tuple(places)


@lru_cache(maxsize=256)
def shrink(mask: int) -> int:
    """Turn a mask over the catalogue into one over the actions of the paths."""
    if not mask & path_actions():
        return 0
    held = mask.to_bytes((catalogue().size >> 3) + 1, "little")
    found = 0
    for byte, bit, own in _places():
        if held[byte] & bit:
            found |= own
    return found


@cache
def shrunk_paths() -> tuple[tuple[EscalationPath, int], ...]:
    """Return each path with its actions as a mask over the actions of the paths."""
    return tuple((path, shrink(path.mask)) for path in escalation_paths())


@cache
def _wider_than() -> dict[str, frozenset[str]]:
    """For each path the names of those that need all its actions and more."""
    return {
        path.name: frozenset(
            other.name for other, mask in shrunk_paths() if mask != actions and actions & ~mask == 0
        )
        for path, actions in shrunk_paths()
    }


def actions_within(mask: int) -> int:
    """Return the actions, as a mask over the catalogue, of those paths whose actions are all in a mask."""
    found = shrink(mask)
    return _of_paths_within(found) if found else 0


@lru_cache(maxsize=256)
def _of_paths_within(found: int) -> int:
    return union(path.mask for path, actions in shrunk_paths() if actions & ~found == 0)


def widest(paths: Iterable[EscalationPath]) -> tuple[EscalationPath, ...]:
    """Leave out each path whose actions are part of another one's among them."""
    every = tuple(paths)
    names = {path.name for path in every}
    return tuple(path for path in every if not _wider_than()[path.name] & names)
