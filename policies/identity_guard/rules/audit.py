"""Every rule over a view that is complete, without an engine: for what recorded a stack, or a document."""

import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .all_rules import ADVICE, EVERY, UNDECIDED
from .configuration import Configuration
from .findings import Finding, Outcome
from .phase import ClockError
from .rule import Rule
from .stack_exceptions import with_exceptions
from .view import View


class RuleFailure(RuntimeError):  # noqa: N818 - named for what happened, as the user reads it
    """A rule failed: what it would have found is not known."""


@dataclass(frozen=True, slots=True)
class Told:
    """A finding, under the policy whose level it has."""

    policy: Rule
    level: str
    finding: Finding


def audit(view: View, configuration: Configuration) -> Iterator[Told]:
    """Ask every rule that is not disabled. Raises RuleFailure."""
    told_under = {Outcome.ADVICE: ADVICE, Outcome.UNDECIDED: UNDECIDED}
    for rule in EVERY:
        if configuration.levels[rule.name] == "disabled":
            continue
        for finding in _findings(rule, view, configuration):
            policy = told_under.get(finding.outcome, rule)
            level = configuration.levels[policy.name]
            if level != "disabled":
                yield Told(policy, level, finding)


def _findings(rule: Rule, view: View, configuration: Configuration) -> list[Finding]:
    settings = configuration.settings[rule.name]
    try:
        day = view.today()
    except ClockError:
        # The MFA rule tells that the variable holds no day; until then no exception holds.
        day = None
    try:
        return with_exceptions(rule, rule.judge.whole(view, settings), view, settings, day, unused=True)
    except Exception as error:  # noqa: BLE001 - a rule may fail in any way, and has to be named
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        # The text of the error may quote a property's value, so it stays out.
        raise RuleFailure(
            f"rule `{rule.name}` failed: {type(error).__name__} at {place}. What it would have found is not "
            "known; this is a mistake in the rule, please report it"
        ) from None
