"""Every kind of mistake in a stack's file: where it is, what is wrong, and what to write instead."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from identity_center.model.mistakes import AccessModelError, Mistake, key_path
from identity_center.model.reading.load import load
from identity_center.model.reading.references import reference_mistakes
from tests.support.yaml_text import yaml_value

F = "Pulumi.dev.yaml"
CASES = yaml_value(Path(__file__).with_name("mistakes.yaml").read_text(encoding="utf-8"))


def test_a_sound_file_has_no_mistakes(sound: str, said_of: Callable[[str], list[str]]) -> None:
    """The file that all cases start from is right, so each case shows the one thing it changes."""
    assert said_of(sound) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_mistake_is_told_with_its_place_and_what_to_write(
    case: dict[str, Any], sound: str, said_of: Callable[[str], list[str]]
) -> None:
    """A message without place or remedy sends people to search a file of thousands of lines."""
    assert case["old"] in sound
    assert said_of(sound.replace(case["old"], case["new"], 1)) == case["says"]


def test_all_mistakes_of_a_file_come_in_one_run_in_its_order(
    sound: str, said_of: Callable[[str], list[str]]
) -> None:
    """Nobody corrects one mistake a run; an entry with one mistake still shows its others."""
    text = (
        sound.replace("givenName: Ada", "givnName: Ada")
        .replace("members: [ada, grace]", "members: [ada, grce]")
        .replace("PT4H", "PT13H")
        .replace("- group: developers", "- group: devolopers")
        .replace('"012345678901"', "12345678901")
    )

    places = [line.split(": ")[0] for line in said_of(text)]

    assert places == [f"{F}:{place}" for place in ("6:7", "20:22", "25:24", "28:14", "30:30")]


def test_no_message_holds_the_name_or_the_address_of_a_person(
    sound: str, said_of: Callable[[str], list[str]]
) -> None:
    """Messages end in logs of pipelines, where people's data has no business."""
    text = (
        sound.replace("userName: grace", "userName: Secret Name")
        .replace("email: grace@example.com", "email: secret.address")
        .replace("displayName: Grace Hopper", "displayName: ['Secret Name']")
        .replace("givenName: Ada", f"givenName: Secret{'x' * 1024}")
    )

    lines = said_of(text)

    assert len(lines) == 4
    assert "secret" not in "".join(lines).lower()


def test_a_value_that_comes_from_no_file_is_named_by_its_key_alone() -> None:
    """With `--config` or an environment there is no file to point to."""
    error = AccessModelError(load({"users": {"ada": 1}}).mistakes)

    assert str(error) == (
        "1 mistake; nothing was changed\n"
        "identity-center:users.ada: is not a mapping; write keys and their values under it"
    )


def test_the_number_of_mistakes_heads_the_message() -> None:
    """Somebody who reads the first line only knows that nothing was made."""
    error = AccessModelError(
        [Mistake((), "AWS has no instance", "enable it"), Mistake(("users",), "is odd", "do")]
    )

    assert str(error).splitlines() == [
        "2 mistakes; nothing was changed",
        "AWS has no instance; enable it",
        "identity-center:users: is odd; do",
    ]


def test_thousands_of_wrong_keys_are_all_told_in_seconds() -> None:
    """A renamed part of a large model must not seem to hang; comparing all with all would take minutes."""
    users = {f"person-{number}": dict[str, str]() for number in range(3000)}
    members = [f"people-{number}" for number in range(3000)]
    began = time.process_time()
    mistakes = list(reference_mistakes({"users": users, "groups": {"g": {"members": members}}}))

    assert len(mistakes) == 3000
    assert mistakes[0].remedy == "did you mean `person-0`?"
    assert mistakes[-1].remedy == "declare it, or write the key of a user that is declared"
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            {"permissionSets": [], "accounts": ["management"], "expires": "soon"},
            [
                "assignments[0].expires: is neither a date nor a moment with a zone",
                "assignments[0]: has neither `group` nor `user`",
                "assignments[0]: `permissionSets` is empty",
            ],
        ),
        (
            {"group": "g", "user": "u", "permissionSets": ["p"], "accounts": []},
            ["assignments[0]: has both `group` and `user`", "assignments[0]: `accounts` is empty"],
        ),
        (
            {"group": 7, "permissionSets": ["p"], "accounts": ["management"], "reviewBy": "soon"},
            ["assignments[0].group: is not a text", "assignments[0].reviewBy: is not a date"],
        ),
        (
            {"grup": "g", "permissionSets": ["p"], "accounts": ["management"]},
            ["assignments[0].grup: is not a known key"],
        ),
        (
            {"permissionSets": ["p"], "accounts": [{"unit": "a", "account": 7, "tagged": {"tag": "t"}}]},
            [
                "assignments[0].accounts[0].account: `7` is not an account id",
                "assignments[0]: has neither `group` nor `user`",
            ],
        ),
        (
            {"permissionSets": ["p"], "breakGlass": True, "expires": "2027-01-31"},
            ["assignments[0]: `accounts` is missing", "assignments[0]: has neither `group` nor `user`"],
        ),
    ],
)
def test_one_entry_with_several_mistakes_is_told_at_once(entry: dict[str, Any], said: list[str]) -> None:
    """Who mends the day and runs again should not be told of a missing group only then."""
    model = {
        "groups": {"g": {"displayName": "G"}},
        "externalUsers": {"u": {"userName": "u"}},
        "permissionSets": {"p": {"name": "P"}},
        "assignments": [entry],
    }
    told = [f"{key_path(mistake.path)}: {mistake.problem}" for mistake in load(model).mistakes]

    assert sorted(told) == sorted(f"identity-center:{line}" for line in said)


def test_a_check_that_fails_of_itself_is_not_taken_for_one_that_lacks_a_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A check that is passed over in silence lets through what it is there to stop."""

    def broken(_entry: object) -> None:
        datetime.now(UTC).no_such_thing  # type: ignore[attr-defined]  # noqa: B018  # what is tried here

    monkeypatch.setattr("identity_center.model.reading.load._checks", lambda _entry: [broken])

    with pytest.raises(AttributeError, match="no_such_thing"):
        load({"users": {"ada": {"userName": 1}}})
