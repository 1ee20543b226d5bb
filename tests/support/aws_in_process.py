"""AWS's API on loopback, served by the process of the tests, whose state can be kept and given back at once.

A folder's conftest imports the fixtures. The state is the process's own: the modules of several folders, in
whatever order, share it, so each begins with the first day (`restored`).
"""

import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server

from sandbox import aws
from sandbox.listening import QuietHandler
from sandbox.settings import REGION


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """Serve the API for the session, with its small organisation."""
    server = make_server("127.0.0.1", 0, aws.create_app(), threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    # The tests of another folder may have left their state in the process.
    aws.reset(url)
    aws.seed(url, REGION)
    yield url
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def first_day(endpoint: str) -> aws.KeptAws:
    """Keep what AWS has on the first day."""
    assert endpoint, "kept once the organisation is there"
    return aws.KeptAws()


@pytest.fixture(scope="module", autouse=True)
def restored(first_day: aws.KeptAws) -> None:
    """Begin a module of tests with the first day, whatever other modules have made."""
    first_day.restore()
