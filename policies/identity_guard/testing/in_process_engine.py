"""The engine's side of a policy pack, in one process: real messages, real proxies, no Pulumi program.

Upstream has no harness for packs, and a plain dictionary in place of the SDK's proxies hides what they do
(pulumi/pulumi-policy issue 445). This one drives the SDK's own servicer with the messages that the engine
sends. Tests and measurements use it; the pack itself does not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import EnforcementLevel

from identity_guard.pack.all_rules import with_own
from identity_guard.pack.levels import PACK, default_levels
from identity_guard.pack.memory import Memory
from identity_guard.pack.registration import policies
from identity_guard.pack.servicer import checking_servicer
from identity_guard.rules.rule import Rule
from identity_guard.stack.phase import Phase

UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""How the engine writes a text that is known only after the update."""


@dataclass
class Made:
    """A resource: what its program gives, what the provider answers, what it depends on."""

    type: str
    name: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any] | None = None
    depends: Mapping[str, Iterable["Made"]] = field(default_factory=dict)
    after: Iterable["Made"] = ()
    provider: str | None = None
    provider_settings: Mapping[str, Any] = field(default_factory=dict)
    """The configuration of its provider."""
    parent: str | None = None

    @property
    def urn(self) -> str:
        """The URN that the engine would give."""
        return f"urn:pulumi:dev::project::{self.type}::{self.name}"


@dataclass(frozen=True)
class Told:
    """One line of the engine's "Policies" section."""

    policy: str
    level: str
    urn: str
    message: str


class InProcessEngine:
    """Asks the pack as the engine does: each resource with its inputs, then all with their outputs."""

    def __init__(
        self,
        phase: Phase,
        configuration: Mapping[str, Any] | None = None,
        own: Iterable[Rule] = (),
        *,
        columns: int | None = None,
    ) -> None:
        """Load the pack and a team's own rules.

        A configuration names policies, each with a level or with properties. Raises ConfigurationError where
        it names something that is not there, and ValueError where two rules have one name. Messages are
        folded to `columns`, as a preview shows them; None leaves each line whole, to be looked into.
        """
        rules = with_own(own)
        levels = default_levels(rules)
        levels.columns = columns
        memory = Memory(phase)
        every = policies(memory, levels, rules)
        servicer = checking_servicer(memory, levels, rules)
        self.servicer = servicer(PACK, "0.0.0", every, EnforcementLevel.ADVISORY)
        self.phase = phase
        self._configure(configuration or {})

    def _configure(self, configuration: Mapping[str, Any]) -> None:
        # As pkg/resource/analyzer/config.go reconciles it: every policy has an entry, with a level.
        info = self.servicer.GetAnalyzerInfo(None, None)
        request = analyzer_pb2.ConfigureAnalyzerRequest()
        for policy in info.policies:
            request.policyConfig[policy.name].enforcementLevel = policy.enforcementLevel
        for name, given in configuration.items():
            properties = dict(given) if isinstance(given, Mapping) else {"enforcementLevel": given}
            if level := properties.pop("enforcementLevel", None):
                request.policyConfig[name].enforcementLevel = analyzer_pb2.EnforcementLevel.Value(
                    level.upper()
                )
            request.policyConfig[name].properties.update(properties)
        self.servicer.Configure(request, None)

    def one(self, made: Made) -> list[Told]:
        """Ask about one resource, as before it is made."""
        request = analyzer_pb2.AnalyzeRequest(
            type=made.type, urn=made.urn, name=made.name, properties=_struct(made.inputs)
        )
        if made.provider:
            _of_provider(made, request.provider)
        request.options.parent = made.parent or ""
        return _told(self.servicer.Analyze(request, None))

    def whole(self, resources: Iterable[Made]) -> list[Told]:
        """Ask about all resources together."""
        request = analyzer_pb2.AnalyzeStackRequest()
        for made in resources:
            outputs = made.inputs if made.outputs is None else made.outputs
            found = request.resources.add(
                type=made.type, urn=made.urn, name=made.name, properties=_struct(outputs)
            )
            if made.provider:
                _of_provider(made, found.provider)
            for name, others in made.depends.items():
                found.propertyDependencies[name].urns.extend(other.urn for other in others)
            everything = [*made.after, *(other for others in made.depends.values() for other in others)]
            found.dependencies.extend(dict.fromkeys(other.urn for other in everything))
        return _told(self.servicer.AnalyzeStack(request, None))

    def run(self, resources: Iterable[Made]) -> list[Told]:
        """Do what a preview, an update or an audit does, and return all that was told.

        In an update a mandatory violation refuses its resource: nothing after it is made.
        """
        every = list(resources)
        told: list[Told] = []
        for made in every:
            told += self.one(made)
            if self.phase is Phase.UPDATE and any(each.level == "mandatory" for each in told):
                return told
        return told + self.whole(every)


def _of_provider(made: Made, told: analyzer_pb2.AnalyzerProviderResource) -> None:
    told.urn = made.provider or ""
    told.properties.CopyFrom(_struct(made.provider_settings))


def _struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    return json_format.ParseDict(dict(properties), struct_pb2.Struct())


def _told(response: analyzer_pb2.AnalyzeResponse) -> list[Told]:
    return [
        Told(
            each.policyName,
            analyzer_pb2.EnforcementLevel.Name(each.enforcementLevel).lower(),
            each.urn,
            each.message,
        )
        for each in response.diagnostics
    ]
