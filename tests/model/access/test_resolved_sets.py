"""What permission sets take from defaults and from the sets that they extend."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from identity_center.model.language.permission_sets import PermissionSetEntry
from identity_center.model.reading.inherited_sets import resolved_sets
from identity_center.model.reading.load import load


def resolved(defaults: dict[str, Any], **sets: dict[str, Any]) -> dict[str, PermissionSetEntry]:
    """Return the sets of a sound model."""
    named = {key: {"name": key, **entry} for key, entry in sets.items()}
    loaded = load({"permissionSetDefaults": defaults, "permissionSets": named})
    assert loaded.mistakes == ()
    return resolved_sets(loaded.declaration)


def test_what_is_nearest_wins() -> None:
    """The set itself, then what it extends, then the defaults."""
    found = resolved(
        {"description": "of all", "relayState": "https://a", "sessionDuration": "2 hours"},
        base={"description": "of the base", "relayState": "https://b"},
        own={"extends": "base", "description": "its own"},
    )

    assert found["own"].description == "its own"
    assert found["own"].relay_state == "https://b"
    assert found["own"].session_duration == "PT2H"


def test_lists_and_tags_are_put_together() -> None:
    """A set that extends another can do what that one can, and more."""
    found = resolved(
        {"managedPolicies": ["A"], "tags": {"of": "all", "level": "0"}},
        base={"managedPolicies": ["B"], "customerManagedPolicies": ["X"], "tags": {"level": "1"}},
        own={"extends": "base", "managedPolicies": ["C", "B"], "customerManagedPolicies": ["Y"]},
    )

    assert found["own"].managed_policies == ("C", "B", "A")
    assert found["own"].customer_managed_policies == ("Y", "X")
    assert found["own"].tags == {"of": "all", "level": "1"}


def test_neither_the_name_nor_the_former_key_is_taken_over() -> None:
    """Two sets of one name are refused by AWS, and one former key has one heir."""
    found = resolved({}, base={"formerly": "old"}, own={"extends": "base"})

    assert found["own"].name == "own"
    assert found["own"].formerly is None


def test_an_hour_is_what_a_set_gets_that_says_nothing() -> None:
    """It is what AWS takes; a stack that says nothing does not change."""
    assert resolved({}, own={})["own"].session_duration == "PT1H"


@given(parents=st.lists(st.integers(0, 8), min_size=1, max_size=9))
def test_a_circle_is_told_once_and_ends(parents: list[int]) -> None:
    """Whatever extends whatever: each circle is one mistake, and nothing runs for ever."""
    sets = {f"s{i}": {"name": f"s{i}", "extends": f"s{p % len(parents)}"} for i, p in enumerate(parents)}
    loaded = load({"permissionSets": sets})
    circles = [mistake for mistake in loaded.mistakes if "extends itself" in mistake.problem]

    assert 1 <= len(circles) <= len(parents)
    assert len(resolved_sets(loaded.declaration)) == len(parents)
    keys = [set(mistake.problem.split("`")[1::2]) for mistake in circles]
    assert all(not one & other for place, one in enumerate(keys) for other in keys[:place])
