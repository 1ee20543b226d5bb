"""The account access manager over HTTP: botocore's model tells which operation a method and a path mean."""

import json
import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from botocore import xform_name
from botocore.model import ListShape, OperationModel
from moto.iam.models import get_account_id_from

from sandbox.aws.identity_center.account_access import AccountAccessManager
from sandbox.aws.modelled import ONE_AT_A_TIME, invalid, service_model, without_nulls
from sandbox.aws.refusals.table import RefusedError
from sandbox.aws.shapes import violations

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
SERVICE = "account-access"
_SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/account-access/aws4_request")


def meant(environ: dict[str, Any]) -> bool:
    """Say whether a request (PEP 3333) is signed for this service."""
    return _SCOPE.search(environ.get("HTTP_AUTHORIZATION", "")) is not None


def operation_of(environ: dict[str, Any]) -> str:
    """Return the operation that a request for this service means; empty for every other request."""
    try:
        return _read(environ)[0].name if meant(environ) else ""
    except RefusedError:
        return ""


def members_of(environ: dict[str, Any]) -> dict[str, Any]:
    """Return the members of a request for this service; none of one that cannot be read."""
    try:
        return _read(environ)[1]
    except RefusedError:
        return {}


def answer(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Answer one request (PEP 3333)."""
    try:
        operation, asked = _read(environ)
        status, headers, body = operation.http["responseCode"], [], _answered(environ, operation, asked)
    except RefusedError as refused:
        errors = service_model(SERVICE).shape_for(refused.code).metadata.get("error", {})
        status, body = errors.get("httpStatusCode", 400), {"message": refused.message}
        headers = [("x-amzn-ErrorType", refused.code)]
    content = b"" if status == HTTPStatus.NO_CONTENT else json.dumps(body).encode()
    sizes = [("Content-Type", "application/json"), ("Content-Length", str(len(content)))]
    start_response(f"{status} {HTTPStatus(status).phrase}", [*headers, *sizes])
    return [content]


def _answered(environ: dict[str, Any], operation: OperationModel, asked: dict[str, Any]) -> dict[str, Any]:
    found = violations(operation.input_shape, asked)
    if found:
        raise RefusedError("ValidationException", invalid(found))
    signed = _SCOPE.search(environ["HTTP_AUTHORIZATION"])
    if signed is None:
        raise AssertionError("answer is for requests that are meant for this service")
    with ONE_AT_A_TIME:
        backend = AccountAccessManager(get_account_id_from(signed[1]), signed[2])
        told: dict[str, Any] = without_nulls(getattr(backend, xform_name(operation.name))(asked) or {})
    return told


def _read(environ: dict[str, Any]) -> tuple[OperationModel, dict[str, Any]]:
    """Return the operation that a request means, and its members."""
    model = service_model(SERVICE)
    for name in model.operation_names:
        operation = model.operation_model(name)
        path = re.sub(r"\{(\w+)\}", r"(?P<\1>.+)", operation.http["requestUri"])
        found = re.fullmatch(path, environ["PATH_INFO"])
        if found and operation.http["method"] == environ["REQUEST_METHOD"]:
            return operation, {**_query(environ, operation), **_body(environ), **found.groupdict()}
    problem = f"the service has no operation {environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
    raise RefusedError("ValidationException", problem)


def _query(environ: dict[str, Any], operation: OperationModel) -> dict[str, Any]:
    given = parse_qs(environ.get("QUERY_STRING", ""))
    members = operation.input_shape.members if operation.input_shape else {}
    return {
        name: given[name] if isinstance(shape, ListShape) else given[name][0]
        for name, shape in members.items()
        if name in given
    }


def _body(environ: dict[str, Any]) -> dict[str, Any]:
    text = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    read: dict[str, Any] = without_nulls(json.loads(text or b"{}"))
    return read
