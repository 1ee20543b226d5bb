"""How many calls Identity Center takes: 20 a second, and so many requests under way (``sandbox.pace``).

What AWS answers to a call too many is inferred from its documentation of throttle limits and from issues of
Terraform's provider; the code is the one that clients try again.
"""

import threading
import time
from dataclasses import dataclass, field

from sandbox.pace import Pace, current

CODE = "ThrottlingException"
TOO_FAST = "Rate exceeded"


@dataclass
class Bucket:
    """Fills with so many calls a second, up to a burst."""

    calls: float = 0.0
    filled: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, pace: Pace) -> bool:
        """Take one call; say whether there was one."""
        if pace.calls_a_second is None:
            return True
        with self.lock:
            moment = time.monotonic()
            gained = (moment - self.filled) / pace.scale * pace.calls_a_second
            self.calls, self.filled = min(pace.burst, self.calls + gained), moment
            if self.calls < 1:
                return False
            self.calls -= 1
            return True


_BUCKETS: dict[str, Bucket] = {}


def too_fast(region: str) -> bool:
    """Count a call to sso-admin in a Region; say whether it is one too many."""
    return not _BUCKETS.setdefault(region, Bucket()).take(current())
