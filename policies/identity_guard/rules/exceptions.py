"""Exceptions: findings that somebody answers for, for a time.

    {"no-root-level-access": {"exceptions": [{"resource": "aws:iam/role:Role::break-glass",
        "reason": "break-glass, ticket 42", "owner": "identity team", "expires": "2027-01-31"}]}}

An exception means one resource (its URN, or the end of it from the type on) or one principal (its name),
with no wildcards. It never silences a document that cannot be read, what is undecided, or a crash. One that
was used is told as advice, so is one that was not; one that has expired no longer holds.

The stack may declare exceptions as well, in the property `policyExceptions` of its component
`identity-center:index:AccessModel`: rule, resource or principal, and the last day. A permission set comes
with both, since the engine does not tell the pack its name during an update. The program that makes the
component checks them and keeps who answers for each, which has no place in a state. They hold as those of
the pack's configuration do, unless that says `stackExceptions: false`: whoever enforces the pack on stacks
of others may not want these to excuse themselves.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from identity_guard.stack.findings import Finding, Outcome, compose, quoted, with_line
from identity_guard.stack.observe import Known, Observed
from identity_guard.stack.phase import read_day
from identity_guard.stack.resource_types import ACCESS_MODEL, DIRECTORY_GROUP, DIRECTORY_USER
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View

CONFIGURATION: Final = "the pack's configuration"
FIELDS: Final = ("resource", "principal", "reason", "owner", "expires")

SCHEMA: Final[Mapping[str, Any]] = {
    "type": "array",
    "description": "Findings that somebody answers for, for a time",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["reason", "owner", "expires"],
        "properties": {
            "resource": {"type": "string", "description": "Its URN, or the end of it: TYPE::NAME"},
            "principal": {
                "type": "string",
                "description": "The name of a user, group, role or permission set",
            },
            "reason": {"type": "string", "minLength": 1},
            "owner": {"type": "string", "minLength": 1},
            "expires": {"type": "string", "description": "The last day on which it holds, as YYYY-MM-DD"},
        },
    },
}


class ExceptionMistakeError(ValueError):
    """An exception in the configuration is not one."""


@dataclass(frozen=True, slots=True)
class Excused:
    """One exception."""

    place: str
    """Where it stands, as messages say it."""
    given_by: str
    """By what: the pack's configuration, or the stack."""
    means: tuple[str, ...]
    """The names of the one thing that it means."""
    expires: date
    taken: bool = True
    """False where the pack's configuration takes none from the stack."""
    principal: str | None = None
    """The name that it gives alone, which is unique within a kind and an account only."""
    bearers: tuple[str, ...] = ()
    """All who bear that name in this stack, where there are several: then it means none of them."""

    def covers(self, finding: Finding) -> bool:
        """Say whether it means this finding."""
        urns = {finding.urn, *finding.about} - {None}
        return any(means in (name, _end(name)) for name in urns if name for means in self.means)


def _end(urn: str) -> str:
    """Return type and name of a URN: without stack, project and the types of its parents."""
    parts = urn.split("::", 3)
    return f"{parts[2].rpartition('$')[2]}::{parts[3]}" if len(parts) == 4 else urn  # noqa: PLR2004 - a URN


def read_exceptions(rule: str, given: object) -> list[Excused]:
    """Read the exceptions of a rule. Raises ExceptionMistakeError with every mistake."""
    entries = given if isinstance(given, list) else []
    mistakes = [] if isinstance(given, list) else ["expected a list"]
    found = []
    for number, entry in enumerate(entries):
        wrong = list(_mistakes(entry))
        mistakes += [f"exceptions[{number}]: {each}" for each in wrong]
        if not wrong:
            day = read_day(entry["expires"])
            assert day is not None  # noqa: S101 - `_mistakes` has read it
            place = f"exceptions[{number}] of `{rule}` in {CONFIGURATION}"
            means = (entry.get("resource") or entry["principal"],)
            found.append(Excused(place, CONFIGURATION, means, day, principal=entry.get("principal")))
    if mistakes:
        raise ExceptionMistakeError(f"configuration of `{rule}`: {'; '.join(mistakes)}")
    return found


def _mistakes(entry: object) -> Iterator[str]:
    if not isinstance(entry, Mapping):
        yield "expected an object"
        return
    if unknown := sorted(set(entry) - set(FIELDS)):
        yield f"there is no field {', '.join(f'`{name}`' for name in unknown)}"
    named = [name for name in ("resource", "principal") if entry.get(name)]
    if len(named) != 1:
        yield "name either a `resource` or a `principal`"
    else:
        (name,) = named
        if any(sign in str(entry[name]) for sign in "*?"):
            yield f"`{name}` names exactly one, without wildcards"
    for name in ("reason", "owner"):
        if not str(entry.get(name) or "").strip():
            yield f"`{name}` is missing"
    if read_day(str(entry.get("expires"))) is None:
        yield "`expires` holds no day such as 2027-02-15"


def apply_exceptions(
    findings: Iterable[Finding],
    excused: Sequence[Excused],
    today: date | None,
    rule: str,
    *,
    unused: bool,
) -> Iterator[Finding]:
    """Turn what is excused into advice. Without a day no exception holds."""
    used: set[str] = set()
    for finding in findings:
        if finding.outcome is not Outcome.VIOLATION or not finding.excusable:
            yield finding
            continue
        covering = [each for each in excused if each.covers(finding)]
        used.update(each.place for each in covering)
        yield _excuse(finding, covering, today)
    if unused:
        yield from (_unused(rule, each) for each in excused if each.place not in used)


