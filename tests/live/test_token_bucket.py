"""The token bucket: a burst, then an even rate, and never more."""

from hypothesis import given
from hypothesis import strategies as st

from identity_center_cli.aws.token_bucket import TokenBucket


class Clock:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        """Begin at nought."""
        self.now = 0.0

    def time(self) -> float:
        """Tell the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self.now += seconds


def test_a_burst_goes_at_once_and_the_rest_at_the_rate() -> None:
    """Small organisations wait for nothing, and large ones are not refused."""
    clock = Clock()
    bucket = TokenBucket(5, 10, clock.time, clock.sleep)
    times = []
    for _ in range(20):
        bucket.take()
        times.append(clock.now)

    assert times[:10] == [0.0] * 10
    assert [round(time, 6) for time in times[10:]] == [round(0.2 * n, 6) for n in range(1, 11)]


def test_a_pause_earns_no_more_than_a_burst() -> None:
    """Tokens that heap up over an hour would all be spent in a second."""
    clock = Clock()
    bucket = TokenBucket(5, 2, clock.time, clock.sleep)
    clock.sleep(3600)
    start = clock.now
    for _ in range(4):
        bucket.take()

    assert round(clock.now - start, 6) == 0.4


@given(st.lists(st.floats(0, 3), min_size=1, max_size=40), st.floats(0.5, 20), st.integers(1, 10))
def test_no_window_of_time_has_more_than_its_share(pauses: list[float], rate: float, burst: int) -> None:
    """The service counts over every window, not over the whole run."""
    clock = Clock()
    bucket = TokenBucket(rate, burst, clock.time, clock.sleep)
    times = []
    for pause in pauses:
        clock.sleep(pause)
        bucket.take()
        times.append(clock.now)

    for first in range(len(times)):
        for last in range(first, len(times)):
            assert last - first + 1 <= burst + rate * (times[last] - times[first]) + 1e-6
