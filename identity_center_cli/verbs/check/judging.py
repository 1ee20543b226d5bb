"""The pack's rules over what `identity-center check` found: the same rules, and no others."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any, Final

from identity_center_cli.readers.open_documents import document
from identity_center_cli.readers.open_values import is_open
from identity_center_cli.readers.reading import KeyPath, NotThisFormError, Reading, Unseen
from identity_center_cli.readers.templates.expressions import Expressions
from identity_center_cli.stacks.recorded import (
    UnusableStackError,
    policy_events,
    read_events,
    resources_of_events,
    view_of,
)
from identity_center_cli.verbs.check import takeovers
from identity_center_cli.verbs.check.kinds import Kind, PassedOver, Source, Unread
from identity_center_cli.verbs.check.readings import reading_of
from identity_center_cli.verbs.check.takeovers import takeovers_of
from identity_guard.iam import parse
from identity_guard.iam.document.document import Unreadable
from identity_guard.pack.all_rules import EVERY, UNDECIDED
from identity_guard.pack.configuration import (
    Configuration,
    ConfigurationMistakesError,
    audit,
    read_configuration,
)
from identity_guard.pack.levels import PACK
from identity_guard.rules import mfa_requirement
from identity_guard.rules.escalation import WHERE
from identity_guard.stack.findings import Finding
from identity_guard.stack.held_policies import HeldPolicy
from identity_guard.stack.identities import Identity, Key
from identity_guard.stack.observe import Known, PartlyKnown, Properties
from identity_guard.stack.phase import Phase
from identity_guard.stack.resource_types import ROLE, Content, IdentityKind
from identity_guard.stack.resources import Resource
from identity_guard.stack.trusts import TRUST
from identity_guard.stack.view import View

CONFIGURATION_RULE: Final = "pack-configuration"
"""Under which mistakes in the pack's own configuration are told."""
MODEL_RULE: Final = "access-model"
"""Under which mistakes in an access model are told."""
UNREADABLE_RULE: Final = "no-root-level-access"
_RULES: Final = {rule.name: rule for rule in EVERY}


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that a rule tells of one file."""

    place: str
    rule: str
    level: str
    """`mandatory` or `advisory`, as the engine would tell it."""
    undecided: bool
    message: str
    urn: str | None = None
    everything: tuple[str, ...] = ()
    """All lines of something that the message counts only."""
    line: int | None = None
    """Where in the file it stands, counted from 1, as far as that is known."""
    column: int | None = None
    name: str | None = None
    """Logical id, address or name of what it is about, in a file that has such."""


@dataclass
class Checked:
    """All that came out."""

    results: list[Result] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    read: list[Source] = field(default_factory=list)

    def take(self, told: "Result | Unread | PassedOver") -> None:
        """Put one thing to its like; what is said of a file twice is said once."""
        if isinstance(told, Result):
            self.results.append(told)
        elif isinstance(told, Unread):
            self.unread.append(told)
        elif told not in self.passed_over:
            self.passed_over.append(told)

    @property
    def refused(self) -> bool:
        """Say whether anything would stop a run."""
        return any(each.level != "advisory" for each in self.results)

    @property
    def undecided(self) -> bool:
        """Say whether anything is neither fine nor refused, for want of something."""
        return any(each.undecided for each in self.results)


@dataclass(frozen=True, slots=True)
class Judging:
    """How to judge."""

    configuration: Configuration
    supplied: Mapping[str, str]
    """Texts of customer-managed policies that are made elsewhere, by name."""
    only_limits: bool = False
    """Whether the documents are boundaries and SCPs, which grant nothing."""
    everything: bool = False
    """Whether ways are told that weigh only as much as what they lead to."""

    def judge(self, source: Source) -> Iterator[Result | Unread | PassedOver]:
        """Judge one source."""
        try:
            if source.kind is Kind.CONFIGURATION:
                yield from _configuration(source)
            elif source.kind is Kind.EVENTS:
                yield from self._events(source)
            elif source.kind in (Kind.DOCUMENT, Kind.TRUST, Kind.LIMIT):
                yield from self._document(source)
            else:
                yield from self._reading(source, reading_of(source))
        except (UnusableStackError, NotThisFormError) as error:
            yield Unread(source.place, str(error))

    def _reading(self, source: Source, reading: Reading) -> Iterator[Result | PassedOver]:
        """Judge the resources of a file, and tell what of it nobody looked at."""
        for result in self._rules(source, view_of(reading.resources, self.supplied), reading):
            if result.rule == mfa_requirement.NAME and self._declares_elsewhere(source):
                yield PassedOver(source.place, _MFA_ELSEWHERE)
            else:
                yield result
        for unseen in reading.unseen:
            yield self._unseen(source, unseen)

    def _unseen(self, source: Source, unseen: Unseen) -> Result | PassedOver:
        place = unseen.place
        if not unseen.undecided or self.configuration.levels[UNDECIDED.name] == "disabled":
            return PassedOver(f"{source.place}: {place.name}" if place else source.place, unseen.why)
        return Result(
            source.place,
            UNDECIDED.name,
            _level(self.configuration.levels[UNDECIDED.name]),
            undecided=True,
            message=f"undecided: what access it gives\n  because: {unseen.why}\n  to do: write it out, or "
            "check what the deployment makes of it",
            line=source.written.line_of(place.path) if source.written and place else None,
            name=place.name if place else None,
        )

    def _declares_elsewhere(self, source: Source) -> bool:
        """Say whether a form has no place to declare that people sign in with MFA, and nobody else does."""
        settings = self.configuration.settings[mfa_requirement.NAME]
        return source.kind in _WITHOUT_DECLARATIONS and not settings.get("declared")

    def _rules(self, source: Source, view: View, reading: Reading | None = None) -> Iterator[Result]:
        audited = [
            (each.finding, each.policy.name, _level(each.level), each.policy is UNDECIDED)
            for each in audit(view, self.configuration)
        ]
        beside = takeovers_of(view) if self.everything else ()
        audited += [(each, takeovers.RULE, "advisory", False) for each in beside]
        for found, rule, level, undecided in audited:
            place = reading.places.get(found.urn or "") if reading else None
            path = place.path if place else _path_of(source, found)
            yield Result(
                source.place,
                rule,
                level,
                undecided,
                _in_words_of_files(source, found.message),
                found.urn,
                found.everything,
                line=source.written.line_of(path) if source.written and path else None,
                name=place.name if place else None,
            )

    def _document(self, source: Source) -> Iterator[Result]:
        text: Any = source.written.value if source.written else source.text
        if source.kind is Kind.LIMIT or (self.only_limits and source.kind is Kind.DOCUMENT):
            given = text["Policy"]["Content"] if source.kind is Kind.LIMIT else text
            document = parse(given)
            if isinstance(document, Unreadable):
                message = f"it cannot be read as IAM would read it: {'; '.join(document.reasons)}"
                yield Result(source.place, UNREADABLE_RULE, "mandatory", undecided=False, message=message)
            return
        name = "standard input" if source.place == "-" else PurePath(source.place).name
        for result in self._rules(source, _view_of_document(name, source)):
            # Whoever is told that a boundary is root-level thinks that the tool does not know what one is.
            is_root_level = result.rule == UNREADABLE_RULE and source.kind is Kind.DOCUMENT
            hint = f"\n  or: {_LIMIT_HINT} {source.place}" if is_root_level else ""
            yield replace(result, message=result.message + hint)

    def _events(self, source: Source) -> Iterator[Result | Unread]:
        events = read_events(source.text)
        resources = resources_of_events(events)
        summaries = (each.get("policyAnalyzeStackSummaryEvent") for each in events)
        if any(isinstance(each, dict) and each.get("policyPackName") == PACK for each in summaries):
            # The pack itself saw the whole stack there, dependencies included, which events do not have.
            yield from (_of_event(source, told) for told in policy_events(events, PACK))
            return
        yield from (_of_event(source, told) for told in policy_events(events, PACK))
        yield from self._rules(source, view_of(resources, self.supplied))
        if any((each.get("summaryEvent") or {}).get("result") == "failed" for each in events):
            yield Unread(source.place, "the run failed, so its events may not show every resource")


def _in_words_of_files(source: Source, message: str) -> str:
    """Write a message for whoever has a file and no preview: nothing of it will be known later."""
    told = message.replace(WHERE, f"`identity-center check --all {source.place}` lists them")
    if source.kind in (Kind.PREVIEW, Kind.STATE):
        return told
    return told.replace("undecided in preview: ", "undecided: ").replace(_FOR_A_PREVIEW, _FOR_A_FILE)


_FOR_A_PREVIEW: Final = "so that the preview can join the two"
_FOR_A_FILE: Final = "so that the two can be joined"
_LIMIT_HINT: Final = "if it is a boundary or an SCP, which grants nothing: identity-center check --as limit"
_WITHOUT_DECLARATIONS: Final = (Kind.TEMPLATE, Kind.PLAN, Kind.ANSWER)
_MFA_ELSEWHERE: Final = (
    "whether people sign in with MFA: nothing in such a file can say it; "
    '{"mfa-requirement": {"declared": {...}}} in the pack\'s configuration (--config) can'
)


def _path_of(source: Source, found: Finding) -> KeyPath:
    """Return where the first statement stands of which a finding about a document is."""
    if source.written is None or source.kind not in (Kind.DOCUMENT, Kind.TRUST):
        return ()
    mistake = _MISTAKE.search(found.message) if found.statement is None else None
    statement = int(mistake[1]) if mistake else found.statement
    if statement is None:
        return ()
    several = isinstance(source.written.value.get("Statement"), list)
    return ("Statement", statement) if several else ("Statement",)


_MISTAKE: Final = re.compile(r"^  place: Statement\[(\d+)\]", re.MULTILINE)
"""How a message begins to say where a document is written wrong."""


def _document_of(source: Source) -> object:
    """Return a document as the evaluator reads it: a text of JSON, so that it sees keys given twice.

    One that was cut out of a template has its expressions, of which nobody knows here what they come to.
    """
    if source.written is None:
        return source.text
    value = Expressions({}).value(source.written.value)
    if is_open(value):
        return document(value, trust=source.kind is Kind.TRUST)
    is_json = source.text.lstrip().startswith("{")
    return source.text if is_json else source.written.value


def _level(level: str) -> str:
    return "advisory" if level in ("advisory", "warning") else "mandatory"


def _of_event(source: Source, told: Mapping[str, Any]) -> Result:
    rule = str(told.get("policyName"))
    level = _level(str(told.get("enforcementLevel")))
    urn = str(told["resourceUrn"]) if told.get("resourceUrn") else None
    # The engine puts the rule's description above the message.
    description = f"{_RULES[rule].description}\n" if rule in _RULES else ""
    message = str(told.get("message")).strip().removeprefix(description)
    return Result(source.place, rule, level, rule == UNDECIDED.name, message, urn)


def _view_of_document(name: str, source: Source) -> View:
    """Make a view in which a trust policy is a role's, and any other document is held by itself."""
    view = View(Phase.AUDIT)
    if source.kind is Kind.TRUST:
        view.add(Resource(ROLE, f"document:{name}", name, inputs=Properties({TRUST: _document_of(source)})))
        return view
    holder = Resource("file", f"document:{name}", name)
    identity = Identity(Key(IdentityKind.DOCUMENT, None, name))
    text = _document_of(source)
    observed = text if isinstance(text, PartlyKnown) else Known(text)
    identity.grants.append(HeldPolicy(holder, Content.DOCUMENT, observed))
    view.identities.by_key[identity.key] = identity
    return view


def _configuration(source: Source) -> Iterator[Result]:
    try:
        read_configuration(json.loads(source.text))
    except ConfigurationMistakesError as error:
        for mistake in error.mistakes:
            yield Result(source.place, CONFIGURATION_RULE, "mandatory", undecided=False, message=mistake)
