"""What the pack's process remembers for the length of a run.

The engine starts one process of the pack for the preview and another for the update (pulumi 3.259), and each
lives to the end of its phase. It asks every policy about every resource, one resource at a time, and every
stack policy about all of them together; it hands each policy a copy of its own. So the first policy that is
asked makes the view, and the others share it: a policy that is asked a second time tells that a new round
began.

Inputs come to resource policies only, outputs and dependencies to stack policies only; a component's
arguments are inputs. What the first saw is therefore kept for the second.
"""

from collections.abc import Mapping, Sequence
from threading import RLock

from pulumi_policy import PolicyResource, ResourceValidationArgs, StackValidationArgs

from .findings import Finding, Outcome
from .observe import Properties
from .phase import Phase
from .policy_documents import PolicyDocuments
from .resource_types import COVERED_TYPES
from .stack import Resource
from .view import View


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
        self._whole: View | None = None
        self._asked_whole: set[str] = set()
        self._asked_one: set[str] = set()
        self._latest: Resource | None = None
        self._waiting: list[Finding] = []

    def supply(self, documents: Mapping[str, str]) -> None:
        """Take in the texts of policies that are made elsewhere, by name, before anything is seen."""
        self._supplied = documents
        self.so_far = View(self.phase, documents=PolicyDocuments(documents))

    def see_one(self, policy: str, args: ResourceValidationArgs) -> Resource | None:
        """Take in the resource that a policy is asked about; None if no rule covers its type."""
        if args.resource_type not in COVERED_TYPES:
            return None
        if self._latest is None or self._latest.urn != args.urn or policy in self._asked_one:
            self._begin_one(args)
        self._asked_one.add(policy)
        return self._latest

    def _begin_one(self, args: ResourceValidationArgs) -> None:
        inputs = Properties(args.props)
        self._inputs[args.urn] = inputs
        provider = args.provider.urn if args.provider else None
        latest = Resource(args.resource_type, args.urn, args.name, inputs=inputs, provider=provider)
        self._latest, self._asked_one, self._waiting = latest, set(), []
        if self.phase is Phase.UPDATE:
            self.so_far.add(latest)

    def see_whole(self, policy: str, args: StackValidationArgs) -> View:
        """Return the view of all resources."""
        if self._whole is None or policy in self._asked_whole:
            self._asked_whole, self._waiting = set(), []
            covered = [each for each in args.resources if each.resource_type in COVERED_TYPES]
            self._whole = View.of_all(self.phase, self._with_inputs(covered), self._supplied)
        self._asked_whole.add(policy)
        return self._whole

    def _with_inputs(self, resources: Sequence[PolicyResource]) -> dict[str, Resource]:
        return {
            each.urn: Resource(
                each.resource_type,
                each.urn,
                each.name,
                inputs=self._inputs.get(each.urn),
                outputs=Properties(each.props),
                provider=each.provider.urn if each.provider else None,
                dependencies=frozenset(other.urn for other in each.dependencies),
                by_property={
                    name: tuple(other.urn for other in others)
                    for name, others in each.property_dependencies.items()
                },
            )
            for each in resources
        }

    def postpone(self, findings: Sequence[Finding]) -> None:
        """Keep findings that are told under another policy's name."""
        self._waiting += findings

    def take(self, outcome: Outcome) -> list[Finding]:
        """Hand over the findings of an outcome that wait."""
        taken = [each for each in self._waiting if each.outcome is outcome]
        self._waiting = [each for each in self._waiting if each.outcome is not outcome]
        return taken
