"""One operation of the engine on one resource: the API as it sees it, and the waits."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.pace import current
from sandbox.provider.rows.clients import Clients, RefusedByAwsError
from sandbox.provider.rows.schema import Property
from sandbox.provider.rows.shaping import members


class WaitError(Exception):
    """A request that AWS accepted and that was not done in time."""


class FailedError(WaitError):
    """A request that AWS accepted and that then failed: nothing came of it."""


#: How often a status may not be found before the wait ends with an error.
#: Source: terraform-plugin-sdk, helper/retry/state.go, StateChangeConf.NotFoundChecks.
_MOST_NOT_FOUND = 20


class Call:
    """What the steps of a resource's life get: API calls, waits, and ``made``."""

    def __init__(
        self,
        clients: Clients,
        region: str | None,
        *,
        service: str = "",
        properties: Mapping[str, Property] | None = None,
        timeout: float = 0,
    ) -> None:
        """Take the service that is asked and the properties that ``send`` knows; an invoke has neither."""
        self.clients = clients
        self._service = service
        self._properties = properties
        self.region = region or clients.options.region
        self.timeout = timeout or 600
        self.identity: dict[str, Any] | None = None
        """The values of the id, once the resource exists."""
        self.shown_once: dict[str, Any] = {}
        """What only the creation shows."""
        self.prior: Mapping[str, Any] = {}
        """The inputs, or the state before: for what AWS does not tell."""

    def made(self, identity: Mapping[str, Any], **shown_once: Any) -> None:  # noqa: ANN401 - values of outputs
        """Say that the resource exists from here on: what fails later leaves it in the state as half made."""
        self.identity = dict(identity)
        self.shown_once |= shown_once

    def ask(self, operation: str, /, service: str = "", **asked: Any) -> dict[str, Any]:  # noqa: ANN401 - members of the request
        """Make one API call in the resource's service and region."""
        return self.clients.ask(self._named(service), operation, self.region, **asked)

    def ask_tolerating(self, codes: tuple[str, ...], operation: str, /, **asked: Any) -> None:  # noqa: ANN401 - members of the request
        """Make one API call whose refusal with one of these codes is as good as success."""
        try:
            self.ask(operation, **asked)
        except RefusedByAwsError as refused:
            if refused.code not in codes:
                raise

    def pages(self, operation: str, member: str, /, service: str = "", **asked: Any) -> list[Any]:  # noqa: ANN401 - members of the request
        """Make a call as often as it has pages; return what all of them hold under ``member``."""
        return self.clients.pages(self._named(service), operation, member, self.region, **asked)

    def send(self, operation: str, state: Mapping[str, Any], /, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - members of the request
        """Make one API call with every property of ``state`` that the operation has a member for."""
        if self._properties is None:
            raise AssertionError("an invoke has no properties to send")
        shape = self.clients.model(self._named()).operation_model(operation).input_shape
        return self.ask(operation, **members(self._properties, state, shape), **more)

    def wait(self, operation: str, member: str, what: str, **asked: Any) -> None:  # noqa: ANN401 - members of the request
        """Ask for a status until it is no more IN_PROGRESS; FAILED raises with AWS's reason."""
        unfound = 0

        def settled() -> bool:
            nonlocal unfound
            try:
                status = self.ask(operation, **asked)[member]
            except RefusedByAwsError as refused:
                unfound += 1
                if refused.code != "ResourceNotFoundException":
                    raise
                if unfound > _MOST_NOT_FOUND:
                    raise FailedError(f"{what}: couldn't find resource ({unfound} retries)") from refused
                return False
            unfound = 0
            if status["Status"] == "FAILED":
                raise FailedError(f"{what}: FAILED: {status.get('FailureReason', 'AWS gives no reason')}")
            return bool(status["Status"] == "SUCCEEDED")

        self.wait_until(settled, f"{what}: still IN_PROGRESS")

    def wait_until(self, done: Callable[[], bool], what: str) -> None:
        """Look again and again until something is done or the time is over, which ``what`` then says."""
        end = time.monotonic() + self.timeout
        pace = current()
        self.clients.pause(pace.here(pace.delay))
        while not done():
            if time.monotonic() >= end:
                raise WaitError(f"{what} after {self.timeout:.0f} s")
            self.clients.pause(pace.here(pace.poll))

    def _named(self, service: str = "") -> str:
        if not (service or self._service):
            raise AssertionError("an invoke names the service that it asks")
        return service or self._service
