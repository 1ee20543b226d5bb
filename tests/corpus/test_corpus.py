"""The labelled cases, through the same door as the command line uses."""

import json
from collections import Counter
from io import StringIO
from typing import Any

import pytest

from identity_guard.command import write_verdicts
from identity_guard.testing.case_verdict import read_case, verdict_of

Case = dict[str, Any]

NOW = 1_795_000_000.0
"""The day the labels were checked (2026-11-18)."""


def answer_of(verdict: Case, label: str) -> bool | None:
    """Return a verdict's answer to a label; for the paths, whether there is any."""
    if label == "escalation":
        return None if verdict["escalation"] is None else bool(verdict["escalation"])
    found: bool | None = verdict[label]
    return found


def test_every_label_is_met(case: Case) -> None:
    """A user relies on each verdict: a wrong one is an admin let through or a good change refused."""
    verdict = verdict_of(read_case(json.dumps(case)), NOW)
    asked = {
        label: value for label, value in case["expect"].items() if value is not None and label != "naive_root"
    }

    assert asked == {label: answer_of(verdict, label) for label in asked}


def test_only_unreadable_documents_are_called_unreadable(case: Case) -> None:
    """Calling a readable document malformed would refuse a stack for nothing."""
    verdict = verdict_of(read_case(json.dumps(case)), NOW)

    assert case["expect"].get("malformed", False) == verdict["malformed"]


def test_no_firm_case_is_left_undecided(case: Case) -> None:
    """An undecided verdict is honest but useless; where the label is firm there is an answer."""
    if case["expect"].get("malformed"):
        return
    verdict = verdict_of(read_case(json.dumps(case)), NOW)

    assert verdict["undecided"] == [] or case.get("doubted")


def test_an_unreadable_document_is_never_called_clean(case: Case) -> None:
    """What cannot be read is not vouched for: every answer is open, and the reason is given."""
    if not case["expect"].get("malformed"):
        return
    verdict = verdict_of(read_case(json.dumps(case)), NOW)

    assert verdict["undecided"]
    assert {None} == {verdict[name] for name in ("root_level", "administrator", "escalation", "mfa_enforced")}


def test_what_is_alleged_has_a_witness(case: Case) -> None:
    """A person who is told of root-level access wants to see one call that succeeds."""
    verdict = verdict_of(read_case(json.dumps(case)), NOW)
    alleged = verdict["root_level"] or verdict["escalation"] or verdict["public_trust"]

    assert bool(alleged) == (verdict["witness"] is not None)


def test_the_corpus_holds_every_family_of_answers(cases: list[Case]) -> None:
    """A corpus that lost half its cases would pass without saying so."""
    said = Counter(
        (label, value) for case in cases for label, value in case["expect"].items() if value is not None
    )

    assert len(cases) == 1158
    assert said["root_level", True] >= 80
    assert said["root_level", False] >= 150
    assert said["escalation", True] >= 40
    assert said["escalation", False] >= 100
    assert said["mfa_enforced", True] >= 30
    assert said["public_trust", True] >= 6


def test_the_command_answers_every_line_in_order(cases: list[Case]) -> None:
    """Whoever pipes cases through the command matches the answers by their place."""
    lines = [json.dumps(case) for case in cases]
    out, errors = StringIO(), StringIO()

    status = write_verdicts(lines, out, errors, NOW)

    assert status == 0
    assert [case["id"] for case in cases] == [json.loads(line)["id"] for line in out.getvalue().splitlines()]
    assert errors.getvalue() == "1000 cases judged\n", "how far it is, and no error"


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"id": 1}',
        '{"id": "x", "kind": "other", "policies": []}',
        '{"id": "x", "kind": "identity"}',
    ],
)
def test_a_line_that_is_no_case_is_an_error_and_never_a_clean_verdict(line: str) -> None:
    """One broken line must neither end the run nor pass as harmless."""
    out, errors = StringIO(), StringIO()

    status = write_verdicts([line, '{"id": "good", "kind": "identity", "policies": []}'], out, errors, NOW)

    verdicts = [json.loads(each) for each in out.getvalue().splitlines()]
    assert status == 2
    assert errors.getvalue().startswith("line 1: ")
    assert verdicts[0]["malformed"]
    assert verdicts[0]["root_level"] is None
    assert verdicts[1]["id"] == "good"
