"""Faults on order: the next answers of an operation, as AWS and the way to it give them on a bad day.

A test posts a fault to the sandbox's door; it is gone once it has been given as often as it says, and with
moto's reset. A trial by hand writes them into a file, which is read again when it changes: ``faults.json`` in
the sandbox's folder, or what IDENTITY_CENTER_SANDBOX_FAULTS names. It is a JSON list of objects whose members
are the fields of ``Fault``::

    [{"service": "sso-admin", "operation": "CreateAccountAssignment", "how": "lost", "times": 1}]
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends

from sandbox.aws.accounts.root_user import PARTITION
from sandbox.aws.modelled import ONE_AT_A_TIME
from sandbox.aws.refusals.table import RefusedError
from sandbox.clock import CLOCK

#: Names the file.
FAULTS_VARIABLE: Final = "IDENTITY_CENTER_SANDBOX_FAULTS"
#: How often the file is looked at, seconds.
_SECONDS_BETWEEN_LOOKS = 0.5


class FaultError(ValueError):
    """A fault that is none: which file, which member, and what it may be."""


class How(StrEnum):
    """What goes wrong."""

    REFUSED = "refused"
    """AWS answers with an error."""
    RESET = "reset"
    """The connection breaks before the service has the request."""
    LOST = "lost"
    """The service does what it was asked for, and the connection breaks in the middle of the answer."""
    FAILED = "failed"
    """AWS accepts the request, whose status later is FAILED; ``message`` is the reason."""


AT_THE_DOOR: Final = frozenset({How.REFUSED, How.RESET, How.LOST})
"""What a request meets before or behind its service, whichever that is."""


@dataclass
class Fault:
    """What goes wrong, where, and how often."""

    service: str
    """botocore's name; empty: any."""
    operation: str = ""
    """Empty: any."""
    code: str = "InternalServerException"
    message: str = "a fault that a test ordered"
    how: How = How.REFUSED
    status: int = 0
    """The HTTP status of a refusal; 0: as the service's protocol has it for the caller's mistakes."""
    account: str = ""
    """The account that the request is about; empty: any."""
    times: int = 1_000_000
    after: int = 0
    """How many requests are answered well first."""
    seconds: float = 0.0
    """How long it lasts from when it is first met; 0: for ever."""
    ends: float | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Take the name of what goes wrong for it."""
        self.how = How(self.how)

    def fits(self, service: str, operation: str, account: str) -> bool:
        """Tell whether a request meets it, were it its turn."""
        return (
            self.service in ("", service)
            and self.operation in ("", operation)
            and self.account in ("", account)
            and self.times > 0
            and (self.ends is None or CLOCK.monotonic() < self.ends)
        )

    def is_met(self) -> bool:
        """Count a request that it fits; tell whether this one is met."""
        if self.after > 0:
            self.after -= 1
            return False
        self.times -= 1
        if self.seconds and self.ends is None:
            self.ends = CLOCK.monotonic() + self.seconds
        return True


class _File:
    """The faults of the file, as they are left of it."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._path: Path | None = None
        self._stamp: tuple[int, int] | None = None
        self._looked = 0.0

    def follow(self, path: Path | None) -> None:
        """Read the faults from a file from now on, as often as it changes."""
        self.faults, self._path, self._stamp, self._looked = [], path, None, 0.0
        self.look()

    def look(self) -> None:
        """Read the file where it has changed."""
        if self._path is None or CLOCK.monotonic() - self._looked < _SECONDS_BETWEEN_LOOKS:
            return
        self._looked = CLOCK.monotonic()
        try:
            found = self._path.stat()
        except FileNotFoundError:
            self.faults, self._stamp = [], None
            return
        stamp = (found.st_mtime_ns, found.st_size)
        if stamp != self._stamp:
            self.faults, self._stamp = read_file(self._path), stamp


_FILE: Final = _File()


def read_file(path: Path) -> list[Fault]:
    """Read the faults of a file. Raises FaultError."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise FaultError(f"{path}: it is no JSON: {error}") from error
    if not isinstance(given, list):
        raise FaultError(f"{path}: expected a list of faults")
    return [_fault(one, f"{path}: fault {number}") for number, one in enumerate(given, start=1)]


def _fault(given: Mapping[str, Any], where: str) -> Fault:
    known = {one.name for one in fields(Fault) if one.init}
    for name in given:
        if name not in known:
            raise FaultError(f"{where}: there is no {name!r}; a fault has {', '.join(sorted(known))}")
    try:
        return Fault(**given)
    except (TypeError, ValueError) as error:
        raise FaultError(f"{where}: {error}") from error


def follow_environment(folder: Path) -> None:
    """Take faults from the file that the variable names, or else from ``faults.json`` in a folder."""
    given = os.environ.get(FAULTS_VARIABLE, "")
    if given and not Path(given).is_file():
        raise FaultError(f"{FAULTS_VARIABLE}={given} is no file")
    with ONE_AT_A_TIME:
        _FILE.follow(Path(given) if given else folder / "faults.json")


def _ordered() -> list[Fault]:
    found: list[Fault] = vars(iam_backends[DEFAULT_ACCOUNT_ID][PARTITION]).setdefault("sandbox_faults", [])
    return found


def order(wanted: Mapping[str, Any]) -> None:
    """Order a fault, in the names of ``Fault``."""
    with ONE_AT_A_TIME:
        _ordered().append(_fault(wanted, "a fault that was ordered"))


def forget() -> None:
    """Forget every fault that was ordered: AWS has a good day again."""
    with ONE_AT_A_TIME:
        _ordered().clear()


def met(service: str, operation: str, account: str, hows: Sequence[How] | frozenset[How]) -> Fault | None:
    """Return what the request under way meets of these, and count it."""
    with ONE_AT_A_TIME:
        _FILE.look()
        for fault in [*_ordered(), *_FILE.faults]:
            if fault.how in hows and fault.fits(service, operation, account) and fault.is_met():
                return fault
    return None


def provoke(service: str, operation: str, account: str) -> None:
    """Refuse the request under way if a fault is ordered for it."""
    fault = met(service, operation, account, [How.REFUSED])
    if fault is not None:
        raise RefusedError(fault.code, fault.message)


def failure(service: str, operation: str, account: str) -> str | None:
    """Return the reason with which an accepted request fails, if that is ordered."""
    fault = met(service, operation, account, [How.FAILED])
    return None if fault is None else fault.message
