"""The API's port: served, and on request closed for a while, as when a network or an endpoint is down.

POST a JSON object to ``/sandbox/outage``: ``{"seconds": 2}``. Whoever connects meanwhile is refused.
"""

import json
import socket
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Final
from wsgiref.types import StartResponse, WSGIEnvironment

from cheroot.wsgi import Server

OUTAGE_PATH: Final = "/sandbox/outage"
_LOOPBACK: Final = "127.0.0.1"
#: More than an engine with `--parallel 64` and a reader beside it ask for at once: AWS has no such limit.
_THREADS: Final = 100
_WAITING: Final = 128
_IDLE_SECONDS: Final = 60

Wsgi = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


class LoopbackServer:
    """HTTP/1.1 on a port of loopback; connections stay open between requests, as AWS's own do.

    Requests are in no log: they hold people's names and addresses.
    """

    def __init__(self, app: Wsgi, port: int = 0) -> None:
        self._server = Server((_LOOPBACK, port), app, numthreads=_THREADS, request_queue_size=_WAITING)
        self._server.timeout = _IDLE_SECONDS
        self._server.keep_alive_conn_limit = 1000
        self._bound: Future[int] = Future()
        threading.Thread(target=self._serve, daemon=True).start()
        self.port = self._bound.result()

    def _serve(self) -> None:
        # The server's threads are begun here, since they are daemons where their beginner is one: others
        # would keep a process from ending that has not ended the server.
        try:
            self._server.prepare()
            self._bound.set_result(int(self._server.bind_addr[1]))
        except OSError as error:
            self._bound.set_exception(error)
            return
        self._server.serve()

    def end(self) -> None:
        """Refuse connections from now on, end those that are idle, and wait for the answers under way."""
        self._server.stop()


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
        self._server.end()
        threading.Timer(seconds, self._open).start()

    def _open(self) -> None:
        self._server = self._serving()

    def _serving(self) -> LoopbackServer:
        return LoopbackServer(self._answer, self._port)

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != OUTAGE_PATH:
            return self._app(environ, start_response)
        asked = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        self.close_for(float(asked["seconds"]))
        start_response("204 No Content", [("Content-Length", "0")])
        return [b""]
