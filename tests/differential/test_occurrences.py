"""What makes a comparison count: that what it is about occurred, and often enough."""

import itertools
from collections import Counter
from types import ModuleType

import pytest

from tests.differential import against_peer, comparison, occurrences, run
from tests.differential.against_peer import LEFT_OUT, cases
from tests.differential.occurrences import (
    FULL_RUN,
    LEAST_OCCURRENCES,
    LEAST_SHARE,
    elements_of,
    expected,
    too_seldom,
)

ENOUGH = Counter(
    {
        name: int(FULL_RUN * LEAST_SHARE) if name.startswith("answer ") else LEAST_OCCURRENCES
        for name in expected()
    }
)
"""Just often enough for a full run."""


def test_each_thing_that_a_case_is_made_of_is_counted_by_itself() -> None:
    """A boundary counted as an SCP would hide that there never was one."""
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    deny = {
        "Effect": "Deny",
        "NotAction": "iam:*",
        "NotResource": "arn:aws:s3:::home/${aws:username}/*",
        "Condition": {
            "ForAllValues:StringLikeIfExists": {"aws:TagKeys": "a"},
            "ForAnyValue:StringLike": {"aws:TagKeys": "b"},
            "Null": {"aws:TagKeys": "true"},
        },
    }
    case = {
        "documents": [{"Statement": [allow, deny]}],
        "boundary": {"Statement": allow},
        "scps": [[{"Statement": allow}, {"Statement": [deny]}], [{"Statement": allow}]],
    }

    assert elements_of(case) == {
        "boundary": 1,
        "SCP": 3,
        "Deny": 2,
        "NotAction": 2,
        "NotResource": 2,
        "policy variable": 2,
        "operator StringLike": 4,
        "operator Null": 2,
        "ForAllValues": 2,
        "ForAnyValue": 2,
        "IfExists": 2,
    }
    assert elements_of({**case, "boundary": None, "scps": []})["boundary"] == 0


def test_a_full_run_in_which_everything_occurred_is_believed() -> None:
    """The least is enough; else no run would ever count."""
    assert too_seldom(ENOUGH, FULL_RUN) == []


@pytest.mark.parametrize("name", sorted(expected()))
def test_what_occurred_once_too_seldom_in_a_full_run_is_named(name: str) -> None:
    """A hundred thousand decisions without a boundary would say nothing about boundaries."""
    assert [each.split(":")[0] for each in too_seldom(ENOUGH - Counter([name]), FULL_RUN)] == [name]


def test_what_never_occurred_is_named_as_well() -> None:
    """Its count is not even there."""
    assert too_seldom(Counter(), FULL_RUN) == [
        f"{name}: 0 of at least {least}" for name, least in sorted(ENOUGH.items())
    ]


def test_a_short_run_is_not_held_to_the_counts_of_a_full_one() -> None:
    """Two thousand decisions are for each change; they hold no thousand of anything."""
    assert too_seldom(Counter(), FULL_RUN - 1) == []


def test_cases_that_the_peer_is_asked_hold_everything_that_has_to_occur() -> None:
    """What every reason to leave a case out takes away would never be compared with anybody."""
    left_out: Counter[str] = Counter()
    compared = list(itertools.islice(cases(1, left_out), 1_000))
    occurred = sum((elements_of(case) for case in compared), Counter[str]())

    assert {name: times for name, times in occurred.items() if times < 20} == {}
    assert {name for name in expected() if not name.startswith("answer ")} <= occurred.keys()
    assert left_out.keys() == LEFT_OUT.keys()


ALLOW, EXPLICIT, IMPLICIT = "allow", "explicit deny", "implicit deny"


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        ({ALLOW}, {ALLOW}),
        ({IMPLICIT}, {IMPLICIT}),
        ({"undecided"}, {ALLOW, IMPLICIT}),
        ({"undecided"}, {ALLOW, EXPLICIT}),
        ({"undecided", IMPLICIT}, {EXPLICIT, IMPLICIT}),
    ],
)
def test_where_the_documentation_has_two_readings_no_answer_takes_sides(
    right: set[str], expected: set[str]
) -> None:
    """An evaluator that follows one of two pages is wrong by the other."""
    answers = {ALLOW, EXPLICIT, IMPLICIT, "undecided"}

    assert {answer for answer in answers if comparison.agrees(answer, expected)} == right


def test_a_comparison_that_agrees_succeeds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The counts of what was compared are in its report."""
    monkeypatch.setattr(against_peer, "ask", lambda batch, _: [comparison.decided(case) for case in batch])

    assert main_of(against_peer, monkeypatch) == 0
    assert "operator Null\n" in capsys.readouterr().out
    assert main_of(run, monkeypatch) == 0
    assert "operator Null\n" in capsys.readouterr().out


def test_one_answer_that_differs_fails_a_comparison(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A difference is shown with its case, and CI stops at it."""
    monkeypatch.setattr(against_peer, "ask", lambda batch, _: ["?", *map(comparison.decided, batch[1:])])
    assert main_of(against_peer, monkeypatch) == 1
    shown = capsys.readouterr().out
    assert ", peer ?: {" in shown
    assert "100 decisions of seed 1 compared, 1 differ\n" in shown

    monkeypatch.setattr(comparison, "decided", lambda _: "?")
    assert main_of(run, monkeypatch) == 1
    assert ", 100 disagreements\n" in capsys.readouterr().out


def test_a_count_that_is_too_low_fails_a_comparison(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else a run without disagreements and without boundaries would pass."""
    monkeypatch.setattr(occurrences, "FULL_RUN", 100)
    monkeypatch.setattr(against_peer, "ask", lambda batch, _: [comparison.decided(case) for case in batch])

    for command in (against_peer, run):
        assert main_of(command, monkeypatch) == 1
        assert ", boundary: " in capsys.readouterr().out.split("\ntoo seldom: ")[1]


def main_of(command: ModuleType, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run a command for a hundred decisions of seed 1; return its exit status."""
    monkeypatch.setattr("sys.argv", ["command", "1", "100", "no-folder"])
    return int(command.main())
