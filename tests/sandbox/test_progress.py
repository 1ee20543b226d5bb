"""A long step shows what it is doing and since when."""

import io

import pytest

from sandbox import progress
from sandbox.progress import clock, long_step


@pytest.mark.parametrize(("seconds", "written"), [(0, "0:00"), (59.9, "0:59"), (75, "1:15"), (3661, "61:01")])
def test_durations_read_as_minutes_and_seconds(seconds: float, written: str) -> None:
    """Somebody who waits four minutes wants to see how many are over."""
    assert clock(seconds) == written


def test_a_log_gets_a_line_at_the_start_and_at_the_end() -> None:
    """CI's log must not be silent for minutes, nor be flooded."""
    log = io.StringIO()

    with long_step("building", lambda: "3 packages compiled", log):
        pass

    assert log.getvalue().splitlines() == ["building: 3 packages compiled (0:00)"] * 2


def test_a_long_step_keeps_telling(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step without news looks like one that hangs."""
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0.01)
    log = io.StringIO()
    told: list[str] = []

    def doing() -> str:
        told.append("x")
        return f"{len(told)} done"

    with long_step("building", doing, log):
        while len(told) < 4:  # ends because the step's own thread keeps asking
            pass

    assert "building: 3 done" in log.getvalue()
