"""How many calls services take (``sandbox.pace``): Identity Center 20 a second, CloudTrail's history 2.

What AWS answers to a call too many is inferred from its documentation of throttle limits and from issues of
Terraform's provider; the code is the one that clients try again.
"""

import threading
from dataclasses import dataclass, field

from sandbox.clock import CLOCK
from sandbox.pace import Pace, current

CODE = "ThrottlingException"
TOO_FAST = "Rate exceeded"


@dataclass
class Bucket:
    """Fills with so many calls a second, up to a burst."""

    calls: float = 0.0
    filled: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, a_second: float, burst: float, scale: float) -> bool:
        """Take one call; say whether there was one."""
        with self.lock:
            moment = CLOCK.monotonic()
            gained = (moment - self.filled) / scale * a_second
            self.calls, self.filled = min(burst, self.calls + gained), moment
            if self.calls < 1:
                return False
            self.calls -= 1
            return True


_BUCKETS: dict[tuple[str, str], Bucket] = {}


def too_fast(service: str, region: str) -> bool:
    """Count a call to a service in a Region; say whether it is one too many."""
    a_second, burst = _limit(service, current())
    if a_second is None:
        return False
    return not _BUCKETS.setdefault((service, region), Bucket()).take(a_second, burst, current().scale)


def _limit(service: str, pace: Pace) -> tuple[float | None, float]:
    if service == "sso-admin":
        return pace.calls_a_second, pace.burst
    return (pace.lookups_a_second if service == "cloudtrail" else None), 2.0
