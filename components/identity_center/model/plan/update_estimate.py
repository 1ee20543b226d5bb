"""How long an update of many account assignments takes: a range, and what it rests on.

Three things hold an update back, and the slowest of them sets its length: how many assignments the engine
works on at a time, each of which waits for the provider's first look; how many AWS has under way; and how
many calls a second AWS takes. Beside them, AWS updates the roles of one account one after the other.

Nobody says how long AWS takes for one assignment. So a first estimate is wide. After a large update its real
pace is known, and the next estimate rests on that.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

#: Fewer are made before anybody would wonder.
LARGE: Final = 100
#: Fewer assignments than this, or than a round of the engine, tell little about the pace.
_ENOUGH: Final = 50

# Source of the next two: IAM Identity Center user guide, limits, "Throttle limits". Older copies of the page
# say 10 outstanding requests.
_OUTSTANDING: Final = 15
_CALLS_A_SECOND: Final = 20
#: Source: hashicorp/terraform-provider-aws, internal/service/ssoadmin/account_assignment.go: Delay 10 s,
#: MinTimeout 5 s between later looks.
_FIRST_LOOK: Final = 10
_NEXT_LOOK: Final = 5
#: Seconds that AWS takes for one assignment. No document says it: a guess, which the message names.
_QUICK, _SLOW = 3, 12
#: Calls of one assignment: the provider looks whether it is there, asks for it, and looks for its status.
#: Where AWS is slow it looks once more, and some are refused and asked for again.
_FEW_CALLS, _MANY_CALLS = 3, 5
#: A second for the calls themselves, of each assignment.
_CALLS_TAKE: Final = 1
#: What the real pace of one update says of the next: a quarter more or less.
_MARGIN: Final = 1.25
#: How many at a time keep AWS busy without being refused: 15 under way at AWS, and about as many whose
#: provider waits for its first look although AWS is done.
RECOMMENDED_PARALLEL: Final = 32


@dataclass(frozen=True)
class MeasuredPace:
    """How fast an update made assignments."""

    assignments: int
    seconds: float
    parallel: int
    busiest_account: int
    """How many of them were in the account that had most."""

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "MeasuredPace":
        """Read what the state keeps of it, all of whose numbers are fractions.

        Raises KeyError, TypeError or ValueError where it is something else.
        """
        whole = {name: int(kept[name]) for name in ("assignments", "parallel", "busiest_account")}
        if min(whole.values()) <= 0 or float(kept["seconds"]) <= 0:
            raise ValueError(f"{dict(kept)} is no pace")
        return cls(whole["assignments"], float(kept["seconds"]), whole["parallel"], whole["busiest_account"])


@dataclass(frozen=True)
class UpdateEstimate:
    """How long an update takes, in seconds, and why."""

    assignments: int
    shortest: float
    longest: float
    because: str

    def sentence(self) -> str:
        """Say it, such as `3,000 account assignments: 20 to 40 minutes (...)`."""
        how_long = _range(self.shortest, self.longest)
        return f"{self.assignments:,} account assignments: {how_long} ({self.because})"


def measure_pace(done: Sequence[float], parallel: int, accounts: Sequence[str]) -> MeasuredPace | None:
    """Measure the pace of an update by when each of its assignments was done, in seconds of any clock.

    `accounts` has the account of each assignment. The first and the last round of the engine are left out: at
    the beginning AWS has little to do yet, at the end little left. Where that leaves too few, there is none.
    """
    if not is_enough_to_measure(len(done), parallel):
        return None
    between, moments = len(done) - 2 * parallel, sorted(done)
    seconds = moments[-parallel - 1] - moments[parallel - 1]
    busiest = max(Counter(accounts).values())
    return MeasuredPace(between, seconds, parallel, busiest) if seconds > 0 else None


def is_enough_to_measure(assignments: int, parallel: int) -> bool:
    """Tell whether so many new assignments say something of the pace."""
    return parallel > 0 and assignments - 2 * parallel >= max(_ENOUGH, parallel)


def estimate_update(
    accounts: Iterable[str], parallel: int | None, measured: MeasuredPace | None = None
) -> UpdateEstimate | None:
    """Estimate an update that makes or deletes assignments in these accounts, one item for each assignment.

    `parallel` is the engine's `--parallel`; None: without limit. None is returned where the update is small.
    """
    counted = Counter(accounts)
    total = counted.total()
    if total < LARGE:
        return None
    at_once = min(parallel or total, total)
    busiest = max(counted.values())
    if measured is not None:
        return _from_measured(total, at_once, busiest, measured)
    shortest = _seconds(total, at_once, busiest, takes=_QUICK, calls=_FEW_CALLS)
    longest = _seconds(total, at_once, busiest, takes=_SLOW, calls=_MANY_CALLS)
    return UpdateEstimate(total, shortest, longest, _assumptions(total, at_once, busiest))


def _seconds(total: int, at_once: int, busiest: int, *, takes: int, calls: int) -> float:
    """Return how long it takes where AWS takes so many seconds for each."""
    return max(
        ceil(total / at_once) * (_first_seen(takes) + _CALLS_TAKE),
        total * takes / _OUTSTANDING,
        total * calls / _CALLS_A_SECOND,
        busiest * takes,
    )


def _first_seen(takes: int) -> int:
    """Return when the provider sees that something is done that takes so many seconds."""
    return _FIRST_LOOK + ceil(max(takes - _FIRST_LOOK, 0) / _NEXT_LOOK) * _NEXT_LOOK


def _assumptions(total: int, at_once: int, busiest: int) -> str:
    said = [
        f"--parallel {at_once}",
        f"AWS takes {_QUICK} to {_SLOW} seconds for each, {_OUTSTANDING} at a time",
        f"{_CALLS_A_SECOND} calls a second",
        f"the provider looks after {_FIRST_LOOK} seconds at the earliest",
    ]
    if busiest * _SLOW > total * _SLOW / _OUTSTANDING:
        said.append(f"{busiest} are in one account, which takes one at a time")
    if at_once < RECOMMENDED_PARALLEL / 2:
        said.append(f"faster with --parallel {RECOMMENDED_PARALLEL}")
    return "; ".join(said)


def _from_measured(total: int, at_once: int, busiest: int, measured: MeasuredPace) -> UpdateEstimate:
    """Take the pace of the last large update for that of this one.

    What held that one back is not known. If it was the engine, a larger `--parallel` is faster in proportion;
    if it was AWS, it is not.
    """
    pace = measured.assignments / measured.seconds
    of_engine = pace * at_once / measured.parallel
    possible = min(at_once / _FIRST_LOOK, _CALLS_A_SECOND / _FEW_CALLS)
    fast, slow = max(min(max(pace, of_engine), possible), min(pace, of_engine)), min(pace, of_engine)
    # An account's queue moved at least as fast as the whole update went through it, and an assignment took no
    # longer than its place in the engine was taken.
    one_role = min(measured.seconds / measured.busiest_account, measured.parallel / pace)
    because = (
        f"--parallel {at_once}; at the pace of the last large update, which made {measured.assignments:,} in "
        f"{_duration(measured.seconds)} with --parallel {measured.parallel}"
    )
    shortest, longest = total / fast / _MARGIN, max(total / slow, busiest * one_role) * _MARGIN
    return UpdateEstimate(total, shortest, longest, because)


def _range(shortest: float, longest: float) -> str:
    low, high = round(shortest / 60), ceil(longest / 60)
    if high <= 1:
        return "about a minute"
    if low == high:
        return f"about {_minutes(high)}"
    if high < 60:  # noqa: PLR2004  # minutes of an hour
        return f"{max(low, 1)} to {high} minutes"
    return f"{_minutes(max(low, 1))} to {_minutes(high)}"


def _minutes(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours)
    return " ".join(parts)


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else _minutes(round(seconds / 60))  # noqa: PLR2004  # two minutes
