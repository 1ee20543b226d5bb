"""The time that a reading is stamped with: the day of IDENTITY_CENTER_TODAY, else the machine's."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime

from identity_center.model.language.values import today


def now(environment: Mapping[str, str] = os.environ) -> datetime:
    """Return the time in UTC, to the second; the day is the one that the environment names, if it does.

    Raises ValueError where the environment names something else than a day.
    """
    time = datetime.now(UTC).time().replace(microsecond=0)
    return datetime.combine(today(environment), time, UTC)


def written(time: datetime) -> str:
    """Write a time as `2027-02-15T09:30:00Z`."""
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def read(text: str) -> datetime:
    """Read what `written` wrote. Raises ValueError."""
    return datetime.fromisoformat(text).astimezone(UTC)
