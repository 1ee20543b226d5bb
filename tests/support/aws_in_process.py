"""AWS's API on loopback, served by the process of the tests, whose state can be kept and given back at once.

A folder's conftest imports the fixtures. pytest makes a fixture anew for each conftest that has it, and two
organisations in one process would be one after the other under the same names: so AWS is served once for a
run, whichever folder asks first. The modules of all folders, in whatever order, share its state, and each
begins with the first day (`restored`).
"""

import threading
from collections.abc import Callable, Iterator
from typing import Final

import pytest
from werkzeug.serving import make_server

from sandbox import aws
from sandbox.clock import CLOCK
from sandbox.listening import QuietHandler
from sandbox.settings import REGION


class _Served:
    """The API, with its small organisation, and what it has on the first day."""

    def __init__(self) -> None:
        self._server = make_server(
            "127.0.0.1", 0, aws.create_app(), threaded=True, request_handler=QuietHandler
        )
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        aws.reset(self.url)
        aws.seed(self.url, REGION)
        self.first_day = aws.KeptAws()

    def end(self) -> None:
        """Serve no longer."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


_SERVED: Final = pytest.StashKey[_Served]()


def _served(config: pytest.Config) -> _Served:
    """Return the run's AWS, which ends with the run."""
    if _SERVED not in config.stash:
        served = config.stash[_SERVED] = _Served()
        config.add_cleanup(served.end)
    return config.stash[_SERVED]


@pytest.fixture(scope="session")
def endpoint(pytestconfig: pytest.Config) -> str:
    """Give the address of the run's AWS."""
    return _served(pytestconfig).url


@pytest.fixture(scope="session")
def first_day(pytestconfig: pytest.Config) -> aws.KeptAws:
    """Give what AWS has on the first day."""
    return _served(pytestconfig).first_day


@pytest.fixture(scope="module", autouse=True)
def restored(first_day: aws.KeptAws) -> None:
    """Begin a module of tests with the first day, whatever other modules have made."""
    first_day.restore()


@pytest.fixture
def let_pass(endpoint: str) -> Iterator[Callable[[float], None]]:
    """Stop AWS's clock for a test; give what lets so many seconds pass. What the test makes goes with it."""
    assert endpoint
    before = aws.KeptAws()
    with CLOCK.stopped() as let_pass:
        yield let_pass
    before.restore()
