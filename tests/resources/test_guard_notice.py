"""The line at the end of a preview that no policy pack is seen over."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from identity_center.program.preview.guard_notice import VARIABLE, say_where_no_pack_is_seen

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def own_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    """Call the organisation as every backend but Pulumi Cloud does."""
    monkeypatch.setattr(pulumi, "get_organization", lambda: "organization")


@pytest.fixture
def said(run: Run, messages: pytest.LogCaptureFixture) -> Callable[..., list[str]]:
    """Return a function that runs with an environment, in a preview or not, and tells what was said."""

    def lines(environment: dict[str, str], *, preview: bool = True) -> list[str]:
        run(lambda: say_where_no_pack_is_seen(environment), preview=preview)
        return [record.getMessage() for record in messages.records]

    return lines


@pytest.mark.parametrize("value", ["", "  "])
def test_a_preview_without_a_pack_says_so_and_what_to_do(
    said: Callable[..., list[str]], messages: pytest.LogCaptureFixture, value: str
) -> None:
    """Somebody takes a preview without findings for one that was judged."""
    (line,) = said({VARIABLE: value})

    assert line == (
        "PULUMI_OPTION_POLICY_PACK is not set: no policy pack judges this run, unless --policy-pack is on "
        "the command line, of which a program is not told. "
        'export PULUMI_OPTION_POLICY_PACK="$(identity-center pack-path)"'
    )
    assert [record.levelname for record in messages.records] == ["WARNING"]


def test_nothing_is_said_where_a_pack_is_named(said: Callable[..., list[str]]) -> None:
    """A warning of every run is read by nobody."""
    assert said({VARIABLE: "policies"}) == []


def test_nothing_is_said_in_an_update(said: Callable[..., list[str]]) -> None:
    """Its preview has said it."""
    assert said({}, preview=False) == []


def test_pulumi_cloud_may_have_a_pack_of_which_nobody_is_told(
    said: Callable[..., list[str]], messages: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There the program would warn of what is as it should be."""
    monkeypatch.setattr(pulumi, "get_organization", lambda: "acme")

    (line,) = said({})

    assert "or Pulumi Cloud enforces a pack for acme" in line
    assert [record.levelname for record in messages.records] == ["INFO"]
