"""What somebody most likely meant."""

import pytest

from identity_center.model.mistakes import nearest, suggestion


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("develpers", "developers"),
        ("DEVELOPERS", "developers"),
        ("dev", None),
        ("", None),
        ("auditor", "auditors"),
    ],
)
def test_the_nearest_name_is_proposed_and_no_far_one(name: str, expected: str | None) -> None:
    """A proposal that is far off sends people the wrong way."""
    assert nearest(name, ["developers", "auditors"]) == expected


def test_where_nothing_is_near_the_known_names_are_listed() -> None:
    """A reader sees what there is to choose from."""
    assert suggestion("x", ["b", "a"], kind="group") == "known: `a`, `b`"


def test_a_long_list_is_cut() -> None:
    """A message of a thousand names is no message."""
    assert suggestion("x", [f"key-{n:03}" for n in range(100)], kind="group").endswith(
        "`key-007` and 92 more"
    )


def test_an_empty_list_is_said_to_be_empty() -> None:
    """The part is missing altogether."""
    assert suggestion("x", [], kind="group") == "no group is declared"


def test_a_name_that_is_known_in_two_ways_is_listed_once() -> None:
    """The management account is often called `management`."""
    assert (
        suggestion("x", ["management", "all", "management"], kind="account") == "known: `all`, `management`"
    )
