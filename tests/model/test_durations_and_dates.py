"""Session durations, calendar dates, moments, and the time that counts as now."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_center.model.language.clock import TODAY_VARIABLE, Clock, clock, end_of_access
from identity_center.model.language.keys.values import LONGEST, SHORTEST, parse_date, parse_session_duration
from identity_center.model.mistakes import WrongValueError
from identity_guard.stack.phase import today as pack_day


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


def test_the_clock_is_what_the_environment_names() -> None:
    """Demonstrations and tests must not break as time passes."""
    before = datetime.now(UTC)
    machine = clock({})

    assert clock({TODAY_VARIABLE: "2026-11-23"}) == Clock(date(2026, 11, 23))
    assert clock({TODAY_VARIABLE: "2026-11-24T00:30:00+01:00"}) == Clock(date(2026, 11, 23), HALF_PAST)
    assert machine.moment is not None
    assert before <= machine.moment <= datetime.now(UTC)
    assert clock({TODAY_VARIABLE: ""}).day == machine.day


@pytest.mark.parametrize("named", ["tomorrow", "2026-11-24T00:30:00", "2026-11-24 25:00:00Z"])
def test_a_wrong_time_in_the_environment_is_told(named: str) -> None:
    """Falling back to the machine's would make a test pass or fail for the wrong reason."""
    with pytest.raises(ValueError, match=f"IDENTITY_CENTER_TODAY is `{re.escape(named)}`: write a day"):
        clock({TODAY_VARIABLE: named})


@pytest.mark.parametrize("environment", ["2026-11-23", "2026-11-24T00:30:00+01:00", "2026-11-23 23:30:00Z"])
def test_program_and_pack_take_the_same_day(environment: str) -> None:
    """A pack that refuses the variable judges no date, and a grant would outlive its exception."""
    assert pack_day({TODAY_VARIABLE: environment}) == clock({TODAY_VARIABLE: environment}).day


HALF_PAST = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
WITHOUT_ZONE = HALF_PAST.replace(tzinfo=None)


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-23T23:30:00Z",
        "2026-11-23T23:30Z",
        "2026-11-24T00:30:00+01:00",
        "2026-11-23 23:30:00 +0000 UTC",  # as Pulumi passes on what YAML reads without quotes
        "2026-11-24 00:30:00 +0100 +0100",
        "2026-11-24 00:30:00 +0100 CET",
        HALF_PAST,
    ],
)
def test_a_moment_is_read_in_every_form_it_arrives_in(value: object) -> None:
    """Four hours of access are four hours, wherever the clock stands."""
    assert end_of_access(value) == HALF_PAST


@pytest.mark.parametrize("value", ["2026-11-23T23:30:00", WITHOUT_ZONE, "2026-11-23T23Z", "16:00", "soon", 1])
def test_a_moment_without_a_zone_is_none(value: object) -> None:
    """Somebody's four o'clock is another's five."""
    with pytest.raises(WrongValueError, match="is neither a date nor a moment with a zone"):
        end_of_access(value)


@given(end=st.datetimes(WITHOUT_ZONE, WITHOUT_ZONE.replace(year=2100)), seconds=st.integers(0, 10**7))
def test_what_is_past_stays_past(end: datetime, seconds: int) -> None:
    """Access that was taken away does not come back by itself."""
    at = end.replace(tzinfo=UTC)
    later = Clock.at(at + timedelta(seconds=seconds))

    assert Clock.at(at).is_past(at)
    assert later.is_past(at)
    assert not Clock.at(at - timedelta(seconds=1)).is_past(at)
    assert Clock(later.day).is_past(at) == (later.day > at.date())
    assert later.is_past(at.date()) == (later.day > at.date())
