"""A token bucket: so many requests at once, then so many a second."""

import threading
import time
from collections.abc import Callable
from typing import Any


class TokenBucket:
    """Lets a request through when it has a token for it; tokens come back at an even rate, up to a number."""

    def __init__(
        self,
        per_second: float,
        burst: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take the rate, in requests a second, and how many may go at once after a pause."""
        self._rate, self._burst = per_second, float(burst)
        self._clock, self._sleep = clock, sleep
        self._tokens, self._since = self._burst, clock()
        self._lock = threading.Lock()

    def take(self) -> None:
        """Wait for a token and take it."""
        with self._lock:
            now = self._clock()
            self._tokens = min(self._burst, self._tokens + (now - self._since) * self._rate)
            self._since = now
            # A debt is paid off by waiting, in the order of the callers.
            self._tokens -= 1
            wait = -self._tokens / self._rate
        if wait > 0:
            self._sleep(wait)

    def keep(self, client: Any) -> None:  # noqa: ANN401 - any service's client
        """Hold every request of a client to the rate, each attempt of a repeated one included."""

        def before_send(**_of_the_request: Any) -> None:  # noqa: ANN401 - what botocore hands over
            self.take()

        client.meta.events.register("before-send.*.*", before_send)