def _excuse(finding: Finding, covering: list[Excused], today: date | None) -> Finding:
    holding = [
        each
        for each in covering
        if each.taken and not each.bearers and today is not None and today <= each.expires
    ]
    if holding:
        last = max(holding, key=lambda each: each.expires)
        message = f"excepted until {last.expires} by {last.given_by}: {finding.message}"
        return replace(finding, outcome=Outcome.ADVICE, message=message)
    if covering:
        last = max(covering, key=lambda each: (each.taken, each.expires))
        why = f"it expired, its last day was {last.expires}"
        if last.bearers:
            who = quoted(each.replace("`", "") for each in last.bearers)
            why = f"`principal` {last.principal} is the name of {who}: name the one by `resource`"
        elif not last.taken:
            why = f"{last.place} is not taken, as {CONFIGURATION} says"
        return replace(finding, message=f"{finding.message}\n  exception: {why}")
    return finding


def _unused(rule: str, excused: Excused) -> Finding:
    claim = f"{excused.place} excuses nothing of this stack"
    return Finding(rule, Outcome.ADVICE, compose(claim, remedy="take it out, or correct what it names"))


PROPERTY: Final = "policyExceptions"
TAKEN: Final = "stackExceptions"
_REMEDY: Final = (
    "give it `rule`, `resource` or `principal` without wildcards, and `expires`, such as 2027-02-15"
)


@dataclass(frozen=True, slots=True)
class _Declared:
    """One entry of the list."""

    place: str
    resource: Resource
    observed: Observed

    @property
    def entry(self) -> Mapping[str, Any] | None:
        """What it holds; None where it is not known, or no object."""
        value = self.observed.value if isinstance(self.observed, Known) else None
        return value if isinstance(value, Mapping) else None

    def finding(self, rule: str, outcome: Outcome, why: str, remedy: str) -> Finding:
        """Say that it excuses nothing."""
        text = compose(f"{self.place} excuses nothing: {why}", remedy=remedy)
        return Finding(rule, outcome, text, self.resource.urn, excusable=False)


def _declared(view: View) -> Iterator[_Declared]:
    for resource in view.stack.of_type(ACCESS_MODEL):
        for number, observed in enumerate(resource.declared.members(PROPERTY)):
            yield _Declared(f"{PROPERTY}[{number}] of {resource.label}", resource, observed)


def exceptions_of_stack(
    rule: str, view: View, settings: Mapping[str, Any]
) -> tuple[list[Excused], list[Finding]]:
    """Return what the stack excuses from a rule, and what is wrong with it; what is wrong excuses nothing."""
    excused, findings = [], []
    for declared in _declared(view):
        entry = declared.entry
        if entry is None or entry.get("rule") != rule:
            continue
        day = read_day(str(entry.get("expires")))
        means = tuple(str(entry[name]) for name in ("resource", "principal") if entry.get(name))
        if day is None or not means or any(sign in name for name in means for sign in "*?"):
            why = "it is not written as one"
            findings.append(declared.finding(rule, Outcome.VIOLATION, why, _REMEDY))
        else:
            taken = settings.get(TAKEN) is not False
            alone = str(entry["principal"]) if entry.get("principal") and not entry.get("resource") else None
            label = declared.resource.label
            excused.append(Excused(declared.place, label, means, day, taken, alone))
    return excused, findings


def with_exceptions(  # noqa: PLR0913 - all that decides whether an exception holds
    rule: str,
    findings: Iterable[Finding],
    view: View,
    settings: Mapping[str, Any],
    today: date | None,
    *,
    unused: bool,
) -> list[Finding]:
    """Apply the exceptions of the pack's configuration and of the stack to what a rule found."""
    configured = read_exceptions(rule, settings.get("exceptions", []))
    declared, mistakes = exceptions_of_stack(rule, view, settings)
    told = mistakes if unused else []
    every = [
        replace(each, bearers=bearers)
        if each.principal and len(bearers := _bearers(each.principal, view)) > 1
        else each
        for each in (*configured, *declared)
    ]
    return [*told, *apply_exceptions(findings, every, today, rule, unused=unused)]


def _bearers(name: str, view: View) -> tuple[str, ...]:
    """Return the identities and people of a stack that bear a name."""
    identities = [each.label for each in view.identities.everyone if name in each.own_names]
    people = [
        each.label
        for kind, called in ((DIRECTORY_USER, "userName"), (DIRECTORY_GROUP, "displayName"))
        for each in view.stack.of_type(kind)
        if each.declared.text(called) == name
    ]
    return (*identities, *people)


DAYS_OFFERED: Final = 30
"""For so long an exception holds that a message offers."""


def with_offer(finding: Finding, rule: str, today: date | None) -> Finding:
    """Show in a refusal the exception that would answer for it, to be pasted with a reason and an owner."""
    if finding.outcome is not Outcome.VIOLATION or not finding.excusable or not finding.urn or today is None:
        return finding
    entry = {
        "resource": _end(finding.urn),
        "reason": "WHY",
        "owner": "WHO",
        "expires": str(today + timedelta(days=DAYS_OFFERED)),
    }
    text = f"if you answer for it, in `exceptions` of `{rule}`: {json.dumps(entry)}"
    return replace(finding, message=with_line(finding.message, "exception", text))


def exceptions_of_no_rule(teller: str, view: View, rules: frozenset[str]) -> Iterator[Finding]:
    """Tell, once, of entries that no rule reads: they name none that takes exceptions, or are not known."""
    for declared in _declared(view):
        entry = declared.entry
        if entry is None:
            why = "it is not known yet, or no object"
            yield declared.finding(teller, Outcome.UNDECIDED, why, _REMEDY)
        elif entry.get("rule") not in rules:
            why = "no rule of that name takes exceptions"
            remedy = f"`rule` is one of {', '.join(f'`{name}`' for name in sorted(rules))}"
            yield declared.finding(teller, Outcome.ADVICE, why, remedy)
