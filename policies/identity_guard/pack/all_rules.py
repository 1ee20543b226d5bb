"""Every rule of the pack, in the order in which the engine asks them."""

from collections.abc import Iterable
from typing import Final

from identity_guard.rules import (
    escalation,
    iam_mfa,
    mfa_evidence,
    mfa_requirement,
    public_trust,
    root_level,
    root_posture,
    root_stays_bound,
)
from identity_guard.rules.chains import rule as chains
from identity_guard.rules.exceptions import exceptions_of_no_rule
from identity_guard.rules.rule import Level, Rule, Setting, Settings, Severity
from identity_guard.rules.supplied import DOCUMENTS
from identity_guard.rules.whole_access import rule as whole_access
from identity_guard.stack.findings import Finding
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View

RULES: Final = (
    root_level.RULE,
    public_trust.RULE,
    mfa_requirement.RULE,
    iam_mfa.RULE,
    escalation.RULE,
    chains.RULE,
    whole_access.RULE,
    root_posture.RULE,
    root_stays_bound.RULE,
    mfa_evidence.RULE,
)


class NothingOfItsOwn:
    """Judges nothing: tells what rules found beside their own name."""

    def whole(self, view: View, settings: Settings) -> Iterable[Finding]:
        """Find nothing."""
        del view, settings
        return ()

    def one(self, resource: Resource, view: View, settings: Settings) -> Iterable[Finding]:
        """Find nothing."""
        del resource, view, settings
        return ()


class ExceptionsOfNoRule(NothingOfItsOwn):
    """Tells of exceptions in the stack that no rule reads."""

    def whole(self, view: View, settings: Settings) -> Iterable[Finding]:
        """Look at what the stack declares."""
        del settings
        taking = frozenset(rule.name for rule in RULES if rule.takes_exceptions)
        return exceptions_of_no_rule("identity-advice", view, taking)


FULL: Final = "full"
DETAILS: Final = Setting(
    "details",
    {
        "type": "string",
        "enum": ["one-line", FULL],
        "description": "Whether a run tells what refuses nothing, of all rules, in one line each or in full",
    },
    "one-line",
)

ADVICE: Final = Rule(
    name="identity-advice",
    title="Advice of the identity rules",
    description="What a rule only advises, whatever the level of its violations.",
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    remediation="each message says what to do",
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    judge=ExceptionsOfNoRule(),
    settings=(DETAILS,),
)

UNDECIDED: Final = Rule(
    name="undecided",
    title="What could not be decided",
    description="A rule could not decide, because a value is not known yet or a document is not at hand.",
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    remediation="give the value or the document that a message names: what was not seen is not thereby fine",
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    judge=NothingOfItsOwn(),
    settings=(DOCUMENTS,),
)

EVERY: Final = (*RULES, ADVICE, UNDECIDED)
"""Those that tell what others left come last."""


def with_own(own: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return every rule of the pack and a team's own, in the order in which the engine asks them.

    Raises ValueError where two rules have one name: the configuration could not tell them apart.
    """
    every = (*RULES, *own, ADVICE, UNDECIDED)
    names = [rule.name for rule in every]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        message = f"rules of {', '.join(f'`{name}`' for name in twice)}: a name stands for one rule only"
        raise ValueError(message)
    return every
