"""Statements made ready for questions: by layer, with their clauses by dimension and how far they reach.

The layers of a decision are the identity's own policies, its boundary, and one for each level of SCPs. A
call is allowed where every layer allows it and no statement of any layer denies it (IAM User Guide,
reference_policies_evaluation-logic).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Final, NamedTuple

from identity_guard.iam.catalogue.action_sets import ActionSet
from identity_guard.iam.catalogue.regions import REGIONS
from identity_guard.iam.document.condition import Clause
from identity_guard.iam.document.statement import Effect, Statement
from identity_guard.iam.text.wildcard import is_everything, matches_any

from .attachment import Attachment
from .context_space import dimension_name


class ResourceScope(Enum):
    """How far a statement's Resource or NotResource reaches."""

    EVERYTHING = "every resource"
    EVERY_ARN = "every ARN, which leaves out the actions that take no resource"
    LISTED = "what its patterns name"
    NOTHING = "no resource"


_OPPOSITE: Final = {
    ResourceScope.EVERYTHING: ResourceScope.NOTHING,
    ResourceScope.NOTHING: ResourceScope.EVERYTHING,
}


def extent_of(patterns: Sequence[str], *, excluded: bool) -> ResourceScope:
    """Return how far patterns reach; with `excluded`, how far what they leave reaches."""
    found = _extent(patterns)
    return _OPPOSITE.get(found, ResourceScope.LISTED) if excluded else found


def _extent(patterns: Sequence[str]) -> ResourceScope:
    if not patterns:
        return ResourceScope.NOTHING
    if "*" in patterns or any(map(is_everything, patterns)):
        return ResourceScope.EVERYTHING
    if any(map(takes_every_arn, patterns)):
        return ResourceScope.EVERY_ARN
    return ResourceScope.LISTED


def takes_every_arn(pattern: str) -> bool:
    """Recognise `arn:*`, `arn:aws:*`, `arn:*:*:*:*:*` and the like."""
    parts = pattern.split(":")
    is_partition = len(parts) == 1 or parts[1] in REGIONS or not parts[1].strip("*")
    return (
        parts[0] in ("arn", "*", "arn*")
        and is_partition
        and pattern.endswith("*")
        and not "".join(parts[2:]).strip("*")
    )


@dataclass(frozen=True, eq=False)
class LayeredStatement:
    """A statement of one attachment in one layer."""

    layer: int
    attachment: Attachment
    statement: Statement

    @property
    def allows(self) -> bool:
        """Whether it allows what it is about; it denies that otherwise."""
        return self.statement.effect is Effect.ALLOW

    @property
    def actions(self) -> ActionSet:
        """The actions it is about."""
        return self.statement.actions

    @cached_property
    def scope(self) -> ResourceScope:
        """How far its resources reach."""
        return extent_of(self.statement.resources, excluded=self.statement.resources_excluded)

    @cached_property
    def by_dimension(self) -> Mapping[str, list[Clause]]:
        """Its clauses by the dimension of their key."""
        found: dict[str, list[Clause]] = {}
        for clause in self.statement.clauses:
            found.setdefault(dimension_name(clause.key), []).append(clause)
        return found


def layered_statements_of(layers: Sequence[Sequence[Attachment]]) -> list[LayeredStatement]:
    """Return the statements of all layers, the identity's own first."""
    return [
        LayeredStatement(number, attachment, statement)
        for number, layer in enumerate(layers)
        for attachment in layer
        for statement in attachment.statements
    ]


# Which resources a statement applies to: all, none, or those that its patterns name.
EXAMPLE_PART: Final = "x1-example"
"""What stands for the wildcards of a pattern in an example of what it takes."""
EVERY_RESOURCE: Final = "*"
"""What an action that takes no resource is decided against."""


def applies_to(layered: LayeredStatement, resource: str) -> bool:
    """Say whether a statement is about one concrete resource."""
    return matches_any(layered.statement.resources, resource) != layered.statement.resources_excluded


class Group(NamedTuple):
    """Resources that all statements treat alike."""

    example: str
    actions_on: int
    """The actions that such resources belong to."""
    requirers: int
    """The actions that cannot be called without one of them."""
    listed: frozenset[int]
    """The ids of the listed statements that apply."""
    nearly: frozenset[int] = frozenset()
    """The ids of statements between which every ARN there is and `*`, for which this group stands, make the
    difference: Allows on every ARN, and Denies on all but that."""
    unsure: frozenset[int] = frozenset()
    """The ids of statements of which it takes too long to find out."""
