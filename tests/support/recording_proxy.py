"""Stands before the sandbox's API, and keeps what was asked in the order in which it was answered."""

import json
import threading
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.error import HTTPError
from wsgiref.types import StartResponse, WSGIEnvironment

from sandbox.listening import LoopbackServer


class Asked(NamedTuple):
    """One request that was answered without an error."""

    operation: str
    members: dict[str, Any]
    answer: dict[str, Any]


class Recorded(NamedTuple):
    """The proxy's address, and what passed it."""

    endpoint: str
    requests: list[Asked]


@contextmanager
def recording(endpoint: str) -> Iterator[Recorded]:
    """Serve a proxy for services that speak JSON, as `aws:endpoints` names it to a provider."""
    requests: list[Asked] = []
    lock = threading.Lock()

    def forward(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = {name: environ[f"HTTP_{name}"] for name in ("X_AMZ_TARGET", "AUTHORIZATION")}
        asked = urllib.request.Request(  # noqa: S310  # the sandbox's own address
            endpoint,
            body,
            {name.replace("_", "-"): each for name, each in headers.items()}
            | {"Content-Type": environ["CONTENT_TYPE"], "X-Amz-Date": environ.get("HTTP_X_AMZ_DATE", "")},
        )
        try:
            with urllib.request.urlopen(asked) as answer:  # noqa: S310  # as above
                status, content = "200 OK", answer.read()
        except HTTPError as error:
            status, content = f"{error.code} {error.reason}", error.read()
        if status == "200 OK":
            operation = headers["X_AMZ_TARGET"].rpartition(".")[2]
            with lock:
                requests.append(Asked(operation, json.loads(body or b"{}"), json.loads(content or b"{}")))
        length = str(len(content))
        start_response(status, [("Content-Type", "application/x-amz-json-1.1"), ("Content-Length", length)])
        return [content]

    server = LoopbackServer(forward)
    yield Recorded(f"http://127.0.0.1:{server.port}", requests)
    server.end()
