"""Dates in a configuration, and what day it is."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime

from .wrong_value import WrongValueError

#: Names the day to take for today, so that tests and demonstrations do not break as time passes.
TODAY_VARIABLE = "IDENTITY_CENTER_TODAY"

# YAML reads an unquoted date as a point in time, which Pulumi passes on, and writes back into the stack's
# file, as Go writes times. Seen with Pulumi 3.259: 2027-02-15 00:00:00 +0000 UTC.
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?: 00:00:00 \+0000 UTC)?")


def parse_date(value: object) -> date | None:
    """Read a calendar date (`2027-02-15`) from what YAML or JSON made of it; None for anything else."""
    if isinstance(value, datetime):
        return value.date() if value.time().isoformat() == "00:00:00" else None
    if isinstance(value, date):
        return value
    match = _DATE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        return date.fromisoformat(match[1])
    except ValueError:
        return None


def calendar_date(value: object) -> date:
    """Read a calendar date as `parse_date` does. Raises WrongValueError for anything else."""
    parsed = parse_date(value)
    if parsed is None:
        raise WrongValueError("is not a date", "write year, month and day, such as 2027-02-15")
    return parsed


def today(environment: Mapping[str, str]) -> date:
    """Return the date in UTC, or the one that the environment names.

    Raises ValueError where the environment names something else than a date.
    """
    named = environment.get(TODAY_VARIABLE, "")
    if not named:
        return datetime.now(UTC).date()
    parsed = parse_date(named)
    if parsed is None:
        raise ValueError(f"{TODAY_VARIABLE} is `{named}`: write a date such as 2027-02-15, or leave it out")
    return parsed
