"""AWS's side as one WSGI application: moto's dispatcher, our services in it, and the sandbox's door."""

import json
from collections.abc import Callable, Iterable, Iterator
from errno import ECONNRESET
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from moto import backends as moto_backends
from moto.core import responses
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.utils import method_names_from_class
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.ssoadmin.models import ssoadmin_backends

from sandbox.aws import callers, change_events, doors, faults, iam, kms, sign_in_events, throttle
from sandbox.aws.accounts import account, organizations, root_access
from sandbox.aws.faults import AT_THE_DOOR, Fault, How
from sandbox.aws.identity_center import account_access_http, identitystore, ssoadmin
from sandbox.aws.modelled import ONE_AT_A_TIME
from sandbox.aws.portal import http as portal
from sandbox.aws.signed_request import Refused, SignedRequest, signed_request

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
_DOOR = "/sandbox/identity-center"
_NAMES_OF_MOTO = tuple(moto_backends.list_of_moto_modules())
_METHOD_NAMES = cache(method_names_from_class)
# The other services provoke theirs themselves: theirs may be about another account than the caller's.
_FAULTS_HERE = frozenset({"sso-admin", "identitystore", "organizations", "account-access", "sso", "sso-oidc"})


def create_app() -> "Sandbox":
    """Return the application, with this package's services in the place of moto's.

    The services live in the process (moto keeps its backends in module variables): two applications in
    one process share their state.
    """
    identitystore.install()
    ssoadmin.install()
    organizations.install()
    account.install()
    iam.install()
    kms.install()
    root_access.install()
    sign_in_events.install()
    # With each request moto lists its own folder, twice, and a class, for names that never change.
    moto_backends.list_of_moto_modules = _NAMES_OF_MOTO.__iter__
    vars(responses).update(method_names_from_class=_METHOD_NAMES)
    return Sandbox(DomainDispatcherApplication(create_backend_app))


class Sandbox:
    """Answers the sandbox's own door and gives everything else to moto."""

    def __init__(self, moto: DomainDispatcherApplication) -> None:
        self._moto = moto

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        if environ.get("PATH_INFO") in {*doors.DOORS, doors.CALLS}:
            return doors.answer(environ, start_response)
        request = signed_request(environ, account_access_http.operation_of) or portal.request_of(environ)
        fault = None if request is None else _fault(request)
        if fault is not None and fault.how is How.RESET:
            raise BrokenConnectionError
        refused = None if request is None else _turned_away(request, fault)
        if request is not None and refused is not None:
            return request.refused(refused, start_response)
        if fault is not None and fault.how is How.LOST:
            return self._broken_off(request, environ, start_response)
        return self._carried_out(request, environ, start_response)

    def _carried_out(
        self, request: SignedRequest | None, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        """Let the service answer; CloudTrail records what changes something."""
        if request is not None and not request.access_key:
            return portal.answer(request, environ, start_response)
        if request is None or not change_events.is_change(request):
            return self._of_the_service(environ, start_response)
        recorder = change_events.Recorder(request, environ, start_response)
        return recorder.record(self._of_the_service(environ, recorder.start_response))

    def _of_the_service(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Let the service answer that the request is for."""
        if account_access_http.meant(environ):
            return account_access_http.answer(environ, start_response)
        if environ.get("PATH_INFO") != _DOOR:
            answer: Iterable[bytes] = self._moto(environ, start_response)
            return answer
        if environ["REQUEST_METHOD"] != "POST":
            return _answer(start_response, "405 Method Not Allowed", {"error": f"POST to {_DOOR}"})
        region = parse_qs(environ.get("QUERY_STRING", "")).get("region", [""])[0]
        return self._enable(region, start_response)

    def _broken_off(
        self, request: SignedRequest | None, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterator[bytes]:
        """Give half of an answer whose headers promise all of it."""
        begun: list[tuple[str, list[tuple[str, str]]]] = []
        content = b"".join(
            self._carried_out(
                request, environ, lambda status, headers, *_error: begun.append((status, headers))
            )
        )
        ((status, headers),) = begun
        others = [(name, value) for name, value in headers if name.lower() != "content-length"]
        start_response(status, [*others, ("Content-Length", str(len(content)))])
        yield content[: len(content) // 2]
        raise BrokenConnectionError

    def _enable(self, region: str, start_response: StartResponse) -> Iterable[bytes]:
        """Enable Identity Center in a region, as an administrator does once in the console."""
        with ONE_AT_A_TIME:
            backends = ssoadmin_backends[DEFAULT_ACCOUNT_ID]
            if region not in backends:
                return _answer(start_response, "400 Bad Request", {"error": f"no region {region!r}"})
            there = [
                name for name in backends if ssoadmin.identity_center(DEFAULT_ACCOUNT_ID, name).instances
            ]
            if there:
                problem = f"Identity Center is enabled in {there[0]}; an organisation has one instance"
                return _answer(start_response, "409 Conflict", {"error": problem})
            instance = ssoadmin.identity_center(DEFAULT_ACCOUNT_ID, region).enable()
        return _answer(start_response, "200 OK", instance.described())


class BrokenConnectionError(ConnectionError):
    """Ends the connection of a request with no more said; the server closes it (``sandbox.listening``)."""

    def __init__(self) -> None:
        super().__init__(ECONNRESET, "the connection breaks off")


def _fault(request: SignedRequest) -> Fault | None:
    hows = AT_THE_DOOR if request.service in _FAULTS_HERE else AT_THE_DOOR - {How.REFUSED}
    account = _account(request)
    # One that names no service is about each of them, also about those that provoke their own.
    return faults.met(request.service, request.operation, account, hows) or faults.met(
        "", request.operation, account, AT_THE_DOOR
    )


def _account(request: SignedRequest) -> str:
    """Return the account that a request is about: the one that it names, or else the caller's."""
    return str(request.asked.get("TargetId") or request.asked.get("AccountId") or DEFAULT_ACCOUNT_ID)


def _turned_away(request: SignedRequest, fault: Fault | None) -> Refused | None:
    """Return why a request does not reach its service: a fault on order, its caller's policies, the pace."""
    if fault is not None and fault.how is How.REFUSED:
        return Refused(fault.code, fault.message, fault.status)
    with ONE_AT_A_TIME:
        denied = callers.refusal(request)
    if denied is not None:
        return denied
    if throttle.too_fast(request.service, request.region):
        return Refused(throttle.CODE, throttle.TOO_FAST)
    return None


def _answer(start_response: StartResponse, status: str, body: dict[str, Any]) -> Iterable[bytes]:
    content = json.dumps(body).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
    return [content]
