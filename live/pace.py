"""One rate limit over the clients of many accounts, and what they do when AWS asks for less."""

import threading
import time
from typing import Any, Final

from botocore.config import Config

#: IAM and STS publish no rates; where it is too much they answer `Throttling`, and the client tries again.
PATIENT: Final = Config(retries={"mode": "standard", "max_attempts": 6}, max_pool_connections=32)


class Pace:
    """Lets requests through one after the other, so many a second over all threads."""

    def __init__(self, per_second: float) -> None:
        """Take the rate, in requests a second."""
        self._interval = 1 / per_second
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Wait for this request's turn."""
        with self._lock:
            turn = max(self._next, time.monotonic())
            self._next = turn + self._interval
        time.sleep(max(0.0, turn - time.monotonic()))

    def keep(self, client: Any) -> None:  # noqa: ANN401 - any service's client
        """Hold every request of a client to the pace, each attempt of a repeated one included."""

        def before_send(**_of_the_request: Any) -> None:  # noqa: ANN401 - what botocore hands over
            self.wait()

        client.meta.events.register("before-send.*.*", before_send)
