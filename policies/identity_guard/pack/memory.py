"""What the pack's process remembers for the length of a run.

The engine starts one process of the pack for the preview and another for the update (pulumi 3.259), and
each lives to the end of its phase. It asks about every resource, one at a time, and then about all of them
together. The SDK would copy all of them anew for every policy; so the servicer of `registration` hands over
what the engine asks about once, before the policies are asked, and they share it.

Inputs come to resource policies only, outputs and dependencies to stack policies only; a component's
arguments are inputs. What the first saw is therefore kept for the second.
"""

from collections.abc import Mapping, Sequence
from threading import RLock
from typing import Any

from google.protobuf import json_format
from pulumi_policy.deserialize import deserialize_properties

from identity_guard.stack.accounts import account_of_provider
from identity_guard.stack.findings import Finding, Outcome
from identity_guard.stack.native_types import read_dependencies, read_properties, read_type
from identity_guard.stack.observe import Properties
from identity_guard.stack.phase import Phase
from identity_guard.stack.policy_documents import PolicyDocuments, has_secret
from identity_guard.stack.resource_types import COVERED_TYPES
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View


class Memory:
    """The views of one phase, and the findings that wait for the policy under whose name they are told."""

    def __init__(self, phase: Phase) -> None:
        """Start with nothing seen."""
        self.lock = RLock()
        self.phase = phase
        self.so_far = View(phase)
        """In an update: all resources that were asked about. Elsewhere the whole comes in time."""
        self._supplied: Mapping[str, str] = {}
        self._inputs: dict[str, Properties] = {}
        self._secret: set[str] = set()
        """URNs of what was marked as secret among the inputs."""
        self.whole: View | None = None
        """All resources, once the engine asks about them together."""
        self.latest: Resource | None = None
        """The resource that the engine asks about; None for a type that no rule covers."""
        self._waiting: list[Finding] = []

    def supply(self, documents: Mapping[str, str]) -> None:
        """Take in the texts of policies that are made elsewhere, by name, before anything is seen."""
        self._supplied = documents
        self.so_far = View(self.phase, documents=PolicyDocuments(documents))

    def begin_one(self, request: Any) -> None:  # noqa: ANN401 - the engine's AnalyzeRequest
        """Take in the resource that the engine asks about."""
        self.latest, self._waiting = None, []
        kind = read_type(request.type)
        if kind not in COVERED_TYPES:
            return
        inputs, secret = _properties(request)
        self._inputs[request.urn] = inputs
        if secret:
            self._secret.add(request.urn)
        provider = _provider(request)
        self.latest = Resource(
            kind,
            request.urn,
            request.name,
            inputs=inputs,
            provider=provider,
            parent=request.options.parent or None,
            secret=secret,
            provider_account=_account(request),
        )
        if self.phase is Phase.UPDATE:
            self.so_far.add(self.latest)

    def begin_whole(self, request: Any) -> None:  # noqa: ANN401 - the engine's AnalyzeStackRequest
        """Take in all resources that the engine asks about together."""
        self._waiting = []
        known = {each.urn for each in request.resources}
        covered = (each for each in request.resources if read_type(each.type) in COVERED_TYPES)
        self.whole = View.of_all(
            self.phase, {each.urn: self._joined(each, known) for each in covered}, self._supplied
        )
        self.whole.links = {
            each.urn: frozenset(each.dependencies)
            for each in request.resources
            if each.urn not in self.whole.resources
        }

    def _joined(self, asked: Any, known: set[str]) -> Resource:  # noqa: ANN401 - the engine's AnalyzerResource
        # What is only read is not among the resources, and a link to it would lead nowhere.
        links = {
            name: [urn for urn in others.urns if urn in known]
            for name, others in asked.propertyDependencies.items()
        }
        outputs, secret = _properties(asked)
        return Resource(
            read_type(asked.type),
            asked.urn,
            asked.name,
            inputs=self._inputs.get(asked.urn),
            outputs=outputs,
            provider=_provider(asked),
            dependencies=frozenset(urn for urn in asked.dependencies if urn in known),
            by_property=read_dependencies(asked.type, links),
            secret=secret or asked.urn in self._secret,
            provider_account=_account(asked),
        )

    def postpone(self, findings: Sequence[Finding]) -> None:
        """Keep findings that are told under another policy's name."""
        self._waiting += findings

    def take(self, outcome: Outcome) -> list[Finding]:
        """Hand over the findings of an outcome that wait."""
        taken = [each for each in self._waiting if each.outcome is outcome]
        self._waiting = [each for each in self._waiting if each.outcome is not outcome]
        return taken


def _properties(asked: Any) -> tuple[Properties, bool]:  # noqa: ANN401 - a message of the engine
    """Return the properties, and whether a part of them is marked as a secret."""
    sent = json_format.MessageToDict(asked.properties)
    # The SDK's proxies are left out: `Properties` finds by itself what is not known yet.
    raw = deserialize_properties(sent)
    return Properties(read_properties(asked.type, raw)), has_secret(sent)


def _provider(asked: Any) -> str | None:  # noqa: ANN401 - a message of the engine
    return str(asked.provider.urn) if asked.HasField("provider") else None


def _account(asked: Any) -> str | None:  # noqa: ANN401 - a message of the engine
    """Return the account that the provider of a resource names."""
    if not asked.HasField("provider") or not asked.provider.properties:
        return None
    sent = json_format.MessageToDict(asked.provider.properties)
    return account_of_provider(Properties(deserialize_properties(sent)))
