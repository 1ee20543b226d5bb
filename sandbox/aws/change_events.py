"""What CloudTrail keeps of each change in Identity Center: one event for each request that AWS carried out.

Source: IAM Identity Center user guide, "Logging IAM Identity Center API calls with AWS CloudTrail": the
events of the three APIs with their sources, and that values which say something of a person are hidden. What
AWS's own consoles do is recorded under the same names for permission sets and assignments, and for the
directory under names of ``sso-directory.amazonaws.com``, which have no API: a test records those at the door.
"""

import io
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from moto.iam.models import get_account_id_from

from sandbox.aws import callers, sign_in_events
from sandbox.aws.identity_center import account_access_http
from sandbox.aws.modelled import ONE_AT_A_TIME
from sandbox.aws.signed_request import SignedRequest, StartResponse

_SOURCES: Final = {
    "sso-admin": "sso.amazonaws.com",
    "identitystore": "identitystore.amazonaws.com",
    "account-access": "account-access.amazonaws.com",
}
_READS: Final = ("BatchGet", "Describe", "Get", "IsMember", "List", "Search")
_HIDDEN: Final = "HIDDEN_DUE_TO_SECURITY_REASONS"
#: What an event of the Identity Store shows.
_SHOWN: Final = frozenset({"identityStoreId", "userId", "groupId", "membershipId", "memberId"})


class Recorder:
    """Answers in the place of a service, and records the request once it is carried out."""

    def __init__(
        self, request: SignedRequest, environ: dict[str, Any], start_response: StartResponse
    ) -> None:
        """Take a request that is about to be answered."""
        self._request, self._start = request, start_response
        self._asked = self._read(environ)
        self._status = ""

    def _read(self, environ: dict[str, Any]) -> Mapping[str, Any]:
        if self._request.service != account_access_http.SERVICE:
            return self._request.asked
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        asked = account_access_http.members_of(environ)
        environ["wsgi.input"] = io.BytesIO(body)
        return asked

    def start_response(self, status: str, headers: list[tuple[str, str]], *more: Any) -> Any:  # noqa: ANN401 - PEP 3333
        """Note the status and hand it on."""
        self._status = status
        return self._start(status, headers, *more)

    def record(self, answer: Iterable[bytes]) -> list[bytes]:
        """Record the request if it was carried out; return the answer."""
        parts = list(answer)
        if self._status.startswith("2"):
            with ONE_AT_A_TIME:
                sign_in_events.record(self._event(b"".join(parts)))
        return parts

    def _event(self, content: bytes) -> dict[str, Any]:
        request, answered = self._request, json.loads(content or b"null") or None
        hides = request.service == "identitystore"
        account = get_account_id_from(request.access_key)
        return {
            "eventVersion": "1.08",
            "userIdentity": callers.identity_of(request.access_key, account),
            "eventTime": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "eventSource": _SOURCES[request.service],
            "eventName": request.operation,
            "awsRegion": request.region,
            "sourceIPAddress": "127.0.0.1",
            "requestParameters": _shown(self._asked, hides=hides),
            "responseElements": None if answered is None else _shown(answered, hides=hides),
            "eventID": str(uuid.uuid4()),
            "readOnly": False,
            "eventType": "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": account,
        }


def is_change(request: SignedRequest) -> bool:
    """Tell whether CloudTrail records a request here."""
    return request.service in _SOURCES and not request.operation.startswith(_READS)


def _shown(value: Any, *, hides: bool, name: str = "") -> Any:  # noqa: ANN401 - any JSON value
    """Write members as CloudTrail does: with a small first letter, what is of people hidden."""
    if isinstance(value, Mapping):
        return dict(_members(value, hides=hides))
    if isinstance(value, list | tuple):
        return [_shown(each, hides=hides, name=name) for each in value]
    return _HIDDEN if hides and name not in _SHOWN else value


def _members(value: Mapping[str, Any], *, hides: bool) -> Iterator[tuple[str, Any]]:
    for key, each in value.items():
        name = key[:1].lower() + key[1:]
        yield name, _shown(each, hides=hides, name=name)
