"""AWS's API on loopback, served by the process of the tests, whose state can be kept and given back at once.

A folder's conftest imports the fixtures. pytest makes a fixture anew for each conftest that has it, and two
organisations in one process would be one after the other under the same names: so AWS is served once for a
run, whichever folder asks first. The modules of all folders, in whatever order, share its state, and each
begins with the first day (`restored`).
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

import pytest

from sandbox import aws
from sandbox.clock import CLOCK
from sandbox.listening import LoopbackServer
from sandbox.settings import REGION

Made = TypeVar("Made")


class Stages:
    """AWS as many tests begin with it: each stage is made once a run, and given back afterwards.

    A stage is known by its name and by those that it was made upon. Whoever makes one hands over something
    that is as true the next time: names and ids, and clients of this AWS.
    """

    def __init__(self, first_day: aws.KeptAws) -> None:
        """Begin with the first day."""
        self._first_day = first_day
        self._upon: tuple[str, ...] = ()
        self._made: dict[tuple[str, ...], tuple[Any, aws.KeptAws]] = {}

    @property
    def is_on_first_day(self) -> bool:
        """Say whether it is at no later stage."""
        return not self._upon

    def first_day(self) -> None:
        """Make AWS as it was on the first day."""
        self._first_day.restore()
        self._upon = ()

    def at(self, name: str, make: Callable[[], Made]) -> Made:
        """Make AWS as it is after `make`, upon the stage that it is at; return what that returned."""
        self._upon = (*self._upon, name)
        if self._upon not in self._made:
            self._made[self._upon] = make(), aws.KeptAws()
        made, kept = self._made[self._upon]
        kept.restore()
        of_this_name: Made = made
        return of_this_name


class _Served:
    """The API, with its small organisation, and what it has on the first day."""

    def __init__(self) -> None:
        self._server = LoopbackServer(aws.create_app())
        self.url = f"http://127.0.0.1:{self._server.port}"
        aws.reset(self.url)
        aws.seed(self.url, REGION)
        self.first_day = aws.KeptAws()
        self.stages = Stages(self.first_day)

    def end(self) -> None:
        """Serve no longer."""
        self._server.end()


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


@pytest.fixture
def stages(pytestconfig: pytest.Config) -> Stages:
    """Give the run's AWS as it is on the first day, and the stages to begin with."""
    stages = _served(pytestconfig).stages
    stages.first_day()
    return stages


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
