"""AWS's API on loopback for tests of what reads it."""

import threading
import urllib.request
from collections.abc import Iterator

import boto3
import pytest
from werkzeug.serving import make_server

from sandbox import aws
from sandbox.server import QuietHandler
from sandbox.settings import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """Serve the API for the session."""
    server = make_server("127.0.0.1", 0, aws.create_app(), threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def session(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> boto3.Session:
    """Give a session of an AWS that is as on the first day."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    for name, value in {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_DEFAULT_REGION": REGION,
    }.items():
        monkeypatch.setenv(name, value)
    urllib.request.urlopen(urllib.request.Request(f"{endpoint}/moto-api/reset", method="POST")).close()  # noqa: S310  # loopback
    aws.seed(endpoint, REGION)
    return boto3.Session()
