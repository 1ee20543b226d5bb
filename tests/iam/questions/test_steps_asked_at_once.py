"""Whether a Region lets steps be called is asked of all at once; one by one they say the same."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from identity_guard.iam import attach, judge
from identity_guard.iam.evaluate.worlds import Assumptions
from identity_guard.iam.questions import steps
from identity_guard.iam.questions.reach import Reach, Reached

NOW = 1_795_000_000.0
CORPUS = Path(__file__).parents[2] / "corpus"
LOCKED = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {
            "Effect": "Deny",
            "NotAction": ["iam:*", "sts:*", "organizations:*"],
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}},
        },
    ],
}


def documents_about_regions() -> Iterator[list[dict[str, Any]]]:
    """Yield the documents of the labelled cases that tell Regions apart."""
    for path in sorted(CORPUS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            found = [entry["document"] for entry in case["policies"] if "document" in entry]
            if case["kind"] not in ("trust", "scp") and "region" in json.dumps(found).lower():
                yield found


def said(documents: list[dict[str, Any]]) -> object:
    """Return what a verdict says of paths."""
    found = judge([attach(each) for each in documents], now=NOW)
    return found.escalation, found.escalation_undecided


def test_steps_asked_at_once_say_what_each_says_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Deny of one step, taken for one of another, would hide a path or make one up."""
    asked = [*list(documents_about_regions())[::4], [LOCKED]]
    at_once = [said(each) for each in asked]
    monkeypatch.setattr(steps.Steps, "_together", lambda *_: Reached(0, -1))
    one_by_one = [said(each) for each in asked]

    assert len(asked) > 10
    assert at_once == one_by_one


def test_a_lock_to_a_region_is_asked_about_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of steps, each asked by itself in each Region, took 20 ms of the usual lock to a Region."""
    asked: list[Assumptions] = []

    class Counted(Reach):
        def __init__(self, grants: Any, assumptions: Assumptions, target: int) -> None:  # noqa: ANN401 - as given
            asked.append(assumptions)
            super().__init__(grants, assumptions, target)

    monkeypatch.setattr(steps, "Reach", Counted)
    found = judge([attach(LOCKED)], now=NOW)

    assert len(found.escalation) > 10
    assert 0 < len(asked) < 40
