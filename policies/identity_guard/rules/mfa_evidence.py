"""People of the stack sign in with MFA, as the last report of their sign-ins says.

The MFA settings of Identity Center have no API; its sign-in events in CloudTrail are the only evidence.
`identity-center mfa evidence` reads them and leaves a file; this rule reads the file, never AWS. It is
silent until the file is configured. Messages name resources, never people.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from identity_guard.stack.findings import Finding, Outcome, compose, quoted
from identity_guard.stack.observe import Known, NotYetKnown
from identity_guard.stack.resource_types import DIRECTORY_USER
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View

from .rule import Level, Rule, Settings, Severity
from .supplied import MANDATORY, UnusableReportError, read_report, settings_of_a_report, too_old

NAME: Final = "mfa-evidence"
FILE: Final = "evidenceFile"
KIND: Final = "identity-center/mfa-evidence"
COMMAND: Final = "identity-center mfa evidence"
WITHOUT: Final = "without MFA"
ENOUGH: Final = frozenset({"MFA", "registered a device"})
REMEDY: Final = (
    "set MFA to always-on and to register or block for people without a device (IAM Identity Center > "
    f"Settings > Authentication), let them sign in again, then run `{COMMAND}` with as few days as have "
    "passed since"
)


class MfaEvidenceJudge:
    """Judges the people of the directory by the last report's file."""

    def whole(self, view: View, settings: Settings) -> Iterator[Finding]:
        """Judge all of them; what is unknown for the same reason is told together."""
        return _judge(view.stack.of_type(DIRECTORY_USER), view, settings)

    def one(self, resource: Resource, view: View, settings: Settings) -> Iterator[Finding]:
        """Refuse a change of a person who signed in without MFA."""
        if resource.type == DIRECTORY_USER:
            yield from _judge((resource,), view, settings)


def _judge(resources: Iterable[Resource], view: View, settings: Settings) -> Iterator[Finding]:
    people = list(resources)
    if not people or not settings.get(FILE):
        return
    try:
        report = read_report(settings, FILE, KIND)
    except UnusableReportError as error:
        yield _unknown(settings, people, str(error))
        return
    why = too_old(report.content.get("readAt"), settings, view)
    if why:
        yield _unknown(settings, people, f"of the report, {why}")
        return
    yield from _judge_people(people, _rows(report.content.get("people")), settings)


def _rows(people: object) -> dict[str, Mapping[str, Any]]:
    """Return the report's rows by user name, which identity stores compare without case."""
    rows = people.values() if isinstance(people, dict) else ()
    return {str(row.get("userName", "")).casefold(): row for row in rows if isinstance(row, dict)}


def _judge_people(
    people: list[Resource], rows: Mapping[str, Mapping[str, Any]], settings: Settings
) -> Iterator[Finding]:
    unseen: list[Resource] = []
    new: list[Resource] = []
    for person in people:
        name = person.declared.get("userName")
        row = rows.get(str(name.value).casefold()) if isinstance(name, Known) else None
        if row is None or isinstance(name, NotYetKnown):
            new.append(person)
        elif row.get("evidence") == WITHOUT:
            yield _violation(person)
        elif row.get("evidence") not in ENOUGH:
            unseen.append(person)
    if unseen:
        yield _unknown(settings, unseen, "they were not seen, or signed in through an external provider")
    if new:
        # They have to be made before they can sign in, so that this never refuses.
        yield _finding(Outcome.UNDECIDED, new, "the report does not have them: they may be new")


def _violation(person: Resource) -> Finding:
    claim = f"the person behind {person.label} signed in without MFA"
    return Finding(NAME, Outcome.VIOLATION, compose(claim, remedy=REMEDY), person.urn)


def _unknown(settings: Settings, people: list[Resource], why: str) -> Finding:
    mandatory = settings["unknown"] == MANDATORY
    return _finding(Outcome.VIOLATION if mandatory else Outcome.UNDECIDED, people, why)


def _finding(outcome: Outcome, people: list[Resource], why: str) -> Finding:
    claim = f"whether people sign in with MFA is unknown of {quoted([each.name for each in people])}"
    remedy = f"run `{COMMAND}` with `--output`, and configure that file as `{FILE}` of `{NAME}`"
    return Finding(NAME, outcome, compose(claim, [("why", why)], remedy), people[0].urn)


RULE: Final = Rule(
    name=NAME,
    title="People sign in with MFA, as their sign-ins show",
    description="Nobody of the directory signed in without MFA, as far as the last report of sign-ins says.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    remediation=REMEDY,
    url="https://docs.aws.amazon.com/singlesignon/latest/userguide/understanding-sign-in-events.html",
    judge=MfaEvidenceJudge(),
    settings=settings_of_a_report(FILE, 7, COMMAND),
)
