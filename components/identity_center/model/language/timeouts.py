"""How long the provider waits for AWS where that grows with the organisation."""

from datetime import timedelta
from typing import Annotated, Final

from pydantic import AfterValidator

from identity_center.model.mistakes import WrongValueError

from .values import Entry, parse_duration

#: Below a minute nothing would ever be done in time; a day is longer than any pipeline.
SHORTEST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(hours=24)


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


WaitingTime = Annotated[str, AfterValidator(waiting_time)]


class TimeoutsEntry(Entry):
    """How long the provider waits until AWS has done what it was asked for, such as `45 minutes` or `1h30m`.

    What takes longer fails in the update, and AWS goes on with it: docs/timeouts.md says what is then to do.
    """

    assignments: WaitingTime = "30m"
    """For one account assignment to be made or deleted. AWS updates one role at a time in an account, and one
    assignment waits there for all others. The provider's own five minutes are too short for that."""
    provisioning: WaitingTime = "1h"
    """For a changed permission set to reach every account that has it. The default leaves seven seconds for
    each of 500 accounts, even where AWS takes one after the other; the provider's own is ten minutes."""
    account_access: WaitingTime | None = None
    """For account access manager's application to be made or deleted. The provider's 15 minutes where nothing
    is said: it does not grow with the organisation."""
