"""The front of a service whose backend is written here: a request, held against the model; an answer.

A backend has a method for each operation, named in snake case; it takes the request's members and returns the
answer's members, or raises through ``refusals.refuse``.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from threading import RLock
from typing import Any, ClassVar

import botocore.session
from botocore import xform_name
from botocore.model import ServiceModel
from moto.core.responses import BaseResponse

from sandbox.aws.refusals.table import RefusedError, refuse
from sandbox.aws.shapes import violations
from sandbox.clock import CLOCK

Answer = tuple[int, dict[str, Any], str]
"""Status, headers, body."""

# One request at a time: a backend is plain dictionaries, and the server answers from many threads.
ONE_AT_A_TIME = RLock()
_PAGE = 100


@cache
def service_model(service: str) -> ServiceModel:
    """Return botocore's model of a service; read from botocore's own files, never from the user's."""
    loader = botocore.session.Session().get_component("data_loader")
    description = loader.load_service_model(service, "service-2", api_version=None)
    return ServiceModel(description, service_name=service)


def invalid(found: Sequence[str]) -> str:
    """Join violations of shapes into the message of a ValidationException as AWS writes it."""
    plural = "s" if len(found) > 1 else ""
    return f"{len(found)} validation error{plural} detected: {'; '.join(found)}"


class ModelledResponse(BaseResponse):
    """Answers every operation of one JSON service from the backend of the request's account and region."""

    service: ClassVar[str]

    def __init__(self) -> None:
        super().__init__(service_name=self.service)

    def backend(self) -> object:
        """Return the backend that answers this request."""
        raise NotImplementedError

    def call_action(self) -> Answer:
        """Answer the request under way: status, headers, body."""
        operation = self._get_action()
        try:
            answer = self._answered(operation)
        except RefusedError as refused:
            return self._refused(refused)
        return 200, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(answer)

    def _answered(self, operation: str) -> dict[str, Any]:
        model = service_model(self.service)
        method = getattr(self.backend(), xform_name(operation), None)
        if operation not in model.operation_names or method is None:
            raise RefusedError(
                "UnknownOperationException",
                f"The sandbox has no {self.service} {operation}: add a method to its backend in sandbox/aws.",
            )
        asked = without_nulls(json.loads(self.body or "{}"))
        found = violations(model.operation_model(operation).input_shape, asked)
        if found:
            raise RefusedError("ValidationException", invalid(found))
        with ONE_AT_A_TIME:
            answer: dict[str, Any] = without_nulls(method(asked) or {})
            return answer

    def _refused(self, refused: RefusedError) -> Answer:
        body = {"__type": refused.code, "Message": refused.message, "message": refused.message}
        headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-errortype": refused.code}
        return 400, headers, json.dumps(body | refused.details)


def take_place(backends: Any, backend: type, urls: Any, response: type[BaseResponse]) -> None:  # noqa: ANN401 - moto's dictionary and module
    """Put a backend and a front of ours in the place of moto's; moto's reset then resets ours."""
    backends.backend = backend
    urls.url_paths["{0}/$"] = response.dispatch


def without_nulls(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Leave out the members that are null: AWS sends none, and takes one as left out."""
    if isinstance(value, Mapping):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [without_nulls(item) for item in value]
    return value


def page(asked: Mapping[str, Any], member: str, rows: Iterable[Any]) -> dict[str, Any]:
    """Return one page of ``rows`` as the answer's ``member``, with NextToken where more follow."""
    everything = list(rows)
    start = _start(asked.get("NextToken"))
    end = start + int(asked.get("MaxResults", _PAGE))
    token = f"page-{end}" if end < len(everything) else None
    return {member: everything[start:end], "NextToken": token}


def _start(token: str | None) -> int:
    if not token:
        return 0
    prefix, _, number = token.partition("-")
    if prefix != "page" or not number.isdecimal():
        refuse("bad-page")
    return int(number)


def now() -> float:
    """Return the time as the wire has it: seconds since 1970."""
    return CLOCK.now()
