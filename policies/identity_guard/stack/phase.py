"""In which run of the engine the pack finds itself, and which day it is."""

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Final

TODAY_VARIABLE: Final = "IDENTITY_CENTER_TODAY"
"""Sets the day of the check, as YYYY-MM-DD or as a moment with its zone, so that tests and exercises do not
depend on the calendar."""

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
    found = read_day(told) or _day_of_moment(told)
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


def _day_of_moment(text: str) -> date | None:
    """Read the day, in UTC, of a moment that the access model's program takes as well."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC).date() if found.tzinfo else None
