"""A time that somebody waits, in the words that people and Go write it in."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Final

from identity_center.model.mistakes import WrongValueError

from .values import Checked, parse_duration

#: Below a minute nothing would ever be done in time; a day is longer than any pipeline.
SHORTEST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(hours=24)
#: What is waited where a model says nothing, by the key; the provider's own time where there is none here.
DEFAULTS: Final[Mapping[str, str]] = {"assignments": "30m", "provisioning": "1h", "regions": "2h"}


def waiting_time(text: str) -> str:
    """Return a time-out as Go writes it: `90 minutes`, `1h30m` and `PT1H30M` are `1h30m`.

    Raises WrongValueError where it is none or not within the limits.
    """
    duration = parse_duration(text)
    if duration is None or not SHORTEST <= duration <= LONGEST:
        raise WrongValueError(
            f"`{text}` is not a time-out from 1 minute to 24 hours",
            "write it as 45 minutes, 1h30m or PT1H30M",
        )
    hours, seconds = divmod(int(duration.total_seconds()), 3600)
    minutes, seconds = divmod(seconds, 60)
    parts = ((hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count)


WaitingTime = Annotated[str, Checked(waiting_time)]
