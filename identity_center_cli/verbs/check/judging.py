"""The pack's rules over what `identity-center check` found: the same rules, and no others."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Final

from identity_center_cli.stacks.recorded import (
    UnusableStackError,
    policy_events,
    read_events,
    resources_of_events,
    resources_of_state,
    view_of,
)
from identity_center_cli.verbs.check.sources import Kind, PassedOver, Source, Unread
from identity_guard.iam import parse
from identity_guard.iam.document.document import Unreadable
from identity_guard.pack.all_rules import EVERY, UNDECIDED
from identity_guard.pack.configuration import (
    Configuration,
    ConfigurationMistakesError,
    audit,
    read_configuration,
)
from identity_guard.pack.registration import PACK
from identity_guard.stack.identities import HeldPolicy, Identity, Key
from identity_guard.stack.observe import Known, Properties
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


@dataclass
class Checked:
    """All that came out."""

    results: list[Result] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    read: list[Source] = field(default_factory=list)

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

    def judge(self, source: Source) -> Iterator[Result | Unread]:
        """Judge one source."""
        try:
            if source.kind is Kind.CONFIGURATION:
                yield from _configuration(source)
            elif source.kind is Kind.EVENTS:
                yield from self._events(source)
            elif source.kind is Kind.STATE:
                resources = resources_of_state(json.loads(source.text))
                yield from self._rules(source, view_of(resources, self.supplied))
            else:
                yield from self._document(source)
        except UnusableStackError as error:
            yield Unread(source.place, str(error))

    def _rules(self, source: Source, view: View) -> Iterator[Result]:
        for told in audit(view, self.configuration):
            undecided = told.policy is UNDECIDED
            found, level = told.finding, _level(told.level)
            yield Result(
                source.place, told.policy.name, level, undecided, found.message, found.urn, found.everything
            )

    def _document(self, source: Source) -> Iterator[Result]:
        if self.only_limits and source.kind is Kind.DOCUMENT:
            document = parse(source.text)
            if isinstance(document, Unreadable):
                message = f"it cannot be read as IAM would read it: {'; '.join(document.reasons)}"
                yield Result(source.place, UNREADABLE_RULE, "mandatory", undecided=False, message=message)
            return
        name = "standard input" if source.place == "-" else PurePath(source.place).name
        yield from self._rules(source, _view_of_document(name, source))

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
        view.add(Resource(ROLE, f"document:{name}", name, inputs=Properties({TRUST: source.text})))
        return view
    holder = Resource("file", f"document:{name}", name)
    identity = Identity(Key(IdentityKind.DOCUMENT, None, name))
    identity.grants.append(HeldPolicy(holder, Content.DOCUMENT, Known(source.text)))
    view.identities.by_key[identity.key] = identity
    return view


def _configuration(source: Source) -> Iterator[Result]:
    try:
        read_configuration(json.loads(source.text))
    except ConfigurationMistakesError as error:
        for mistake in error.mistakes:
            yield Result(source.place, CONFIGURATION_RULE, "mandatory", undecided=False, message=mistake)
