"""AWS's side of the sandbox, over a real loopback server and real clients."""

import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.serving import make_server

from sandbox.aws import create_app, reset, seed
from sandbox.aws.organisation import loopback_client
from sandbox.aws.surroundings import Surroundings
from sandbox.server import QuietHandler

REGION = "us-east-1"


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """Serve the API for the session, with its small organisation."""
    server = make_server("127.0.0.1", 0, create_app(), threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    # moto keeps its state in the process, so the tests of another folder may have left theirs.
    reset(url)
    seed(url, REGION)
    yield url
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def sso(endpoint: str) -> Any:  # noqa: ANN401 - boto3 makes its classes
    """Give Identity Center's API."""
    return loopback_client("sso-admin", endpoint, REGION)


@pytest.fixture(scope="session")
def organizations(endpoint: str) -> Any:  # noqa: ANN401 - boto3 makes its classes
    """Give the organisation's API."""
    return loopback_client("organizations", endpoint, REGION)


@pytest.fixture
def unique() -> str:
    """Give a word that no other test uses: the tests share one AWS."""
    return f"t{uuid.uuid4().hex[:10]}"


@pytest.fixture
def around(endpoint: str, unique: str) -> Surroundings:
    """Give the things that a test needs around it, named by its own word."""
    return Surroundings(endpoint, REGION, unique)
