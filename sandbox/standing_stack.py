"""Stacks that tests share: each is made once, and every test has it as it was made."""

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar, cast

from sandbox.aws import reset, seed
from sandbox.settings import REGION

_FIRST_DAY = "the first day"


class HasBackend(Protocol):
    """What has been made, with the folder in which Pulumi keeps its state."""

    @property
    def backend(self) -> Path:
        """Return the folder."""


Made = TypeVar("Made", bound=HasBackend)


def first_day(endpoint: str) -> None:
    """Begin AWS anew, with the same ids each time in the life of a server."""
    try:
        _post(endpoint, "restore", _FIRST_DAY)
    except urllib.error.HTTPError as refused:
        with refused:
            if refused.code != 404:  # noqa: PLR2004  # Not Found: nothing is kept yet
                raise
        reset(endpoint)
        seed(endpoint, REGION)
        _post(endpoint, "keep", _FIRST_DAY)


@dataclass(frozen=True)
class _Kept:
    made: HasBackend
    backend: Path
    """A copy of the state, taken when it was made."""


class StandingStack:
    """What was made of each kind. No test has to be careful: the next has AWS and the state as they were."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._kept: dict[str, _Kept] = {}

    def get(self, kind: str, make: Callable[[], Made]) -> Made:
        """Return what `make` made for the first test of this kind, or let it make it in a new AWS."""
        kept = self._kept.get(kind)
        if kept is None:
            first_day(self._endpoint)
            kept = self._keep(kind, make())
        else:
            _post(self._endpoint, "restore", kind)
        shutil.rmtree(kept.made.backend)
        shutil.copytree(kept.backend, kept.made.backend)
        return cast("Made", kept.made)

    def _keep(self, kind: str, made: HasBackend) -> _Kept:
        copy = made.backend.with_name(f"{made.backend.name}-kept")
        shutil.copytree(made.backend, copy)
        _post(self._endpoint, "keep", kind)
        self._kept[kind] = _Kept(made, copy)
        return self._kept[kind]


def _post(endpoint: str, door: str, name: str) -> None:
    body = json.dumps({"name": name}).encode()
    request = urllib.request.Request(f"{endpoint}/sandbox/{door}", body, method="POST")  # noqa: S310  # loopback
    # No proxy of the environment between this process and loopback.
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30):
        pass
