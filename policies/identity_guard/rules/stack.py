"""The resources of a run, as a policy callback showed them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .observe import ABSENT, Absent, Known, Observed, Properties


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource: what its program gave and, in a stack policy, what the provider answered."""

    type: str
    urn: str
    name: str
    """The name in the program, which messages show."""
    inputs: Properties | None = None
    """As a resource policy got them; None or empty where none was asked about it, as for a read."""
    outputs: Properties | None = None
    """As a stack policy got them."""
    provider: str | None = None
    """URN of its provider: the same IAM name under two providers is two identities."""
    dependencies: frozenset[str] = frozenset()
    """URNs of all it depends on."""
    by_property: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """URNs of what each of its properties depends on."""
    parent: str | None = None
    """URN of its parent, as a resource policy got it."""
    secret: bool = False
    """Whether the stack keeps a part of it secret: then nothing of its texts is told."""

    @property
    def declared(self) -> Properties:
        """What the program gave.

        Outputs would mislead: a role's `managedPolicyArns` there can still list what this very update
        detaches. They stand in only where no inputs were seen, which includes components in a stack policy's
        view.
        """
        return self.inputs or self.outputs or Properties({})

    def identifier(self, name: str) -> Observed:
        """Return a property by which others name this resource, from whichever side knows it."""
        seen = [each.get(name) for each in (self.inputs, self.outputs) if each is not None]
        for observed in seen:
            if isinstance(observed, Known):
                return observed
        return next((each for each in seen if not isinstance(each, Absent)), ABSENT)

    @property
    def label(self) -> str:
        """How messages name it: the type's last part and its name in the program."""
        return f"{self.type.rpartition(':')[2]} `{self.name}`"


@dataclass(frozen=True, slots=True)
class Stack:
    """All resources that a callback may know of, by URN."""

    resources: Mapping[str, Resource]

    def of_type(self, *types: str) -> tuple[Resource, ...]:
        """Return the resources of these types, in the order in which they were seen."""
        return tuple(each for each in self.resources.values() if each.type in types)
