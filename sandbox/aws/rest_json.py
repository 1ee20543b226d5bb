"""Services that speak REST with JSON: botocore's model tells which operation a method and a path mean."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qs, unquote

from botocore.model import ListShape, OperationModel, Shape

from sandbox.aws.modelled import invalid, service_model, without_nulls
from sandbox.aws.refusals.table import RefusedError
from sandbox.aws.shapes import violations

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Asked = tuple[OperationModel, dict[str, Any]]
"""An operation and the members of its request."""
_TRUE: Final = "true"
#: Errors that services give and their models do not have.
_BESIDE_THE_MODELS: Final = {"ForbiddenException": HTTPStatus.FORBIDDEN}


def read(service: str, environ: dict[str, Any]) -> Asked | None:
    """Return what a request (PEP 3333) asks a service; None where it has no such operation."""
    model = service_model(service)
    for name in model.operation_names:
        operation = model.operation_model(name)
        found = _path(operation, environ)
        if found is not None:
            return operation, {**dict(_outside(operation, environ)), **_body(environ), **found}
    return None


def check(operation: OperationModel, asked: Mapping[str, Any], code: str) -> None:
    """Hold the members of a request against the model. Raises RefusedError with the service's code."""
    found = violations(operation.input_shape, asked)
    if found:
        raise RefusedError(code, invalid(found))


def answered(operation: OperationModel, body: Mapping[str, Any], start: StartResponse) -> Iterable[bytes]:
    """Answer with what an operation tells."""
    status = int(operation.http.get("responseCode", HTTPStatus.OK))
    content = b"" if status == HTTPStatus.NO_CONTENT else json.dumps(without_nulls(body)).encode()
    return _send(status, content, [], start)


def refused(service: str, error: RefusedError, start: StartResponse) -> Iterable[bytes]:
    """Answer with an error; its status is the one that the service's model has for it."""
    model = service_model(service)
    known = model.shape_for(error.code).metadata.get("error", {}) if error.code in model.shape_names else {}
    status = known.get("httpStatusCode", _BESIDE_THE_MODELS.get(error.code, HTTPStatus.BAD_REQUEST))
    content = json.dumps({"message": error.message} | error.details).encode()
    return _send(status, content, [("x-amzn-ErrorType", error.code)], start)


def _send(
    status: int, content: bytes, headers: list[tuple[str, str]], start: StartResponse
) -> Iterable[bytes]:
    sizes = [("Content-Type", "application/json"), ("Content-Length", str(len(content)))]
    start(f"{int(status)} {HTTPStatus(status).phrase}", [*headers, *sizes])
    return [content]


def _path(operation: OperationModel, environ: dict[str, Any]) -> dict[str, str] | None:
    """Return the members that the path has; None where they are another operation's."""
    path, _, fixed = operation.http["requestUri"].partition("?")
    found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>.+)", path), unquote(environ["PATH_INFO"]))
    same = found is not None and operation.http["method"] == environ["REQUEST_METHOD"]
    query = environ.get("QUERY_STRING", "").split("&")
    return found.groupdict() if found is not None and same and (not fixed or fixed in query) else None


def _outside(operation: OperationModel, environ: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the members that stand in the query and in headers."""
    given = parse_qs(environ.get("QUERY_STRING", ""))
    for name, shape in (operation.input_shape.members if operation.input_shape else {}).items():
        place = shape.serialization.get("location")
        wire = shape.serialization.get("name", name)
        if place == "querystring" and wire in given:
            yield name, _value(shape, given[wire])
        elif place == "header" and f"HTTP_{wire.upper().replace('-', '_')}" in environ:
            yield name, environ[f"HTTP_{wire.upper().replace('-', '_')}"]


def _value(shape: Shape, given: list[str]) -> Any:  # noqa: ANN401 - as the shape says
    if isinstance(shape, ListShape):
        return given
    if shape.type_name in {"integer", "long"} and given[0].isdecimal():
        return int(given[0])
    return given[0] == _TRUE if shape.type_name == "boolean" else given[0]


def _body(environ: dict[str, Any]) -> dict[str, Any]:
    text = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    read_: dict[str, Any] = without_nulls(json.loads(text or b"{}"))
    return read_
