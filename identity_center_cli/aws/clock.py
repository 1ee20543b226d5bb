"""The time that a reading is stamped with: that of IDENTITY_CENTER_TODAY, else the machine's."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime

from identity_center.model.language.clock import clock


def now(environment: Mapping[str, str] = os.environ) -> datetime:
    """Return the time in UTC, to the second; the day or the moment is the one that the environment names.

    Raises ValueError where the environment names something else.
    """
    named = clock(environment)
    moment = named.moment or datetime.combine(named.day, datetime.now(UTC).time(), UTC)
    return moment.replace(microsecond=0)


def written(time: datetime) -> str:
    """Write a time as `2027-02-15T09:30:00Z`."""
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def read(text: str) -> datetime:
    """Read what `written` wrote. Raises ValueError."""
    return datetime.fromisoformat(text).astimezone(UTC)
