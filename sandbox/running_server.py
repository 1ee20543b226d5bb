"""Whether a sandbox's server runs, and where: it answers by its own id."""

import http.client
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any, Final

from sandbox.home import Home

#: Where the server answers who it is; no AWS API has such a path.
IDENTITY_PATH: Final = "/sandbox-identity"

#: A proxy of the environment has no business between this process and loopback.
_NO_PROXY: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server that has answered with its own id."""

    id: str
    pid: int
    endpoint: str
    provider_port: int


def find(home: Home) -> RunningServer | None:
    """Return this sandbox's server if it answers by its id; another process on its port is not it."""
    record = _record(home)
    if record is None:
        return None
    try:
        with _NO_PROXY.open(record["endpoint"] + IDENTITY_PATH, timeout=5) as answer:
            told = json.load(answer)
    except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError):
        return None
    if told.get("id") != record["id"]:
        return None
    return RunningServer(record["id"], record["pid"], record["endpoint"], record["provider_port"])


def _record(home: Home) -> dict[str, Any] | None:
    try:
        record: dict[str, Any] = json.loads(home.server_record.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return record
