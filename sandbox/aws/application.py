"""AWS's side as one WSGI application: moto's dispatcher, our services in it, and the sandbox's door."""

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.ssoadmin.models import ssoadmin_backends

from sandbox.aws import (
    account,
    account_access_http,
    doors,
    iam,
    identitystore,
    organizations,
    root_access,
    sign_in_events,
    ssoadmin,
)
from sandbox.aws.modelled import ONE_AT_A_TIME

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
_DOOR = "/sandbox/identity-center"


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
    root_access.install()
    sign_in_events.install()
    return Sandbox(DomainDispatcherApplication(create_backend_app))


class Sandbox:
    """Answers the sandbox's own door and gives everything else to moto."""

    def __init__(self, moto: DomainDispatcherApplication) -> None:
        self._moto = moto

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        if environ.get("PATH_INFO") in doors.DOORS:
            return doors.answer(environ, start_response)
        if account_access_http.meant(environ):
            return account_access_http.answer(environ, start_response)
        if environ.get("PATH_INFO") != _DOOR:
            answer: Iterable[bytes] = self._moto(environ, start_response)
            return answer
        if environ["REQUEST_METHOD"] != "POST":
            return _answer(start_response, "405 Method Not Allowed", {"error": f"POST to {_DOOR}"})
        region = parse_qs(environ.get("QUERY_STRING", "")).get("region", [""])[0]
        return self._enable(region, start_response)

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


def _answer(start_response: StartResponse, status: str, body: dict[str, Any]) -> Iterable[bytes]:
    content = json.dumps(body).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
    return [content]
