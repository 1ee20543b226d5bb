"""Session durations in ISO 8601, as permission sets take them."""

import re
from datetime import timedelta

#: How long a session of a permission set may last.
#: Source: AWS user guide, "Set session duration for AWS accounts". The API checks no more than the form.
SHORTEST = timedelta(hours=1)
LONGEST = timedelta(hours=12)

# Days and longer are left out: none of them is within the limits.
_PATTERN = re.compile(r"PT(?=\d)(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,5})M)?(?:(?P<seconds>\d{1,5})S)?")


def parse_session_duration(text: str) -> timedelta | None:
    """Read `PT4H`, `PT1H30M` or `PT5400S`; None for anything else or for a duration out of the limits."""
    match = _PATTERN.fullmatch(text)
    if match is None:
        return None
    duration = timedelta(**{unit: int(amount) for unit, amount in match.groupdict(default="0").items()})
    return duration if SHORTEST <= duration <= LONGEST else None
