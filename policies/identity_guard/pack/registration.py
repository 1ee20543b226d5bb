"""From rules to what the engine knows: one policy a rule, and two for what rules say beside their own name.

A policy of the engine has one level. So a rule's violations are told under its own name, what it only
advises under `identity-advice`, and what it could not decide under `undecided`; the level of each can be
configured.

Each policy is both a resource policy and a stack policy, under one name, level and configuration: in a
preview and an audit the stack policy decides, since it sees the whole; in an update only a resource policy
comes before a resource is made, so it decides there by what was seen so far, and the stack policy once more
at the end.
"""

import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import pulumi_policy.policy as engine
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyComplianceFramework,
    PolicyConfigSchema,
    PolicyPack,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy import Severity as EngineSeverity

from identity_guard.iam.catalogue.data import require_all
from identity_guard.rules.exceptions import with_exceptions, with_offer
from identity_guard.rules.rule import Rule, Severity
from identity_guard.stack.findings import Finding, Outcome, in_one_line
from identity_guard.stack.phase import ClockError, Phase, current_phase, today
from identity_guard.stack.view import View

from .all_rules import ADVICE, EVERY, UNDECIDED, with_own
from .folding import columns, folded
from .levels import LEVELS, PACK, Levels, default_levels
from .memory import Memory
from .servicer import checking_servicer

_SEVERITIES: Final = {
    Severity.MEDIUM: EngineSeverity.MEDIUM,
    Severity.HIGH: EngineSeverity.HIGH,
    Severity.CRITICAL: EngineSeverity.CRITICAL,
}
_READ_BY: Final = {Phase.PREVIEW: "pulumi preview --json", Phase.UPDATE: "pulumi stack export"}
"""The commands whose output `identity-center check` reads, to tell what a run tells in one line."""
Report = Callable[[str, str | None], None]


class RuleCrash(RuntimeError):  # noqa: N818 - named for what happened, as the user reads it
    """A rule failed. The run ends: what a rule did not finish looking at is not fine."""


