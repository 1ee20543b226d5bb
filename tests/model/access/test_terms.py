"""The terms of grants: the last day counts, the day after does not, and whoever reads the run is told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from identity_center.model.access.grants import repeated_grant_mistakes
from identity_center.model.access.terms import NEAR_THE_END, in_force
from identity_center.model.language.clock import Clock
from identity_center.model.reading.load import load

LAST = date(2027, 2, 15)


def granted(**terms: Any) -> dict[str, Any]:  # noqa: ANN401  # values of a configuration
    """Return a model in which everything that can be given is given once, on the same terms."""
    return {
        "groups": {"g": {"displayName": "G"}},
        "permissionSets": {"p": {"name": "P"}},
        "assignments": [
            {"group": "g", "permissionSets": ["p"], "accounts": ["management"], **terms},
        ],
        "applications": {
            "a": {
                "name": "A",
                "provider": "arn:aws:sso::aws:applicationProvider/custom",
                "assignments": [{"group": "g", **terms}],
            }
        },
        "accountAccess": {
            "entitlements": [{"group": "g", "roles": ["arn:aws:iam::111122223333:role/R"], **terms}]
        },
    }


def kept_on(day: date | Clock, **terms: Any) -> tuple[list[int], list[str]]:  # noqa: ANN401  # as above
    """Return how many grants of each kind are made on a day, and what is said."""
    loaded = load(granted(**terms))
    assert loaded.mistakes == ()
    current, notices = in_force(loaded, day if isinstance(day, Clock) else Clock(day))
    declared = current.declaration
    assert declared.account_access is not None
    counts = [
        len(declared.assignments),
        len(declared.applications["a"].assignments),
        len(declared.account_access.entitlements),
    ]
    assert len(current.assignment_places) == counts[0]
    return counts, [notice.text for notice in notices]


def test_access_lasts_through_its_last_day_and_no_longer() -> None:
    """A day more is access that nobody agreed to; a day less keeps people from their work."""
    assert kept_on(LAST, expires="2027-02-15")[0] == [1, 1, 1]
    after, said = kept_on(LAST + timedelta(days=1), expires="2027-02-15")

    assert after == [0, 0, 0]
    assert len(said) == 3
    assert said[0] == (
        "the access of group `g` expired on 2027-02-15, so it is not made any more; "
        "remove the entry, or write a later `expires`"
    )


@pytest.mark.parametrize(("days", "told"), [(0, True), (NEAR_THE_END, True), (NEAR_THE_END + 1, False)])
def test_the_end_is_told_two_weeks_before(days: int, *, told: bool) -> None:
    """Whoever still needs it can say so in time."""
    counts, said = kept_on(LAST - timedelta(days=days), expires="2027-02-15")

    assert counts == [1, 1, 1]
    assert [text.startswith("the access of group `g` ends after 2027-02-15; ") for text in said] == (
        [True] * 3 if told else []
    )


@pytest.mark.parametrize(("days", "told"), [(0, False), (1, True)])
def test_a_review_is_due_from_the_day_after(days: int, *, told: bool) -> None:
    """The access stays: a review is a question, not an answer."""
    counts, said = kept_on(LAST + timedelta(days=days), reviewBy="2027-02-15")

    assert counts == [1, 1, 1]
    assert [text.split(";")[0] for text in said] == (
        ["the access of group `g` was to be reviewed by 2027-02-15"] * 3 if told else []
    )


def test_no_notice_names_who_answers_for_it_or_why() -> None:
    """They may be people, and reasons are read by those who may read the file."""
    _, said = kept_on(LAST, expires="2027-02-15", owner="Ada Lovelace", reason="illness", ticket="HR-1")

    assert not [text for text in said if "Ada" in text or "illness" in text or "HR-1" in text]


def test_an_expired_grant_keeps_the_places_of_the_others() -> None:
    """A mistake in the second assignment is told at the second, also where the first has expired."""
    model = granted(expires="2026-01-01")
    model["assignments"].append({"group": "g", "permissionSets": ["p"], "accounts": ["management"]})
    current, _ = in_force(load(model), Clock(LAST))

    assert current.assignment_places == (1,)


def test_what_is_given_twice_is_named_at_its_place_though_an_entry_before_it_has_expired() -> None:
    """The wrong line of a file is looked at in vain; what has expired repeats nothing."""
    model = granted()
    role = model["accountAccess"]["entitlements"][0]["roles"][0]
    expired = {"group": "g", "roles": [role], "expires": "2026-01-01"}
    model["accountAccess"]["entitlements"] = [expired, *model["accountAccess"]["entitlements"] * 2]
    model["applications"]["a"]["assignments"] = [
        {"group": "g", "expires": "2026-01-01"},
        *[{"group": "g"}] * 2,
    ]
    declared = load(model).declaration

    assert [mistake.path for mistake in repeated_grant_mistakes(declared, Clock(LAST))] == [
        ("applications", "a", "assignments", 2),
        ("accountAccess", "entitlements", 2, "roles", 0),
    ]


def test_access_until_an_hour_ends_at_the_hour() -> None:
    """An incident at four is no reason for access at midnight."""
    end = datetime(2027, 2, 15, 16, tzinfo=UTC)
    before, told = kept_on(Clock.at(end - timedelta(minutes=1)), expires="2027-02-15T17:00:00+01:00")
    after, said = kept_on(Clock.at(end), expires="2027-02-15T17:00:00+01:00")

    assert (before, after) == ([1, 1, 1], [0, 0, 0])
    assert told[0] == (
        "the access of group `g` ends by the first update after 2027-02-15 16:00 UTC; "
        "write a later `expires` if it is still needed"
    )
    assert said[0] == (
        "the access of group `g` expired at 2027-02-15 16:00 UTC, so it is not made any more; "
        "remove the entry, or write a later `expires`"
    )


def test_where_the_day_only_is_known_an_hour_is_its_day() -> None:
    """A run for a named day cannot tell hours; a day too few would end access that somebody has."""
    assert kept_on(LAST, expires="2027-02-15T16:00:00Z")[0] == [1, 1, 1]
    assert kept_on(LAST + timedelta(days=1), expires="2027-02-15T16:00:00Z")[0] == [0, 0, 0]


def test_a_review_after_the_hour_of_the_end_is_a_mistake() -> None:
    """It would never come."""
    loaded = load(granted(expires="2027-02-15T16:00:00Z", reviewBy="2027-02-16"))

    assert [mistake.problem for mistake in loaded.mistakes] == ["is to be reviewed after it has expired"] * 3
    assert load(granted(expires="2027-02-15T16:00:00Z", reviewBy="2027-02-15")).mistakes == ()
