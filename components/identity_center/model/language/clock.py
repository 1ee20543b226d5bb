"""What time it is, as an input: the day or moment that the environment names, else the machine's clock."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from identity_center.model.mistakes import WrongValueError

from .keys.values import parse_date

#: Names the day or the moment to take for now, so that a run can be tried for another one, and tests and
#: demonstrations do not break as time passes.
TODAY_VARIABLE = "IDENTITY_CENTER_TODAY"
# As people and JSON write it, and as Pulumi passes on what YAML reads without quotes. Seen with Pulumi 3.260:
# 2027-02-15 16:00:00 +0100 +0100.
_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[T ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)? ?"
    r"(?P<zone>Z|[+-]\d{2}:?\d{2})(?: (?:UTC|[A-Z]{3,5}|[+-]\d{2,4}))?"
)
_EXAMPLES = "write a day such as 2027-02-15, or a moment with its zone such as 2027-02-15T16:00:00Z"


@dataclass(frozen=True)
class Clock:
    """When something is judged."""

    day: date
    """In UTC."""
    moment: datetime | None = None
    """None where the day only is known: what ends within the day then ends with it."""

    @classmethod
    def at(cls, moment: datetime) -> "Clock":
        """Return the clock at a moment, which has a zone."""
        return cls(moment.astimezone(UTC).date(), moment.astimezone(UTC))

    def is_past(self, end: date) -> bool:
        """Tell whether a last day is over, or a moment has come."""
        if not isinstance(end, datetime):
            return end < self.day
        return end.astimezone(UTC).date() < self.day if self.moment is None else end <= self.moment


def parse_moment(value: object) -> datetime | None:
    """Read a moment with its zone from what YAML or JSON made of it, in UTC; None for anything else."""
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else None
    match = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        return datetime.fromisoformat(f"{match['day']}T{match['time']}{match['zone']}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def end_of_access(value: object) -> date:
    """Read a last day, or the moment of an end. Raises WrongValueError for anything else."""
    end = parse_date(value) or parse_moment(value)
    if end is None:
        raise WrongValueError("is neither a date nor a moment with a zone", _EXAMPLES)
    return end


def day_of(end: date) -> date:
    """Return the day in UTC on which something ends."""
    return end.astimezone(UTC).date() if isinstance(end, datetime) else end


def said(end: date) -> str:
    """Say an end: `2027-02-15`, or `2027-02-15 16:00 UTC`."""
    return f"{end.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if isinstance(end, datetime) else end.isoformat()


def clock(environment: Mapping[str, str]) -> Clock:
    """Return what time it is: that of the environment, or the machine's.

    Raises ValueError where the environment names something else than a day or a moment.
    """
    named = environment.get(TODAY_VARIABLE, "")
    if not named:
        return Clock.at(datetime.now(UTC))
    if (day := parse_date(named)) is not None:
        return Clock(day)
    if (moment := parse_moment(named)) is not None:
        return Clock.at(moment)
    raise ValueError(f"{TODAY_VARIABLE} is `{named}`: {_EXAMPLES}, or leave it out")
