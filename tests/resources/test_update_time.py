"""How long a large update takes: what the program says before it, and what it keeps of it for the next."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pulumi
import pytest
from pulumi.runtime import settings

from identity_center.model.access.changes import AccessChanges
from identity_center.model.access.grant import Grant
from identity_center.model.plan.whole_model import MODEL, Given, ModelParts, plan_model
from identity_center.program.preview import update_time
from identity_center.program.preview.update_time import pace_output, say_how_long
from identity_center.program.state.last_model import PACE, LastUpdate, read_last_update
from identity_center.resources.access_model import WholeModel
from tests.support.answers import Answers

ACCOUNTS = [f"{100000000000 + number}" for number in range(200)]
GRANTS = [Grant("dev", "platform", "GROUP", account) for account in ACCOUNTS]
PARTS = ModelParts(
    {
        "instance_arn": "arn:aws:sso:::instance/ssoins-1",
        "identity_store_id": "d-1",
        "groups": {"platform": {"display_name": "Platform", "members": []}},
        "permission_sets": {"dev": {"name": "Dev"}},
    },
    [Given(grant) for grant in GRANTS],
)
STACK = "urn:pulumi:dev::identity-center::pulumi:pulumi:Stack::identity-center-dev"
PACE_OF_LAST = {"assignments": 300.0, "seconds": 600.0, "parallel": 16.0, "busiest_account": 3.0}
Run = Callable[..., Any]


def kept(run: Run, last: LastUpdate, *, parallel: int | None, preview: bool = False) -> object:
    """Run a program of 200 assignments; return what it keeps of its pace."""

    def program() -> pulumi.Output[Any]:
        settings.SETTINGS.parallel = parallel
        plan = plan_model(MODEL, PARTS)
        return pulumi.Output.from_input(pace_output(plan, WholeModel(plan), last))

    return run(program, preview=preview).result


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two seconds pass between any two looks at the clock."""
    ticks = count(step=2)
    monkeypatch.setattr(update_time, "_now", lambda _identifier: float(next(ticks)))


@pytest.mark.usefixtures("clock")
def test_a_large_update_keeps_its_real_time(run: Run) -> None:
    """Without it every estimate stays the first guess."""
    found = kept(run, LastUpdate(), parallel=10)
    assert found == {
        PACE: {"assignments": 180, "seconds": 360.0, "parallel": 10, "busiest_account": 1},
    }


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("preview", [False, True])
def test_what_is_there_already_is_not_measured(run: Run, answers: Answers, *, preview: bool) -> None:
    """Assignments that stay are done at once: as a pace they would promise the impossible.

    A preview makes none at all.
    """
    answers.last_update = {STACK: {"type": "pulumi:pulumi:Stack", "outputs": {PACE: PACE_OF_LAST}}}
    before = read_in(run)
    there = frozenset() if preview else frozenset(grant.resource_name for grant in GRANTS[10:])
    found = kept(run, LastUpdate(assignments=there, pace=before.pace), parallel=10, preview=preview)
    assert found == {PACE: PACE_OF_LAST}


def test_a_small_stack_gets_no_output_for_it(run: Run) -> None:
    """An output that means nothing to anybody is noise at every update."""
    there = frozenset(grant.resource_name for grant in GRANTS[10:])
    assert kept(run, LastUpdate(assignments=there), parallel=10) == {}


def test_the_estimate_of_the_next_run_names_the_last(
    run: Run, answers: Answers, messages: pytest.LogCaptureFixture
) -> None:
    """Who is told 20 minutes and waits for two hours believes no later estimate."""
    answers.last_update = {STACK: {"type": "pulumi:pulumi:Stack", "outputs": {PACE: PACE_OF_LAST}}}
    changes = AccessChanges((), (), frozenset(GRANTS), frozenset(), 0)

    def program() -> None:
        settings.SETTINGS.parallel = 16
        say_how_long(changes, read_last_update())
        say_how_long(changes, LastUpdate())

    run(program, preview=True)
    corrected, first = [line for line in messages.messages if "How long" in line]
    assert "200 account assignments: 5 to 9 minutes" in corrected
    assert "made 300 in 10 min with --parallel 16" in corrected
    assert "AWS takes 3 to 12 seconds for each" in first


@pytest.mark.parametrize("output", ["fast", {"assignments": 1.0}, {**PACE_OF_LAST, "parallel": 0.0}])
def test_an_output_that_is_no_pace_is_left_alone(run: Run, answers: Answers, output: object) -> None:
    """A program of somebody's own may have an output of this name."""
    answers.last_update = {STACK: {"type": "pulumi:pulumi:Stack", "outputs": {PACE: output}}}
    assert read_in(run).pace is None


def read_in(run: Run) -> LastUpdate:
    """Read the state in a run of its own."""
    found: LastUpdate = run(read_last_update).result
    return found