class GuardPolicy(ResourceValidationPolicy, StackValidationPolicy):
    """A rule as a policy of the engine."""

    def __init__(self, rule: Rule, memory: Memory, levels: Levels) -> None:
        """Describe the rule to the engine; both base classes keep only what `Policy` keeps."""
        Policy.__init__(
            self,
            name=rule.name,
            description=rule.description,
            enforcement_level=LEVELS[rule.level],
            config_schema=PolicyConfigSchema({each.name: dict(each.schema) for each in rule.settings}),
            display_name=rule.title,
            severity=_SEVERITIES[rule.severity],
            framework=_framework(rule),
            tags=[f"{each.framework} {each.version} {each.control}" for each in rule.references],
            remediation_steps=rule.remediation,
            url=rule.url,
        )
        self.rule = rule
        self.memory = memory
        self.levels = levels

    def has_validation(self) -> bool:
        """Tell the SDK that there is something to validate."""
        return True

    def has_remediation(self) -> bool:
        """Tell the SDK that nothing is changed on the way."""
        return False

    def validate(self, args: ResourceValidationArgs | StackValidationArgs, report_violation: Report) -> None:
        """Judge, and tell what is told under this name. Raises RuleCrash or ConfigurationError."""
        settings = self.rule.read_settings(args.get_config())
        try:
            with self.memory.lock:
                for finding in self._findings(args, settings):
                    told = self._told(finding)
                    wide = self.levels.columns
                    report_violation(folded(told, wide) if wide else told, finding.urn)
        except Exception as error:  # noqa: BLE001 - a rule may fail in any way, and has to be named
            # The SDK would turn an unknown value into a notice, and show anything else without a name. The
            # text of the error may quote a property's value, so it stays out.
            raise RuleCrash(_describe_crash(self.rule.name, args, error)) from None

    def _told(self, finding: Finding) -> str:
        """Tell a refusal in full; what refuses nothing in one line, with the command that tells the rest."""
        phase = self.memory.phase
        if self.levels.refuses(self.name) or self.levels.full_details or phase is Phase.AUDIT:
            return finding.message
        by = "check --config FILE -" if self.levels.settings_given else "check -"
        return in_one_line(finding.message, f"{_READ_BY[phase]} | identity-center {by}")

    def _findings(
        self, args: ResourceValidationArgs | StackValidationArgs, settings: Mapping[str, Any]
    ) -> list[Finding]:
        if isinstance(args, StackValidationArgs):
            view = self.memory.whole or View(self.memory.phase)
            return self._sort_out(self.rule.judge.whole(view, settings), view, settings, unused=True)
        resource = self.memory.latest
        if resource is None or not self._can_refuse():
            return []
        view = self.memory.so_far
        found = self._sort_out(self.rule.judge.one(resource, view, settings), view, settings)
        # What does not refuse is told once, at the end, by the stack policy.
        return found if self.levels.refuses(self.name) else []

    def _can_refuse(self) -> bool:
        """Say whether anything that the rule finds could stop a resource; else the stack policy is enough."""
        return any(self.levels.refuses(each) for each in (self.name, ADVICE.name, UNDECIDED.name))

    def _sort_out(
        self, findings: Iterable[Finding], view: View, settings: Mapping[str, Any], *, unused: bool = False
    ) -> list[Finding]:
        """Apply the exceptions, keep what this policy tells, leave the rest to those that come after it."""
        every = with_exceptions(self.rule.name, findings, view, settings, self._today(), unused=unused)
        if self.rule.takes_exceptions and self.levels.refuses(self.name):
            every = [with_offer(each, self.rule.name, self._today()) for each in every]
        self.memory.postpone([each for each in every if each.outcome is not Outcome.VIOLATION])
        return [each for each in every if each.outcome is Outcome.VIOLATION] + self._postponed()

    def _today(self) -> date | None:
        try:
            return today()
        except ClockError:
            # The MFA rule tells that the variable holds no day; until then no exception holds.
            return None

    def _postponed(self) -> list[Finding]:
        """Take what other rules left for this policy, which comes after them."""
        outcome = {ADVICE.name: Outcome.ADVICE, UNDECIDED.name: Outcome.UNDECIDED}.get(self.name)
        return self.memory.take(outcome) if outcome else []


def _framework(rule: Rule) -> PolicyComplianceFramework | None:
    if not rule.references:
        return None
    first = rule.references[0]
    return PolicyComplianceFramework(first.framework, first.version, first.control, None)


def _describe_crash(rule: str, args: ResourceValidationArgs | StackValidationArgs, error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    about = "all resources" if isinstance(args, StackValidationArgs) else args.urn
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    return (
        f"rule `{rule}` of {PACK} failed on {about}: {type(error).__name__} at {place}. What it would have "
        "found is not known; this is a mistake in the rule, please report it"
    )


def policies(memory: Memory, levels: Levels | None = None, rules: Sequence[Rule] = EVERY) -> list[Policy]:
    """Return a policy for every rule; those that take what others leave come last."""
    known = levels or default_levels(rules)
    return [GuardPolicy(rule, memory, known) for rule in rules]


def start(own: Iterable[Rule] = ()) -> None:
    """Serve the pack, with a team's own rules if there are any (docs/testing-your-rules.md).

    It never returns: the engine ends the process. Raises MissingDataError, and ValueError where two rules
    have one name.
    """
    require_all()
    rules = with_own(own)
    levels, memory = default_levels(rules), Memory(current_phase())
    levels.columns = columns()
    engine._PolicyAnalyzerServicer = checking_servicer(memory, levels, rules)  # type: ignore[misc] # noqa: SLF001 - see there
    PolicyPack(
        PACK,
        policies(memory, levels, rules),
        enforcement_level=EnforcementLevel.MANDATORY,
        display_name="Identity guard",
        provider="aws",
    )
