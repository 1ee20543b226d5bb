"""Estimates of large updates, beside an AWS and an engine that are simulated event by event.

The simulation knows none of the estimate's formulas: assignments hold a place in the engine, are refused
where AWS has enough under way, queue for their account, and are looked for as the provider does.
"""

import heapq
from collections import defaultdict

import pytest

from identity_center.model.plan.update_estimate import LARGE, MeasuredPace, estimate_update, measure_pace


def accounts(assignments: int, of_each: int = 10) -> list[str]:
    """Return the account of each assignment, in the order in which the engine takes them."""
    many = assignments // of_each
    return [f"{number % many:012}" for number in range(assignments)]


class Simulated:
    """An update at a pace of AWS that the estimate is not told."""

    def __init__(self, takes: float, parallel: int) -> None:
        self.takes, self.parallel = takes, parallel
        self.next_call = 0.0
        self.under_way: list[float] = []
        self.queue_ends: dict[str, float] = defaultdict(float)

    def call(self, moment: float) -> float:
        """Make a call as soon as AWS's 20 a second leave room; return when it is answered."""
        self.next_call = max(moment, self.next_call) + 1 / 20
        return self.next_call + 0.1

    def update(self, wanted: list[str]) -> list[float]:
        """Return when each assignment was done, in seconds."""
        places: list[tuple[float, int, str, bool]] = []
        waiting = list(reversed(wanted))
        done: list[float] = []
        order = 0
        for _ in range(min(self.parallel, len(waiting))):
            heapq.heappush(places, (0.0, order, waiting.pop(), True))
            order += 1
        while places:
            moment, _, account, is_new = heapq.heappop(places)
            if is_new:
                moment = self.call(moment)  # is it there already?
            moment = self.call(moment)
            while self.under_way and self.under_way[0] <= moment:
                heapq.heappop(self.under_way)
            order += 1
            if len(self.under_way) >= 15:
                heapq.heappush(places, (moment + 1.5, order, account, False))
                continue
            ends = max(moment, self.queue_ends[account]) + self.takes
            self.queue_ends[account] = ends
            heapq.heappush(self.under_way, ends)
            seen = moment + 10
            while seen < ends:
                seen += 5
            done.append(seen)
            if waiting:
                heapq.heappush(places, (seen + 0.1, order, waiting.pop(), True))
        return sorted(done)

    def measured(self, wanted: list[str]) -> MeasuredPace:
        """Return what the program writes down of an update."""
        measured = measure_pace(self.update(wanted), self.parallel, wanted)
        assert measured is not None
        return measured


@pytest.mark.parametrize("takes", [2.0, 8.0, 30.0])
@pytest.mark.parametrize(("before", "now"), [(8, 8), (32, 32), (8, 32), (32, 8), (16, 24)])
@pytest.mark.parametrize("wanted", [300, 3_000])
def test_the_next_update_takes_as_long_as_the_last_one_lets_expect(
    takes: float, before: int, now: int, wanted: int
) -> None:
    """An estimate that is corrected by nothing real is off by hours where AWS is slower than we guessed."""
    measured = Simulated(takes, before).measured(accounts(300))
    estimate = estimate_update(accounts(wanted), now, measured)
    assert estimate is not None
    real = Simulated(takes, now).update(accounts(wanted))[-1]
    assert estimate.shortest <= real <= estimate.longest, (estimate, real)
    if before == now:
        assert estimate.longest / estimate.shortest < 2


@pytest.mark.parametrize("takes", [3.0, 6.0, 12.0])
@pytest.mark.parametrize("parallel", [8, 16, 32])
@pytest.mark.parametrize("wanted", [1_000, 3_000])
def test_a_first_update_takes_what_the_guess_says(takes: float, parallel: int, wanted: int) -> None:
    """Nobody starts an update of an hour before lunch who knows that it takes one."""
    estimate = estimate_update(accounts(wanted), parallel)
    assert estimate is not None
    real = Simulated(takes, parallel).update(accounts(wanted))[-1]
    assert estimate.shortest * 0.9 <= real <= estimate.longest * 1.1, (estimate, real)


def test_many_in_one_account_take_one_after_the_other() -> None:
    """A hundred teams in one account are not made faster by anything."""
    spread = estimate_update(accounts(1_000), 32)
    crowded = estimate_update(["111111111111"] * 1_000, 32)
    assert spread is not None
    assert crowded is not None
    assert crowded.longest > 5 * spread.longest
    assert "1000 are in one account" in crowded.because


def test_small_updates_are_not_estimated() -> None:
    """A line about minutes beside every small change would be read by nobody when it matters."""
    assert estimate_update(accounts(LARGE - 10), 8) is None


GUESS = (
    "AWS takes 3 to 12 seconds for each, 15 at a time; 20 calls a second; the provider looks "
    "after 10 seconds at the earliest"
)


@pytest.mark.parametrize(
    ("wanted", "parallel", "measured", "said"),
    [
        (3_000, 32, None, f"17 to 40 minutes (--parallel 32; {GUESS})"),
        (
            1_000,
            8,
            None,
            f"23 to 34 minutes (--parallel 8; {GUESS}; faster with --parallel 32)",
        ),
        (5_000, 8, MeasuredPace(400, 600.0, 8, 10), "1 h 40 min to 2 h 37 min (--parallel 8; at the pace of"),
        (
            120,
            None,
            MeasuredPace(500, 90.0, 32, 5),
            "1 to 2 minutes (--parallel 120; at the pace of the last",
        ),
        (
            120,
            32,
            MeasuredPace(500, 90.0, 32, 5),
            "pace of the last large update, which made 500 in 90 s with --parallel 32)",
        ),
    ],
)
def test_the_estimate_names_what_it_rests_on(
    wanted: int, parallel: int | None, measured: MeasuredPace | None, said: str
) -> None:
    """A number without its assumptions is believed where it does not hold."""
    estimate = estimate_update(accounts(wanted), parallel, measured)
    assert estimate is not None
    assert estimate.sentence().startswith(f"{wanted:,} account assignments: ")
    assert said in estimate.sentence()
