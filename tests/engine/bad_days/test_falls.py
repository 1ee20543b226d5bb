"""An update that is killed at any moment: the next ends as wished, and leaves no access that nobody knows."""

import os
import time

import boto3
import pytest

from sandbox.project import Project
from tests.engine.conftest import Sandbox
from tests.engine.falls import Fall, GoneOn, Killed, deployment, fall, go_on, holds, random_falls, tell
from tests.engine.wished import LARGE, SMALL, Config, Make, end_of, is_as_wished, without_half

from .page_of_failures import is_as_on_the_page

pytestmark = [pytest.mark.engine, pytest.mark.faults]
FALLS = random_falls(int(os.environ.get("FALLS_SEED", "1")), int(os.environ.get("FALLS", "20")))


def _up(endpoint: str, project: Project, session: boto3.Session, config: Config, how: Fall) -> GoneOn:
    """Kill an update that makes everything, and go on; return how."""
    began = time.monotonic()
    fall(endpoint, project, how, "up", end_of(config))
    gone_on = tell("up", how, go_on(project, session, "up"), began)

    is_as_wished(project, session, config)
    return gone_on


def _destroy(endpoint: str, project: Project, session: boto3.Session, how: Fall) -> None:
    """Kill a destruction, and go on."""
    began = time.monotonic()
    fall(endpoint, project, how, "destroy", 0)
    tell("destroy", how, go_on(project, session, "destroy"), began)

    existing = holds(session)
    assert (existing.users, existing.groups, existing.permission_sets, existing.assignments) == ((),) * 4
    assert not deployment(project).get("resources")


def _update(endpoint: str, project: Project, session: boto3.Session, config: Config, how: Fall) -> None:
    """Kill an update that deletes half of what people have, and go on."""
    fewer = without_half(config)
    project.write_config(fewer)

    began = time.monotonic()
    fall(endpoint, project, how, "up", end_of(fewer))
    tell("an update that deletes", how, go_on(project, session, "up"), began)

    is_as_wished(project, session, fewer)


@pytest.mark.fast
def test_an_up_that_falls_is_gone_on_with(
    stack: Make, session: boto3.Session, running_sandbox: Sandbox
) -> None:
    """Four of six runs could not go on after a kill ("already exists"). The lock that is left comes first."""
    how = Fall(Killed.MACHINE, 0.4, 0.1)

    gone_on = _up(running_sandbox.endpoint, stack(SMALL, is_made=False), session, SMALL, how)

    assert gone_on.done[:2] == ["up", "cancel"]
    is_as_on_the_page("test_an_up_that_falls_is_gone_on_with", *gone_on.said)


@pytest.mark.thorough
@pytest.mark.fast
def test_an_up_whose_provider_dies_is_gone_on_with(
    stack: Make, session: boto3.Session, running_sandbox: Sandbox
) -> None:
    """The engine outlives it, and keeps no pending operation of what AWS has made."""
    how = Fall(Killed.PROVIDER, 0.37, 0.18)

    _up(running_sandbox.endpoint, stack(SMALL, is_made=False), session, SMALL, how)


def test_an_up_that_loses_its_provider_is_gone_on_with(
    stack: Make, session: boto3.Session, running_sandbox: Sandbox
) -> None:
    """The provider ends what it was asked for, and nobody hears of it."""
    how = Fall(Killed.CONNECTION, 0.37, 0.18)

    _up(running_sandbox.endpoint, stack(SMALL, is_made=False), session, SMALL, how)


@pytest.mark.parametrize(
    "what",
    [pytest.param(Killed.CTRL_C, marks=(pytest.mark.fast, pytest.mark.thorough)), Killed.CTRL_C_TWICE],
    ids=str,
)
def test_an_up_that_somebody_stops_is_gone_on_with(
    stack: Make, session: boto3.Session, running_sandbox: Sandbox, what: Killed
) -> None:
    """Ctrl-C ends the provider's waits: AWS goes on to grant what the state never hears of."""
    _up(running_sandbox.endpoint, stack(SMALL, is_made=False), session, SMALL, Fall(what, 0.7, 0.0))


@pytest.mark.fast
def test_a_destroy_that_falls_leaves_nothing(
    stack: Make, session: boto3.Session, running_sandbox: Sandbox
) -> None:
    """Access that exists in AWS and in no state is nobody's to take away."""
    how = Fall(Killed.PROVIDER, 0.3, 0.1)

    _destroy(running_sandbox.endpoint, stack(SMALL, is_made=True), session, how)


@pytest.mark.fast
def test_an_update_that_deletes_and_falls_is_gone_on_with(
    stack: Make, session: boto3.Session, running_sandbox: Sandbox
) -> None:
    """Who has left must be out after the next run, and who stays must be in."""
    how = Fall(Killed.ENGINE, 0.5, 0.05)

    _update(running_sandbox.endpoint, stack(SMALL, is_made=True), session, SMALL, how)


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("how", FALLS, ids=str)
class TestAtRandomMoments:
    """The same with some three hundred resources, in `make faults`."""

    def test_up(self, stack: Make, session: boto3.Session, running_sandbox: Sandbox, how: Fall) -> None:
        """An update that makes everything."""
        _up(running_sandbox.endpoint, stack(LARGE, is_made=False), session, LARGE, how)

    def test_destroy(self, stack: Make, session: boto3.Session, running_sandbox: Sandbox, how: Fall) -> None:
        """A destruction, which is begun again."""
        _destroy(running_sandbox.endpoint, stack(LARGE, is_made=True), session, how)

    def test_update(self, stack: Make, session: boto3.Session, running_sandbox: Sandbox, how: Fall) -> None:
        """An update that deletes."""
        _update(running_sandbox.endpoint, stack(LARGE, is_made=True), session, LARGE, how)

    def test_up_after_destroy(
        self, stack: Make, session: boto3.Session, running_sandbox: Sandbox, how: Fall
    ) -> None:
        """The state says that it is there, the preview that nothing changes, and nobody gets in."""
        project = stack(LARGE, is_made=True)

        began = time.monotonic()
        fall(running_sandbox.endpoint, project, how, "destroy", 0)
        tell("up after a destruction", how, go_on(project, session, "up"), began)

        is_as_wished(project, session, LARGE)
