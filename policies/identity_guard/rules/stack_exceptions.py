"""Exceptions that the stack itself declares, with its component `identity-center:index:AccessModel`.

Its property `policyExceptions` lists them: rule, resource or principal, and the last day. A permission set
comes with both, as in an update nobody tells the pack its name. The program that makes the component checks
them and keeps who answers for each, which is no business of a state. They hold as those of the pack's
configuration do, unless that says `stackExceptions: false`: whoever enforces the pack on stacks of others may
not want these to excuse themselves.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from .exceptions import Excused, apply_exceptions, read_exceptions
from .findings import Finding, Outcome, compose
from .observe import Known, Observed
from .phase import read_day
from .resource_types import ACCESS_MODEL
from .rule import Rule
from .stack import Resource
from .view import View

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
            excused.append(Excused(declared.place, declared.resource.label, means, day, taken))
    return excused, findings


def with_exceptions(  # noqa: PLR0913 - all that decides whether an exception holds
    rule: Rule,
    findings: Iterable[Finding],
    view: View,
    settings: Mapping[str, Any],
    today: date | None,
    *,
    unused: bool,
) -> list[Finding]:
    """Apply the exceptions of the pack's configuration and of the stack to what a rule found."""
    configured = read_exceptions(rule.name, settings.get("exceptions", []))
    declared, mistakes = exceptions_of_stack(rule.name, view, settings)
    told = mistakes if unused else []
    return [*told, *apply_exceptions(findings, [*configured, *declared], today, rule.name, unused=unused)]


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
