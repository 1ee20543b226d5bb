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
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pulumi_policy.policy as engine
from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2
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
from identity_guard.rules.rule import ConfigurationError, Level, Rule, Severity
from identity_guard.rules.supplied import DOCUMENTS, read_folder
from identity_guard.stack.findings import Finding, Outcome, in_one_line
from identity_guard.stack.phase import ClockError, Phase, current_phase, today
from identity_guard.stack.view import View

from .all_rules import ADVICE, DETAILS, EVERY, FULL, UNDECIDED, with_own
from .folding import columns, folded
from .memory import Memory

PACK: Final = "identity-guard"
PACK_FOLDER: Final = Path(__file__).parents[2]

_LEVELS: Final = {Level.ADVISORY: EnforcementLevel.ADVISORY, Level.MANDATORY: EnforcementLevel.MANDATORY}
_SEVERITIES: Final = {
    Severity.MEDIUM: EngineSeverity.MEDIUM,
    Severity.HIGH: EngineSeverity.HIGH,
    Severity.CRITICAL: EngineSeverity.CRITICAL,
}
_READ_BY: Final = {Phase.PREVIEW: "pulumi preview --json", Phase.UPDATE: "pulumi stack export"}
"""The commands whose output `identity-center check` reads, to tell what a run tells in one line."""
_REFUSING: Final = (EnforcementLevel.MANDATORY, EnforcementLevel.REMEDIATE)

Report = Callable[[str, str | None], None]


class RuleCrash(RuntimeError):  # noqa: N818 - named for what happened, as the user reads it
    """A rule failed. The run ends: what a rule did not finish looking at is not fine."""


@dataclass
class Levels:
    """The level of every policy, as configured or else as the rule has it."""

    by_policy: dict[str, EnforcementLevel]
    full_details: bool = False
    """Whether what refuses nothing is told with all its lines, too."""
    settings_given: bool = False
    """Whether the pack has settings: without them `check` would find something else."""

    columns: int | None = None
    """How wide a message may be where it is read; None leaves its lines as they are."""

    def refuses(self, policy: str) -> bool:
        """Say whether a violation of this policy stops the run."""
        return self.by_policy[policy] in _REFUSING


class GuardPolicy(ResourceValidationPolicy, StackValidationPolicy):
    """A rule as a policy of the engine."""

    def __init__(self, rule: Rule, memory: Memory, levels: Levels) -> None:
        """Describe the rule to the engine; both base classes keep only what `Policy` keeps."""
        Policy.__init__(
            self,
            name=rule.name,
            description=rule.description,
            enforcement_level=_LEVELS[rule.level],
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


def default_levels(rules: Sequence[Rule] = EVERY) -> Levels:
    """Return the levels that hold where nothing is configured."""
    return Levels({rule.name: _LEVELS[rule.level] for rule in rules})


def checking_servicer(memory: Memory, levels: Levels, rules: Sequence[Rule] = EVERY) -> type[Any]:
    """Make the SDK's servicer check the pack's configuration, and unpack what the engine sends once.

    The engine accepts a misspelt policy name together with a level silently and sends it on with the rest
    (pulumi 3.259: pkg/resource/analyzer/config.go, applyConfig), and no callback ever sees it. Only the SDK's
    gRPC servicer does, so its `Configure` is extended; the configured levels are noted on the way.

    The SDK unpacks every resource anew for every policy (pulumi_policy 1.21: policy.py, Analyze and
    AnalyzeStack), which at a thousand resources costs more than the judging. Here the memory unpacks it, and
    the SDK's own methods run the policies on a request without properties.

    Raises RuntimeError where the SDK has changed: without the check a misspelt name would pass.
    """
    servicer = getattr(engine, "_PolicyAnalyzerServicer", None)
    if not isinstance(servicer, type) or not hasattr(servicer, "Configure"):
        message = (
            "this pulumi-policy cannot be made to check names in the configuration: use pulumi-policy 1.21"
        )
        raise RuntimeError(message)

    by_name = {rule.name: rule for rule in rules}

    class CheckingServicer(servicer):  # type: ignore[misc, valid-type] # the SDK's class, found at run time
        def Configure(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - gRPC's own signature
            unknown = [name for name in request.policyConfig if name not in levels.by_policy]
            if unknown:
                raise ConfigurationError(PACK, unknown, levels.by_policy)
            for name, configured in request.policyConfig.items():
                settings = by_name[name].read_settings(json_format.MessageToDict(configured.properties))
                levels.settings_given |= bool(configured.properties)
                if folder := settings.get(DOCUMENTS.name):
                    memory.supply(read_folder(folder, PACK_FOLDER))
                levels.full_details |= settings.get(DETAILS.name) == FULL
                levels.by_policy[name] = self._convert_enforcement_level(configured.enforcementLevel)
            return super().Configure(request, context)

        def Remediate(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - gRPC's own signature
            del request, context  # No rule changes a resource, so there is nothing to unpack.
            return analyzer_pb2.RemediateResponse()

        def Analyze(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - gRPC's own signature
            with memory.lock:
                memory.begin_one(request)
                if memory.latest is None or memory.phase is not Phase.UPDATE:
                    return analyzer_pb2.AnalyzeResponse()
                bare = analyzer_pb2.AnalyzeRequest(type=request.type, urn=request.urn, name=request.name)
                return super().Analyze(bare, context)

        def AnalyzeStack(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - gRPC's own signature
            with memory.lock:
                memory.begin_whole(request)
                return super().AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(), context)

    return CheckingServicer


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
