"""How long the provider waits for AWS where that grows with the organisation."""

from .entry import Entry
from .keys.waiting_time import DEFAULTS, WaitingTime


class TimeoutsEntry(Entry):
    """How long the provider waits until AWS has done what it was asked for, such as `45 minutes` or `1h30m`.

    What takes longer fails in the update, and AWS goes on with it: docs/timeouts.md says what is then to do.
    """

    assignments: WaitingTime = DEFAULTS["assignments"]
    """For one account assignment to be made or deleted. AWS updates one role at a time in an account, and one
    assignment waits there for all others. The provider's own five minutes are too short for that."""
    provisioning: WaitingTime = DEFAULTS["provisioning"]
    """For a changed permission set to reach every account that has it. The default leaves seven seconds for
    each of 500 accounts, even where AWS takes one after the other; the provider's own is ten minutes."""
    regions: WaitingTime = DEFAULTS["regions"]
    """For an additional Region to be added or removed, which AWS does one at a time: how long depends on how
    much the instance holds. The provider's own time is 30 minutes."""
    account_access: WaitingTime | None = None
    """For account access manager's application to be made or deleted. The provider's 15 minutes where nothing
    is said: it does not grow with the organisation."""
