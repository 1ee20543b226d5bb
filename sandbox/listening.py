"""The API's port: served, and on request closed for a while, as when a network or an endpoint is down.

POST a JSON object to ``/sandbox/outage``: ``{"seconds": 2}``. Whoever connects meanwhile is refused.
"""

import json
import socket
import threading
from collections.abc import Callable, Iterable
from typing import Final
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

OUTAGE_PATH: Final = "/sandbox/outage"
_LOOPBACK: Final = "127.0.0.1"
_TOKEN: Final = "x-amz-sso_bearer_token"  # noqa: S105  # the name of a header

Wsgi = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


class QuietHandler(WSGIRequestHandler):
    """Keeps requests out of the log: they hold people's names and addresses."""

    #: AWS's own endpoints keep connections open, and a client that reconnects for each call is slow.
    protocol_version = "HTTP/1.1"

    def make_environ(self) -> WSGIEnvironment:
        """Keep the token of the access portal, whose header's name werkzeug drops for its underscores."""
        environ = super().make_environ()
        token = self.headers.get(_TOKEN)
        return environ if token is None else {**environ, f"HTTP_{_TOKEN.upper().replace('-', '_')}": token}

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing."""

    def connection_dropped(self, error: BaseException, environ: WSGIEnvironment | None = None) -> None:
        """Close the connection: its client has gone, or a fault breaks it."""
        del error, environ
        self.close_connection = True


class Listening:
    """A port of loopback that answers from an application."""

    def __init__(self, app: Wsgi) -> None:
        self._app = app
        # Bound and never listening: while the server is closed, the system gives the port to nobody else.
        self._held = socket.socket()
        self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._held.bind((_LOOPBACK, 0))
        self._port = int(self._held.getsockname()[1])
        self._server = self._serving()

    @property
    def endpoint(self) -> str:
        """Return the address."""
        return f"http://{_LOOPBACK}:{self._port}"

    def close_for(self, seconds: float) -> None:
        """Refuse connections from now on, for so long."""
        self._server.shutdown()
        self._server.server_close()
        threading.Timer(seconds, self._open).start()

    def _open(self) -> None:
        self._server = self._serving()

    def _serving(self) -> BaseWSGIServer:
        server = make_server(_LOOPBACK, self._port, self._answer, threaded=True, request_handler=QuietHandler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != OUTAGE_PATH:
            return self._app(environ, start_response)
        asked = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        self.close_for(float(asked["seconds"]))
        start_response("204 No Content", [("Content-Length", "0")])
        return [b""]
