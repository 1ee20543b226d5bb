"""The sandbox's one process: AWS's API and the stand-in aws provider, each on a free loopback port.

`python -m sandbox.server HOME ID` serves until it is told to end, or until the folder no longer names it: a
checkout that was deleted, or a newer server, leaves none behind.
"""

import argparse
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from sandbox import aws, pace, provider
from sandbox.aws import faults
from sandbox.home import Home
from sandbox.listening import Listening, Wsgi
from sandbox.running_server import IDENTITY_PATH
from sandbox.settings import REGION

#: How often to look whether the folder still names this server.
SECONDS_BETWEEN_LOOKS = 2.0


def main() -> None:
    """Serve until the end."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.server", description=__doc__)
    parser.add_argument("home", type=Path, help="the sandbox's folder")
    parser.add_argument("id", help="what this server calls itself")
    arguments = parser.parse_args()
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(Home(arguments.home), arguments.id, ended)
    # Requests under way are of an AWS that ends now; nothing is worth waiting for.
    sys.stdout.flush()
    os._exit(0)


def serve(home: Home, identity: str, ended: threading.Event) -> None:
    """Serve the API and the provider, write the record once both answer, and wait for the end."""
    pace.follow_environment(home.path)
    faults.follow_environment(home.path)
    endpoint = Listening(_with_identity(aws.create_app(), identity)).endpoint
    aws.seed(endpoint, REGION)
    _server, provider_port = provider.serve(endpoint)
    _write_record(home, identity, {"endpoint": endpoint, "provider_port": provider_port})
    while not ended.wait(SECONDS_BETWEEN_LOOKS):
        if _named(home) != identity:
            return
    if _named(home) == identity:
        home.server_record.unlink()


def _with_identity(app: Wsgi, identity: str) -> Wsgi:
    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != IDENTITY_PATH:
            return app(environ, start_response)
        body = json.dumps({"id": identity, "pid": os.getpid()}).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return answer


def _write_record(home: Home, identity: str, addresses: dict[str, Any]) -> None:
    record = {"id": identity, "pid": os.getpid(), "started": time.time(), **addresses}
    # Renamed into place, so that nobody reads half a record.
    temporary = home.server_record.with_suffix(".new")
    temporary.write_text(json.dumps(record), encoding="utf-8")
    temporary.rename(home.server_record)


def _named(home: Home) -> str | None:
    try:
        return str(json.loads(home.server_record.read_text(encoding="utf-8"))["id"])
    except FileNotFoundError:
        return None


if __name__ == "__main__":
    main()
