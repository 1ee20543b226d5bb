"""The comments of one pull request as GitHub and GitLab serve them: in pages, and only to who has a token.

Sources: GitHub Docs, "REST API endpoints for issue comments"; GitLab Docs, "Notes API".
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

TOKEN: Final = "a-token-of-a-test"
ME: Final = {"id": 7, "login": "github-actions[bot]", "type": "Bot"}
GITHUB: Final = "/repos/acme/access/issues/12/comments"
GITLAB: Final = "/projects/34/merge_requests/12/notes"


@dataclass
class Forge:
    """What is on the pull request, and how it is asked for."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    base: str = ""

    def add(self, body: str, author: dict[str, Any]) -> dict[str, Any]:
        """Write a comment of anybody's."""
        number = len(self.comments) + 1
        url = f"{self.base}/repos/acme/access/issues/comments/{number}"
        made = {"id": number, "url": url, "body": body, "user": author, "author": author}
        self.comments.append(made)
        return made


class _Handler(BaseHTTPRequestHandler):
    forge: Forge

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PATCH(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def _answer(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if TOKEN not in (self.headers.get("PRIVATE-TOKEN"), self.headers.get("Authorization", "")[7:]):
            self._send(401, {"message": "Bad credentials"})
            return
        where = urlsplit(self.path)
        self.forge.asked.append(f"{self.command} {where.path}")
        if where.path == "/user":
            self._send(200, ME)
        elif where.path in (GITHUB, GITLAB):
            self._of_all(parse_qs(where.query), content)
        else:
            comment = self.forge.comments[int(where.path.rpartition("/")[2]) - 1]
            comment["body"] = json.loads(content)["body"]
            self._send(200, comment)

    def _of_all(self, query: dict[str, list[str]], content: bytes) -> None:
        if self.command == "POST":
            self._send(201, self.forge.add(json.loads(content)["body"], ME))
            return
        size, page = int(query["per_page"][0]), int(query["page"][0])
        self._send(200, self.forge.comments[(page - 1) * size : page * size])

    def _send(self, status: int, answer: object) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def serving() -> Iterator[Forge]:
    """Serve one pull request."""
    forge = Forge()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"forge": forge}))
    forge.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield forge
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
