"""Session durations, calendar dates, and the day that counts as today."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_center.model.language.values import (
    LONGEST,
    SHORTEST,
    TODAY_VARIABLE,
    parse_date,
    parse_session_duration,
    today,
)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("PT1H", 1),
        ("PT12H", 12),
        ("PT4H", 4),
        ("PT90M", 1.5),
        ("PT1H30M", 1.5),
        ("PT3600S", 1),
        ("PT11H59M60S", 12),
    ],
)
def test_durations_from_1_to_12_hours_are_read(text: str, hours: float) -> None:
    """AWS takes every spelling of ISO 8601 within the limits."""
    assert parse_session_duration(text) == timedelta(hours=hours)


@pytest.mark.parametrize(
    "text",
    [
        "PT59M",
        "PT12H1S",
        "PT13H",
        "PT0H",
        "PT",
        "P1D",
        "P0DT4H",
        "PT4h",
        "4 days",
        "hours",
        "13 hours",
        "59 minutes",
        "4 hours 4 hours",
        "PT4",
        "4",
        "",
        "-PT4H",
        "PT4.5H",
        "PT1H\n",
    ],
)
def test_any_other_duration_is_refused(text: str) -> None:
    """The provider sends it to AWS, and AWS refuses it after people, groups and more have been made."""
    assert parse_session_duration(text) is None


@given(
    hours=st.none() | st.integers(0, 13),
    minutes=st.none() | st.integers(0, 800),
    seconds=st.none() | st.integers(0, 50_000),
)
def test_a_duration_is_read_as_what_it_says(
    hours: int | None, minutes: int | None, seconds: int | None
) -> None:
    """Whatever the parts, it is accepted exactly when their sum is within the limits."""
    parts = {"H": hours, "M": minutes, "S": seconds}
    text = "PT" + "".join(f"{amount}{unit}" for unit, amount in parts.items() if amount is not None)
    meant = timedelta(hours=hours or 0, minutes=minutes or 0, seconds=seconds or 0)

    assert parse_session_duration(text) == (meant if SHORTEST <= meant <= LONGEST else None)


@pytest.mark.parametrize(
    "value",
    [
        "2027-02-15",
        "2027-02-15 00:00:00 +0000 UTC",  # as Pulumi 3.259 passes a date without quotes on
        date(2027, 2, 15),
        datetime(2027, 2, 15, tzinfo=UTC),
    ],
)
def test_a_date_is_read_in_every_form_it_arrives_in(value: object) -> None:
    """YAML makes a time of an unquoted date; the person wrote a day."""
    assert parse_date(value) == date(2027, 2, 15)


@pytest.mark.parametrize(
    "value",
    [
        "2027-02-30",
        "15.02.2027",
        "2027-2-5",
        "20270215",
        "2027-02-15T12:00:00Z",
        "2027-02-15 10:00:00 +0000 UTC",
        datetime(2027, 2, 15, 12, tzinfo=UTC),
        20270215,
        None,
        "",
    ],
)
def test_what_is_no_day_is_not_read_as_one(value: object) -> None:
    """A guessed day would be a wrong end of somebody's access."""
    assert parse_date(value) is None


def test_today_is_the_day_that_the_environment_names() -> None:
    """Demonstrations and tests must not break as time passes."""
    assert today({TODAY_VARIABLE: "2026-11-23"}) == date(2026, 11, 23)
    assert today({TODAY_VARIABLE: ""}) == today({}) == datetime.now(UTC).date()


def test_a_wrong_day_in_the_environment_is_told() -> None:
    """Falling back to the clock would make a test pass or fail for the wrong reason."""
    with pytest.raises(
        ValueError, match="IDENTITY_CENTER_TODAY is `tomorrow`: write a date such as 2027-02-15"
    ):
        today({TODAY_VARIABLE: "tomorrow"})
