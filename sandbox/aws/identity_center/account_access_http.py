"""The account access manager over HTTP."""

import re
from collections.abc import Iterable
from typing import Any, Final

from botocore import xform_name
from botocore.model import OperationModel
from moto.iam.models import get_account_id_from

from sandbox.aws import rest_json
from sandbox.aws.identity_center.account_access import AccountAccessManager
from sandbox.aws.modelled import ONE_AT_A_TIME
from sandbox.aws.refusals.table import RefusedError
from sandbox.aws.rest_json import StartResponse

SERVICE = "account-access"
_INVALID: Final = "ValidationException"
_SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/account-access/aws4_request")


def meant(environ: dict[str, Any]) -> bool:
    """Say whether a request (PEP 3333) is signed for this service."""
    return _SCOPE.search(environ.get("HTTP_AUTHORIZATION", "")) is not None


def operation_of(environ: dict[str, Any]) -> str:
    """Return the operation that a request for this service means; empty for every other request."""
    found = rest_json.read(SERVICE, environ) if meant(environ) else None
    return "" if found is None else found[0].name


def members_of(environ: dict[str, Any]) -> dict[str, Any]:
    """Return the members of a request for this service; none of one that it does not have."""
    found = rest_json.read(SERVICE, environ)
    return {} if found is None else found[1]


def answer(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Answer one request (PEP 3333)."""
    found = rest_json.read(SERVICE, environ)
    if found is None:
        problem = f"the service has no operation {environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        return rest_json.refused(SERVICE, RefusedError(_INVALID, problem), start_response)
    operation, asked = found
    try:
        return rest_json.answered(operation, _answered(environ, operation, asked), start_response)
    except RefusedError as refused:
        return rest_json.refused(SERVICE, refused, start_response)


def _answered(environ: dict[str, Any], operation: OperationModel, asked: dict[str, Any]) -> dict[str, Any]:
    rest_json.check(operation, asked, _INVALID)
    signed = _SCOPE.search(environ["HTTP_AUTHORIZATION"])
    if signed is None:
        raise AssertionError("answer is for requests that are meant for this service")
    with ONE_AT_A_TIME:
        backend = AccountAccessManager(get_account_id_from(signed[1]), signed[2])
        told: dict[str, Any] = getattr(backend, xform_name(operation.name))(asked) or {}
        return told
