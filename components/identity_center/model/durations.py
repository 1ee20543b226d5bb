"""Session durations, in ISO 8601 as permission sets take them, or in plain words."""

import re
from datetime import timedelta

from .wrong_value import WrongValueError

#: How long a session of a permission set may last.
#: Source: AWS user guide, "Set session duration for AWS accounts". The API checks no more than the form.
SHORTEST = timedelta(hours=1)
LONGEST = timedelta(hours=12)

# Days and longer are left out: none of them is within the limits.
_PATTERN = re.compile(r"PT(?=\d)(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,5})M)?(?:(?P<seconds>\d{1,5})S)?")


# 8 hours; 1 hour 30 minutes; 90 minutes; an "and" or a comma may stand between the two.
_WORDS = re.compile(
    r"(?=\d)(?:(?P<hours>\d{1,5})\s*(?:hours?|hrs?|h))?(?:(?:\s*,\s*|\s+and\s+|\s*)(?P<minutes>\d{1,5})\s*(?:minutes?|mins?|m))?",
    re.IGNORECASE,
)


def parse_session_duration(text: str) -> timedelta | None:
    """Read `PT4H`, `PT1H30M`, `PT5400S`, `8 hours` or `1 hour 30 minutes`.

    None for anything else, or for a duration out of the limits.
    """
    match = _PATTERN.fullmatch(text) or _WORDS.fullmatch(text.strip())
    if match is None:
        return None
    duration = timedelta(**{unit: int(amount) for unit, amount in match.groupdict(default="0").items()})
    return duration if SHORTEST <= duration <= LONGEST else None


def session_duration(text: str) -> str:
    """Return a session duration in ISO 8601. Raises WrongValueError where it is none or not allowed."""
    duration = parse_session_duration(text)
    if duration is None:
        raise WrongValueError(
            f"`{text}` is not a duration from 1 to 12 hours",
            "write it as PT1H30M or as 1 hour 30 minutes: PT1H is the shortest, PT12H the longest",
        )
    return text if text.startswith("PT") else iso_duration(duration)


def iso_duration(duration: timedelta) -> str:
    """Write a duration of whole minutes in ISO 8601, such as PT1H30M."""
    hours, minutes = divmod(int(duration.total_seconds()) // 60, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
