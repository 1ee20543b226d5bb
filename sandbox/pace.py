"""How fast the sandbox's AWS and its provider are: in moments, or on request as slow as the real ones.

Off (the default) the same events come in the same order as on AWS, within a second or a few. On, limits,
delays, retries and time-outs are those of AWS and of the real provider, each second of theirs as long as
``scale`` says (1: as long as theirs; 0.01: an hour in 36 seconds).

The pace is a file or a variable:

- ``pace.json`` in the sandbox's folder, read again when it changes, so that a running sandbox can be slowed;
- ``IDENTITY_CENTER_SANDBOX_PACE``, the path of such a file, or a number, which is ``{"scale": NUMBER}``.

The file is one JSON object. Its members are the fields of ``Pace``; those left out are AWS's::

    {"scale": 0.02}
    {"scale": 1, "assignments_at_once": 10, "failures": {"creation": "Received a 404 status error: ..."}}
"""

import json
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final

from sandbox.clock import CLOCK

#: Names the file, or gives the scale.
PACE_VARIABLE: Final = "IDENTITY_CENTER_SANDBOX_PACE"
#: How often the file is looked at, seconds.
_SECONDS_BETWEEN_LOOKS = 0.5


class PaceError(Exception):
    """A pace that is none: which file, which member, and what it must be."""


@dataclass(frozen=True)
class Pace:
    """Durations in seconds of AWS or of the real provider; None: no such limit."""

    scale: float = 1.0
    """How long a second of these is here."""

    # The provider's client and waits
    backoff: float = 0.001
    """What every pause between two tries is multiplied by, beside ``scale``: 25 tries take three seconds."""
    delay: float = 0.0
    """Before the first look at a request's status."""
    poll: float = 0.05
    """Between two looks."""
    timeouts: float = 1.0
    """What every time-out is multiplied by, beside ``scale``."""

    # AWS
    request: float = 0.1
    """How long an assignment is IN_PROGRESS."""
    provisioning: float = 0.1
    """How long provisioning is IN_PROGRESS, for each account where roles are updated one at a time."""
    replication: float = 0.1
    """How long a Region of the instance is ADDING or REMOVING."""
    calls_a_second: float | None = None
    """Of all operations of sso-admin together; more are refused with ThrottlingException."""
    lookups_a_second: float | None = None
    """Of CloudTrail's LookupEvents, as above."""
    burst: float = 20.0
    """How many calls may come at once after a quiet time."""
    assignments_at_once: int | None = None
    """Creations and deletions of account assignments under way; one more is refused."""
    provisionings_at_once: int | None = None
    """ProvisionPermissionSet requests under way; one more is refused."""
    one_role_at_a_time: bool = False
    """An account's roles are updated one after the other; what comes meanwhile waits in a queue."""
    consistent_after: float = 0.0
    """How long what was written is not seen: a new user is not found, a deleted assignment is listed."""
    failures: Mapping[str, str] = field(default_factory=dict)
    """By the kind of a request (creation, deletion, provisioning), the reason with which it fails."""

    def here(self, seconds: float) -> float:
        """Return how long so many seconds of AWS are here."""
        return seconds * self.scale


OFF: Final = Pace()
"""In moments: what tests and trials need."""

OF_AWS: Final = Pace(
    # TF internal/conns: the pauses of AWS's SDK for Go, version 1 (sandbox.provider.rows.clients).
    backoff=1.0,
    # TF internal/service/ssoadmin/account_assignment.go: Delay 10 s, MinTimeout 5 s.
    delay=10.0,
    poll=5.0,
    timeouts=1.0,
    # No document says how long AWS takes; a few seconds were seen by users of the console and of Terraform.
    request=4.0,
    provisioning=4.0,
    # "Depends on the amount of data in your instance" (the user guide, replicate-to-additional-region).
    replication=600.0,
    # IAM Identity Center user guide, limits, "Throttle limits": its APIs together at most 20 transactions a
    # second; CreateAccountAssignment at most 15 outstanding async calls (older copies of the page: 10).
    calls_a_second=20.0,
    # CloudTrail API reference, LookupEvents: two requests a second for each account and Region.
    lookups_a_second=2.0,
    burst=20.0,
    assignments_at_once=15,
    # The same page: ProvisionPermissionSet at most 3 outstanding (real-provider notes of this project, 20).
    provisionings_at_once=3,
    # The same page: one IAM role (permission set) per AWS account is updated at a time.
    one_role_at_a_time=True,
    # AWS promises no reading after writing, and mostly gives it: ask for more to see a run that meets it.
    consistent_after=0.0,
)
"""AWS's own pace: each figure has its source in the lines above it."""


def paced(given: Any, where: str) -> Pace:  # noqa: ANN401 - any JSON value
    """Read a pace; ``PaceError`` says what is wrong in ``where``."""
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        given = {"scale": given}
    if not isinstance(given, dict):
        raise PaceError(f'{where}: expected a number or an object such as {{"scale": 0.02}}')
    known = {one.name for one in fields(Pace)}
    for name in given:
        if name not in known:
            raise PaceError(f"{where}: there is no {name!r}; a pace has {', '.join(sorted(known))}")
    if given.get("scale", 1) <= 0:
        raise PaceError(f"{where}: scale must be more than 0")
    return replace(OF_AWS, **given)


class Current:
    """The pace in force: set by a test, or read from the file."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._fixed: Pace | None = None
        self._read = OFF
        self._file: Path | None = None
        self._stamp: tuple[int, int] | None = None
        self._looked = 0.0

    def __call__(self) -> Pace:
        """Return the pace in force."""
        with self._lock:
            if self._fixed is not None:
                return self._fixed
            if self._file is not None and CLOCK.monotonic() - self._looked > _SECONDS_BETWEEN_LOOKS:
                self._look(self._file)
            return self._read

    def fix(self, pace: Pace | None) -> Callable[[], None]:
        """Fix the pace, or None: what the file says; return what undoes it."""
        with self._lock:
            before, self._fixed = self._fixed, pace
        return lambda: self._restore(before)

    def follow(self, file: Path | None) -> None:
        """Read the pace from a file from now on, as often as it changes."""
        with self._lock:
            self._file, self._stamp, self._read, self._looked = file, None, OFF, 0.0
            if file is not None:
                self._look(file)

    def _restore(self, pace: Pace | None) -> None:
        with self._lock:
            self._fixed = pace

    def _look(self, file: Path) -> None:
        self._looked = CLOCK.monotonic()
        try:
            found = file.stat()
        except FileNotFoundError:
            self._stamp, self._read = None, OFF
            return
        stamp = (found.st_mtime_ns, found.st_size)
        if stamp != self._stamp:
            self._read, self._stamp = read_file(file), stamp


def read_file(file: Path) -> Pace:
    """Read the pace of a file."""
    try:
        return paced(json.loads(file.read_text(encoding="utf-8")), str(file))
    except ValueError as error:
        raise PaceError(f"{file}: it is no JSON: {error}") from error


current = Current()
"""``current()`` is the pace in force."""


def follow_environment(folder: Path) -> None:
    """Take the pace from IDENTITY_CENTER_SANDBOX_PACE, or else from ``pace.json`` of the sandbox's folder."""
    given = os.environ.get(PACE_VARIABLE, "")
    try:
        current.fix(paced(float(given), PACE_VARIABLE))
    except ValueError:
        if given and not Path(given).is_file():
            raise PaceError(f"{PACE_VARIABLE}={given} is neither a number nor a file") from None
        current.follow(Path(given) if given else folder / "pace.json")
