"""What the last report of sign-ins says of the people of a stack."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from identity_guard.testing.in_process_engine import UNKNOWN, Made, Told

Run = Callable[..., list[Told]]
Write = Callable[..., dict[str, Any]]
RULE: Final = "mfa-evidence"
ORGANISATION: Final = "o-abcdefghij"
PERSON: Final = Made("aws:identitystore/user:User", "person-key", {"userName": "Ada"})


@pytest.fixture
def report(tmp_path: Path) -> Write:
    """Write a report and return the rule's configuration."""

    def write(evidence: str | None, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - also what no file may hold
        people = {} if evidence is None else {"id": {"userName": "ada", "evidence": evidence}}
        content = {
            "kind": "identity-center/mfa-evidence",
            "version": 1,
            "organizationId": ORGANISATION,
            "readAt": "2026-11-19T10:00:00Z",
            "people": people,
            **changes,
        }
        file = tmp_path / "evidence.json"
        file.write_text(json.dumps(content), encoding="utf-8")
        return {"evidenceFile": str(file), "organizationId": ORGANISATION}

    return write


def of_rule(told: list[Told]) -> list[Told]:
    """Leave out what the other rules say of so small a stack."""
    return [each for each in told if "sign in with MFA is unknown" in each.message or each.policy == RULE]


def test_a_person_without_mfa_refuses_the_stack(preview: Run, update: Run, report: Write) -> None:
    """The settings were declared, and what happened says otherwise."""
    for run in (preview, update):
        (told,) = of_rule(run(PERSON, mfa_evidence=report("without MFA")))
        assert (told.policy, told.level) == (RULE, "mandatory")
        assert "User `person-key` signed in without MFA" in told.message
        assert "Ada" not in told.message


@pytest.mark.parametrize("evidence", ["MFA", "registered a device"])
def test_mfa_passes(preview: Run, report: Write, evidence: str) -> None:
    """The first sign-in under `register` is the one in which a device is registered."""
    assert of_rule(preview(PERSON, mfa_evidence=report(evidence))) == []


@pytest.mark.parametrize(
    ("evidence", "changes", "why"),
    [
        ("not seen", {}, "they were not seen"),
        ("external, unknown", {}, "external provider"),
        ("MFA", {"readAt": "2026-11-01T00:00:00Z"}, "19 days ago, and 7 is the most"),
        ("MFA", {"readAt": "2026-12-01T00:00:00Z"}, "lies in the future"),
        ("MFA", {"organizationId": "o-another0000"}, "is of another organisation"),
        ("MFA", {"kind": "identity-center/root-audit"}, "is no report of the kind"),
    ],
)
def test_what_the_report_does_not_tell_is_unknown(
    preview: Run, report: Write, evidence: str, changes: dict[str, Any], why: str
) -> None:
    """An advisory, and a refusal where the organisation requires evidence."""
    settings = report(evidence, **changes)

    (told,) = of_rule(preview(PERSON, mfa_evidence=settings))
    assert (told.policy, told.level) == ("undecided", "advisory")
    assert why in told.message

    (told,) = of_rule(preview(PERSON, mfa_evidence={**settings, "unknown": "mandatory"}))
    assert (told.policy, told.level) == (RULE, "mandatory")


@pytest.mark.parametrize(
    ("read_at", "most", "passes"),
    [
        ("2026-11-20T00:00:00Z", 0, True),
        ("2026-11-19T23:59:59Z", 0, False),
        ("2026-11-13T00:00:00Z", None, True),
        ("2026-11-12T23:59:59Z", None, False),
        ("2026-11-20T23:30:00-01:00", None, False),
    ],
)
def test_a_report_counts_up_to_its_last_day(
    preview: Run, report: Write, read_at: str, most: int | None, *, passes: bool
) -> None:
    """A day more than was agreed, and somebody without MFA goes unseen; a day less, and all read anew."""
    settings = report("MFA", readAt=read_at) | ({} if most is None else {"maxAgeDays": most})

    assert (of_rule(preview(PERSON, mfa_evidence=settings)) == []) is passes


def test_a_new_person_is_never_refused(preview: Run, report: Write) -> None:
    """Nobody could be hired otherwise."""
    (told,) = of_rule(preview(PERSON, mfa_evidence={**report(None), "unknown": "mandatory"}))

    assert told.policy == "undecided"
    assert "they may be new" in told.message


def test_people_of_whom_the_same_is_unknown_are_told_together(preview: Run, report: Write) -> None:
    """One message for all of them, at the first; whoever was seen without MFA is told alone."""
    people = [
        Made("aws:identitystore/user:User", name, {"userName": name}) for name in ("eve", "ann", "bob", "ida")
    ]
    rows = {"eve": "MFA", "ann": "not seen", "bob": "without MFA", "ida": "not seen"}
    seen = {name: {"userName": name, "evidence": found} for name, found in rows.items()}
    settings = report(None, people=seen)
    violation, unseen = of_rule(preview(*people, mfa_evidence=settings))

    assert (violation.policy, violation.urn) == (RULE, people[2].urn)
    assert unseen.urn == people[1].urn
    assert "unknown of `ann` and `ida`" in unseen.message

    (new,) = of_rule(preview(*people[:2], mfa_evidence=report(None)))
    assert new.urn == people[0].urn
    assert "unknown of `eve` and `ann`" in new.message


@pytest.mark.parametrize("people", [None, [], {"id": "ann"}, {"id": {}}])
def test_rows_that_are_none_tell_of_nobody(preview: Run, report: Write, people: object) -> None:
    """A file that somebody wrote by hand ends no run and vouches for nobody."""
    (told,) = of_rule(preview(PERSON, mfa_evidence=report(None, people=people)))

    assert "they may be new" in told.message


def test_a_person_whose_name_is_not_known_yet_is_new(preview: Run, report: Write) -> None:
    """Whatever row would fit: nobody knows which."""
    late = Made("aws:identitystore/user:User", "late", {"userName": UNKNOWN})
    (told,) = of_rule(preview(late, mfa_evidence=report("without MFA")))

    assert told.policy == "undecided"
    assert "they may be new" in told.message


def test_nothing_is_said_where_no_file_is_configured(preview: Run) -> None:
    """The rule is an offer."""
    assert of_rule(preview(PERSON)) == []
