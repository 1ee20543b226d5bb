"""`rootGuard` in the configuration."""

from typing import Any

import pytest
from pydantic import ValidationError

from identity_center.model.aws.root_guard import RootTask
from identity_center.model.language.settings import RootGuardEntry, TaskWord


@pytest.mark.parametrize("place", ["organisation", "r-ab12", "ou-ab12-cd34ef56", "444444444444"])
def test_places_of_an_organisation_are_taken(place: str) -> None:
    """A policy can be attached to each of them."""
    assert RootGuardEntry.model_validate({"denyRootIn": [place]}).deny_root_in == (place,)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"denyRootIn": []},
        {"denyRootIn": ["everywhere"]},
        {"denyRootIn": ["organisation"], "tasks": ["all"]},
        {"denyRootIn": ["organisation"], "permissionSet": "two words"},
        {"denyRootIn": ["organisation"], "x": 1},
    ],
)
def test_everything_else_is_a_mistake(given: dict[str, Any]) -> None:
    """A guard that stands nowhere guards nothing."""
    with pytest.raises(ValidationError):
        RootGuardEntry.model_validate(given)


def test_every_task_has_a_word() -> None:
    """A task without a word could not be chosen."""
    assert {word.task for word in TaskWord} == set(RootTask)
