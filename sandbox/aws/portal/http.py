"""Signing in and the access portal over HTTP. Nobody signs these requests: they carry a token, or nothing."""

import io
from collections.abc import Iterable
from typing import Any, Final

from botocore import xform_name

from sandbox.aws import rest_json
from sandbox.aws.modelled import ONE_AT_A_TIME
from sandbox.aws.portal.access_portal import AccessPortal
from sandbox.aws.portal.sign_in import SignIn
from sandbox.aws.refusals.table import RefusedError
from sandbox.aws.rest_json import Asked, StartResponse
from sandbox.aws.signed_request import SignedRequest

_BACKENDS: Final = {"sso": AccessPortal, "sso-oidc": SignIn}
_INVALID: Final = "InvalidRequestException"


def request_of(environ: dict[str, Any]) -> SignedRequest | None:
    """Read a request for one of the two services, whose body stays to be read; None for every other one."""
    found = _read(environ)
    if found is None:
        return None
    service, (operation, asked) = found
    return SignedRequest(service, f"{service}:{operation.name}", "", "", asked, speaks_xml=False)


def answer(request: SignedRequest, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Answer a request that `request_of` has read (PEP 3333)."""
    found = rest_json.read(request.service, environ)
    if found is None:
        raise AssertionError("answer is for requests that request_of has read")
    operation, asked = found
    method = getattr(_BACKENDS[request.service](), xform_name(operation.name), None)
    if method is None:
        missing = RefusedError(_INVALID, f"The sandbox has no {request.service} {operation.name}.")
        return rest_json.refused(request.service, missing, start_response)
    try:
        rest_json.check(operation, asked, _INVALID)
        with ONE_AT_A_TIME:
            return rest_json.answered(operation, method(asked) or {}, start_response)
    except RefusedError as refused:
        return rest_json.refused(request.service, refused, start_response)


def _read(environ: dict[str, Any]) -> tuple[str, Asked] | None:
    if environ.get("HTTP_AUTHORIZATION"):
        return None
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    try:
        for service in _BACKENDS:
            environ["wsgi.input"] = io.BytesIO(body)
            found = rest_json.read(service, environ)
            if found is not None:
                return service, found
    finally:
        environ["wsgi.input"] = io.BytesIO(body)
    return None
