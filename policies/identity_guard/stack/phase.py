"""In which run of the engine the pack finds itself, and which day it is."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Final, TypeVar

_T = TypeVar("_T")

TODAY_VARIABLE: Final = "IDENTITY_CENTER_TODAY"
"""Sets the day of the check, as YYYY-MM-DD, so that tests and exercises do not depend on the calendar."""

DRY_RUN_VARIABLE: Final = "PULUMI_DRY_RUN"
"""Set by the language host for the pack of a preview (true) or an update (false), and not by `pulumi policy
analyze` (pulumi 3.259: pkg/resource/plugin/analyzer_plugin.go calls ConfigureStack only with options)."""


class Phase(Enum):
    """What the engine does meanwhile."""

    PREVIEW = "preview"
    """Nothing is made; the stack policy sees the whole before anything is."""
    UPDATE = "update"
    """Resources are made one by one; only a resource policy comes before each of them."""
    AUDIT = "audit"
    """`pulumi policy analyze` reads a state in which nothing is unknown and everything is already made."""


def current_phase(environment: Mapping[str, str] = os.environ) -> Phase:
    """Say which phase the environment tells."""
    told = environment.get(DRY_RUN_VARIABLE)
    if told is None:
        return Phase.AUDIT
    return Phase.PREVIEW if told == "true" else Phase.UPDATE


class ClockError(ValueError):
    """The variable that sets the day does not hold one."""


def today(environment: Mapping[str, str] = os.environ) -> date:
    """Return the day of the check: the variable's, else today's in UTC. Raises ClockError."""
    told = environment.get(TODAY_VARIABLE)
    if told is None:
        return datetime.now(UTC).date()
    found = read_day(told)
    if found is None:
        raise ClockError(f"the environment variable {TODAY_VARIABLE} holds no day such as 2027-02-15")
    return found


def read_day(text: str) -> date | None:
    """Read YYYY-MM-DD and nothing else."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None


# What a rule found, and the grammar of its message.
#
# Written for somebody who reads a preview: who or what, why, one call that shows it, what to do. A message
# holds names, ARNs, statement labels and actions; never the value of any other property, which may be a
# secret.


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
