"""What a rule finds, and how its message is put together.

A message is written for somebody who reads a preview: who or what, why, one call that shows it, what to do.
It holds names, ARNs, statement labels and actions; never the value of any other property, which may be a
secret.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeVar

_T = TypeVar("_T")


class Outcome(Enum):
    """How a finding counts."""

    VIOLATION = "violation"
    """Reported under the rule's own name, at the rule's level."""
    ADVICE = "advice"
    """Reported as `identity-advice`, which is advisory unless configured otherwise."""
    UNDECIDED = "undecided"
    """Reported as `undecided`, which is advisory unless configured otherwise."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell."""

    rule: str
    outcome: Outcome
    message: str
    urn: str | None = None
    """The resource it is about; None for the stack as a whole."""
    about: frozenset[str] = frozenset()
    """Further names under which an exception may mean it: URNs of resources, names of principals."""
    everything: tuple[str, ...] = ()
    """All lines of something that the message counts only, for whoever asks for them."""
    statement: int | None = None
    """The place, counted from 0, of the first statement that makes it so in a document that stands alone."""
    excusable: bool = True
    """False where no exception may silence it: a document that nobody can read may hold anything."""


def undecided(question: str, *, waiting: bool) -> str:
    """Say that something is open; `waiting` where only a value that the update brings is missing."""
    return f"{'undecided in preview' if waiting else 'undecided'}: {question}"


def compose(claim: str, details: Iterable[tuple[str, str]] = (), remedy: str | None = None) -> str:
    """Put a message together: the claim, then one labelled line each, then what to do."""
    lines = [claim]
    lines += [f"  {label}: {text}" for label, text in details]
    if remedy:
        lines.append(f"  to do: {remedy}")
    return "\n".join(lines)


def in_one_line(message: str, details: str) -> str:
    """Shorten a message to its claim, by what it is so or why undecided, and the command for the rest."""
    claim, *lines = message.splitlines()
    reasons, others = first_few(line.removeprefix(_BECAUSE) for line in lines if line.startswith(_BECAUSE))
    since = f", because {'; '.join(reasons)}" if reasons else ""
    more = f" and {others} more reasons" if others else ""
    # A claim with a colon says what it comes to, and that is more than one way.
    how = "" if since or ": " in claim else _by_what(lines)
    return f"{claim}{how}{since}{more}; details: `{details}`" if lines else claim


def _by_what(lines: list[str]) -> str:
    """Name the calls of the first way of a finding that has such, and count the others."""
    ways = [found[1] for line in lines if (found := _WAY.match(line))]
    if not ways:
        return ""
    others = len(ways) - 1 + sum(int(found[1]) for line in lines if (found := _OTHER_WAYS.match(line)))
    more = f" and {others} other {'way' if others == 1 else 'ways'}" if others else ""
    return f", by {ways[0]}{more}"


_BECAUSE: Final = "  because: "
_WAY: Final = re.compile(r"  how: \S+ \(([^)]+)\): ")
_OTHER_WAYS: Final = re.compile(r"  and: (\d+) other ways?; ")


def with_line(message: str, label: str, text: str) -> str:
    """Put one more line into a message, before what to do."""
    before, to_do, after = message.rpartition("\n  to do: ")
    if not to_do:
        return f"{message}\n  {label}: {text}"
    return f"{before}\n  {label}: {text}{to_do}{after}"


SHOWN: Final = 3
"""How many things of one kind a message names; the others are counted."""


def first_few(items: Iterable[_T], most: int = SHOWN) -> tuple[list[_T], int]:
    """Return what a message names of many things, and how many others there are."""
    every = list(items)
    return every[:most], max(0, len(every) - most)


def not_known_yet(places: Iterable[str]) -> Iterator[str]:
    """Say which values are missing, one a line."""
    shown, others = first_few(places)
    yield from (f"{place} is not known yet" for place in shown)
    if others:
        yield f"{others} more {'value is' if others == 1 else 'values are'} not known yet"


def quoted(names: Iterable[str], most: int = SHOWN) -> str:
    """Name a few things and count the rest: `a`, `b` and 4 others."""
    shown, others = first_few((f"`{name}`" for name in names), most)
    if others:
        return f"{', '.join(shown)} and {others} {'other' if others == 1 else 'others'}"
    *most_of_them, last = shown or [""]
    return f"{', '.join(most_of_them)} and {last}" if most_of_them else last
