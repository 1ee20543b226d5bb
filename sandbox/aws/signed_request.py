"""A signed request before any service sees it: which service, which operation, who calls, about what."""

import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
_SCOPE = re.compile(r"Credential=(?P<key>[^/]+)/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")
#: botocore's name of a service by the name in its signatures, where the two differ.
_SERVICES: Final = {"sso": "sso-admin"}


@dataclass(frozen=True)
class Refused:
    """Why a request does not reach its service."""

    code: str
    message: str
    status: int = 0
    """The HTTP status; 0: as the protocol has it for the caller's mistakes."""


@dataclass(frozen=True)
class SignedRequest:
    """One request of a client, which signs, or carries the token of a person who has signed in."""

    service: str
    """botocore's name."""
    action: str
    """As policies name it: ``sso:CreatePermissionSet``."""
    access_key: str
    """Empty where nobody signs: the access portal's requests carry a token."""
    region: str
    asked: Mapping[str, Any]
    """The members of the request; of the query protocol, its parameters."""
    speaks_xml: bool

    @property
    def operation(self) -> str:
        """Return the operation's name."""
        return self.action.partition(":")[2]

    def refused(self, refused: Refused, start_response: StartResponse) -> Iterable[bytes]:
        """Answer with an error in the protocol of the service (PEP 3333)."""
        code, message = refused.code, refused.message
        usual = HTTPStatus.FORBIDDEN if self.speaks_xml else HTTPStatus.BAD_REQUEST
        status = HTTPStatus(refused.status or usual)
        if self.speaks_xml:
            kind = "text/xml"
            text = (
                f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
                f"<Message>{escape(message)}</Message></Error></ErrorResponse>"
            )
        else:
            kind, text = "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message})
        content = text.encode()
        headers = [("Content-Type", kind), ("Content-Length", str(len(content))), ("x-amzn-errortype", code)]
        start_response(f"{status.value} {status.phrase}", headers)
        return [content]


#: How the Query protocol sends a request; other bodies may be anything, such as a log file for a bucket.
_FORM: Final = "application/x-www-form-urlencoded"


def signed_request(
    environ: dict[str, Any], operation_of_path: Callable[[dict[str, Any]], str]
) -> SignedRequest | None:
    """Read a request, whose body stays to be read; None where it is not signed or names no operation.

    ``operation_of_path`` tells the operation of a service that has one for each method and path.
    """
    signed = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    if signed is None:
        return None
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    target, form = environ.get("HTTP_X_AMZ_TARGET", ""), {}
    if target:
        operation, form = target.rpartition(".")[2], json.loads(body or b"{}")
    elif environ.get("CONTENT_TYPE", "").startswith(_FORM):
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        operation = form.get("Action", "")
    else:
        operation = operation_of_path(environ)
        environ["wsgi.input"] = io.BytesIO(body)
    if not operation:
        return None
    name = signed["service"]
    return SignedRequest(
        _SERVICES.get(name, name),
        f"{name}:{operation}",
        signed["key"],
        signed["region"],
        form,
        speaks_xml="Action" in form,
    )
