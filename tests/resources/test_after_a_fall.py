"""A run after one that was killed: refused before anything is made, and open about what it could not ask."""

from collections.abc import Callable, Sequence
from typing import Any

import pulumi
import pytest

from identity_center.model.existing.unrecorded import Outputs
from identity_center.model.plan import planned
from identity_center.model.plan.planned import Id
from identity_center.program.lookups.after_a_fall import ADOPTING, AfterAFall
from identity_center.resources.instance import Instance
from tests.model.existing.test_recovery import EMPTY, FULL, INSTANCE, STORE
from tests.model.existing.test_unrecorded import ENDS, MEMBER

Run = Callable[..., Any]
STATE: Outputs = {Id(planned.USER, "ada"): {"userId": "u-1"}}


def _refused(run: Run, found: Sequence[str], *, preview: bool = True, state: Outputs = STATE) -> str:
    asked: list[str] = []

    def interrupted(stack: str) -> Sequence[str]:
        asked.append(stack)
        return found

    try:
        run(lambda: AfterAFall(interrupted).refuse_interrupted(state), preview=preview)
    except pulumi.RunError as error:
        assert [stack.split("/")[1:] for stack in asked] == [["identity-center", "dev"]]
        return str(error)
    return ""


def test_what_was_interrupted_is_named_with_the_command_that_goes_on(run: Run) -> None:
    """Pulumi's own warning is six lines in the middle of an update that goes on."""
    said = _refused(run, [f"Group {number}, interrupted while creating" for number in range(7)])

    assert "  Group 4, interrupted while creating\n  and 2 more\n" in said
    assert "Group 5" not in said
    assert "`identity-center recover`" in said


def test_where_nothing_was_interrupted_or_made_nothing_is_refused(run: Run) -> None:
    """And of an empty state the engine is not even asked."""
    assert _refused(run, []) == ""
    assert _refused(run, ["Group a, interrupted while creating"], state={}) == ""


def test_a_preview_that_adopts_is_let_through_and_an_update_is_not(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who leaves the variable set in a pipeline must not lose the check."""
    monkeypatch.setenv(ADOPTING, "true")

    assert _refused(run, ["Group a, interrupted while creating"]) == ""
    assert "recover" in _refused(run, ["Group a, interrupted while creating"], preview=False)


def test_an_engine_that_cannot_be_asked_is_said(run: Run, messages: pytest.LogCaptureFixture) -> None:
    """What was not looked for is not absent."""

    def interrupted(_stack: str) -> Sequence[str]:
        raise OSError("there is no `pulumi` on PATH")

    run(lambda: AfterAFall(interrupted).refuse_interrupted(STATE))

    assert "unchecked whether an earlier update was interrupted: there is no `pulumi`" in messages.text


def test_members_that_aws_has_are_refused(run: Run, messages: pytest.LogCaptureFixture) -> None:
    """A provider that died left them, and no pending operation."""
    instance = Instance(INSTANCE, STORE, "us-east-1")

    def mistakes(fall: AfterAFall) -> list[str]:
        found: list[str] = run(
            lambda: [str(each) for each in fall.unrecorded((MEMBER,), ENDS, instance)]
        ).result
        return found

    assert mistakes(AfterAFall(links=lambda *_: EMPTY)) == []
    (refusal,) = mistakes(AfterAFall(links=lambda *_: FULL))
    assert "identity-center recover" in refusal
    assert messages.text == ""
    assert mistakes(AfterAFall()) == []
    assert "it is unchecked whether AWS has new members" in messages.text
