"""The whole state of AWS, kept at one moment and given back as often as a test wants.

Seeding an organisation through the API takes a fifth of a second; giving a copy back takes a hundredth. What
is kept is whatever moto's and our backends hold, so nothing of a service has to be known here.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, cast

from moto.core.base_backend import AccountSpecificBackend, BackendDict, BaseBackend

from sandbox.aws.modelled import ONE_AT_A_TIME
from sandbox.clock import CLOCK

#: moto's own list of the services that are in use.
_IN_USE: Final = cast("list[BackendDict[Any]]", vars(BackendDict)["_instances"])

State = dict[str, Any]
"""The attributes of a backend, by name."""


@dataclass(frozen=True)
class _Backend:
    """One backend, and where moto looks for it: moto remembers the object itself, so that is what stays."""

    service: "BackendDict[Any]"
    account_id: str
    of_account: "AccountSpecificBackend[Any]"
    region: str
    itself: BaseBackend


class KeptAws:
    """AWS as it is when this is made."""

    def __init__(self) -> None:
        with ONE_AT_A_TIME:
            self._ahead = CLOCK.ahead
            self._backends = tuple(_backends())
            self._states = self._copied([vars(one.itself) for one in self._backends])

    def restore(self) -> None:
        """Make AWS as it was, its clock too. What is kept stays untouched, for the next time."""
        with ONE_AT_A_TIME:
            CLOCK.ahead = self._ahead
            _forget(later for later in _backends() if later not in self._backends)
            for one, state in zip(self._backends, self._copied(self._states), strict=True):
                _put(one, state)

    def _copied(self, states: list[State]) -> list[State]:
        """Copy states in one go, since backends share objects; a backend that another names stays itself."""
        return copy.deepcopy(states, {id(one.itself): one.itself for one in self._backends})


class NotKeptError(Exception):
    """Nothing is kept under a name."""


_KEPT: Final[dict[str, KeptAws]] = {}


def keep(name: str) -> None:
    """Keep AWS as it is under a name, for whoever asks this process from outside."""
    _KEPT[name] = KeptAws()


def restore(name: str) -> None:
    """Make AWS as it was when it was kept under the name; raise NotKeptError where nothing is."""
    if name not in _KEPT:
        raise NotKeptError(name)
    _KEPT[name].restore()


def _backends() -> Iterator[_Backend]:
    for service in _IN_USE:
        for account_id, of_account in service.items():
            for region, itself in of_account.items():
                yield _Backend(service, account_id, of_account, region, itself)


def _forget(backends: Iterator[_Backend]) -> None:
    for one in list(backends):
        one.itself.reset()
        del one.of_account[one.region]


def _put(one: _Backend, state: State) -> None:
    """Give a backend its state, and its place where moto's reset took it away."""
    vars(one.itself).clear()
    vars(one.itself).update(state)
    if one.service not in _IN_USE:
        _IN_USE.append(one.service)
    dict.__setitem__(one.service, one.account_id, one.of_account)
    dict.__setitem__(one.of_account, one.region, one.itself)
