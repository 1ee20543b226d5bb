"""What the policies of one kind say to a request: the identity's own, its boundary, a level of SCPs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from identity_guard.iam.evaluate.attachment import Attachment
from identity_guard.iam.evaluate.decision import Match, Request, StatementPlace, applying, matches_of
from identity_guard.iam.text.three_valued import any_of


class PolicyType(Enum):
    """Of which kind a policy is, as messages call it."""

    OWN = "the identity's policies"
    BOUNDARY = "its boundary"
    SESSION = "its session policy"
    SCP = "the service control policies"
    RCP = "the resource control policies"
    RESOURCE = "the resource's own policy"

    # Levels are looked up by it for everybody, and Enum's own hash is Python's.
    __hash__ = object.__hash__


class Place(NamedTuple):
    """A statement that made an answer, and of which kind its policy is."""

    type: PolicyType
    statement: StatementPlace
    where: str = ""
    """The place of the organisation."""


class Layer:
    """What policies of one kind say to a request."""

    __slots__ = ("_granting", "allowing", "allows", "denies", "denying", "kind", "matches", "where")

    def __init__(self, kind: PolicyType, matches: Iterable[Match], where: str = "") -> None:
        self.kind = kind
        self.where = where
        self.matches = list(matches)
        self.allowing = [each for each in self.matches if each.allows]
        self.denying = [each for each in self.matches if each.denies]
        self.allows = any_of([each.applies for each in self.allowing])
        self.denies = any_of([each.applies for each in self.denying])
        self._granting: tuple[Place, ...] | None = None

    def places(self, matches: Iterable[Match]) -> tuple[Place, ...]:
        """Return the statements among some of its matches that certainly apply."""
        return tuple([Place(self.kind, each, self.where) for each in applying(matches)])

    @property
    def granting(self) -> tuple[Place, ...]:
        """The statements that certainly allow."""
        if self._granting is None:
            self._granting = self.places(self.allowing)
        return self._granting

    @property
    def doubts(self) -> list[Match]:
        """What would have to be known: a doubtful Allow beside a certain one changes nothing."""
        return [
            each for each in self.matches if each.applies is None and (each.denies or self.allows is not True)
        ]

    @property
    def name(self) -> str:
        """How messages call it."""
        where = f" of {self.where}" if self.where else ""
        return f"{self.kind.value}{where}"


def layer_of(kind: PolicyType, attachments: Sequence[Attachment], request: Request) -> Layer:
    """Ask policies about a request."""
    return Layer(kind, matches_of(0, attachments, request))


@dataclass(frozen=True)
class Level:
    """The policies that are attached to one place of the organisation."""

    place: str
    """`the root`, `unit /Workloads`, `account 111122223333`."""
    policies: tuple[Attachment, ...]
    _said: dict[tuple[PolicyType, str], Layer] = field(default_factory=dict, repr=False, compare=False)

    def about(self, action: str) -> "Level":
        """Return it with the statements about one action alone."""
        return Level(self.place, tuple(each.about(action) for each in self.policies))

    def layer(self, kind: PolicyType, request: Request) -> Layer:
        """Ask its policies about a request; once for each action where nothing else of the request matters.

        Thousands of identities of an account are below the same levels.
        """
        if not self._looks_at_the_action_alone:
            return Layer(kind, matches_of(0, self.policies, request), self.place)
        found = self._said.get((kind, request.action))
        if found is None:
            found = Layer(kind, matches_of(0, self.policies, request), self.place)
            self._said[kind, request.action] = found
        return found

    @cached_property
    def _looks_at_the_action_alone(self) -> bool:
        """Whether no statement has a condition, or tells resources apart."""
        statements = (statement for policy in self.policies for statement in policy.statements)
        return all(each.clause_count == 0 and "*" in each.resource_patterns for each in statements)
