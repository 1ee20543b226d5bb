"""The time as the sandbox's AWS has it: the machine's, unless a test in the same process lets time pass.

What is done later (a request that is IN_PROGRESS), for a while (a fault) or so often a second (a throttle) is
held against this clock, so that a test of it neither waits nor depends on how busy the machine is.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final


class Clock:
    """The machine's time, and what was let pass beyond it."""

    def __init__(self) -> None:
        self.ahead = 0.0
        """Seconds that were let pass at once."""
        self._stopped: tuple[float, float] | None = None

    def now(self) -> float:
        """Return the time as the wire has it: seconds since 1970."""
        return self.ahead + (time.time() if self._stopped is None else self._stopped[0])

    def monotonic(self) -> float:
        """Return seconds since some moment, which do not jump when the machine's time is set."""
        return self.ahead + (time.monotonic() if self._stopped is None else self._stopped[1])

    def let_pass(self, seconds: float) -> None:
        """Let time pass at once."""
        self.ahead += seconds

    @contextmanager
    def stopped(self) -> Iterator[Callable[[float], None]]:
        """Let no time pass but what is let pass by the function that this gives."""
        self._stopped = time.time(), time.monotonic()
        try:
            yield self.let_pass
        finally:
            self._stopped = None


CLOCK: Final = Clock()
"""The clock of this process's AWS."""
