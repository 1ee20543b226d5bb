"""One statement of a document, as it is written; what that means is worked out when it is asked for."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property, lru_cache
from threading import Lock
from typing import Any, Final

from identity_guard.iam.catalogue.action_patterns import ScanBudget
from identity_guard.iam.catalogue.action_sets import ActionSet, action_set
from identity_guard.iam.text.wildcard import has_wildcard, matches_any

from .condition import Clause, has_variable, read_condition, symbolic, variables_in

# The Principal and NotPrincipal elements of trust policies.
#
# Source: IAM User Guide, reference_policies_elements_principal.


class PrincipalError(ValueError):
    """The element is none that IAM takes."""


class PrincipalKind(Enum):
    """The four kinds that a Principal element can name."""

    AWS = "AWS"
    SERVICE = "Service"
    FEDERATED = "Federated"
    CANONICAL_USER = "CanonicalUser"


KINDS: Final = {kind.value: kind for kind in PrincipalKind}


@dataclass(frozen=True, slots=True)
class Principals:
    """Who a statement names, or, where `excluded`, everybody but those."""

    named: tuple[tuple[PrincipalKind, str], ...]
    excluded: bool

    def of_kind(self, kind: PrincipalKind) -> tuple[str, ...]:
        """Return the names of one kind."""
        return tuple(name for each, name in self.named if each is kind)


NOBODY: Final = Principals((), excluded=False)


def read_principals(raw: object, *, excluded: bool = False) -> Principals:
    """Read the element: `"*"` or an object of kinds, each with one name or a list of names."""
    if raw == "*":
        # The star alone is every principal: AWS identities, anonymous callers and federated ones.
        return Principals(((PrincipalKind.AWS, "*"), (PrincipalKind.FEDERATED, "*")), excluded)
    if not isinstance(raw, Mapping):
        raise PrincipalError('expected "*" or an object such as {"AWS": "..."}')
    if not raw:
        raise PrincipalError("names nobody")
    named: list[tuple[PrincipalKind, str]] = []
    for name, value in raw.items():
        kind = KINDS.get(str(name))
        if kind is None:
            raise PrincipalError(f"`{str(name)[:40]}` is no kind of principal; there are {', '.join(KINDS)}")
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list | tuple) or not all(isinstance(each, str) for each in values):
            raise PrincipalError(f"{name}: expected a text or a list of texts")
        if not values:
            raise PrincipalError(f"{name}: names nobody")
        named += [(kind, each) for each in values]
    return Principals(tuple(named), excluded)


_LOCK: Final = Lock()
"""The engine asks a pack from several threads, and a managed document is shared by all."""


class Effect(Enum):
    """What a statement does where it applies."""

    ALLOW = "Allow"
    DENY = "Deny"


class ActionSets:
    """The actions of a document's statements, worked out in their order as far as they are asked for.

    The statements share one budget, so what is left for one depends on those before it, and on nothing else.
    """

    __slots__ = ("_budget", "_found", "_written")

    def __init__(self, written: Sequence[tuple[Sequence[str], bool]]) -> None:
        self._written = written
        self._found: list[ActionSet] = []
        self._budget: ScanBudget | None = None

    def of(self, index: int) -> ActionSet:
        """Return the actions of one statement."""
        if index >= len(self._found):
            with _LOCK:
                budget = self._budget = self._budget or ScanBudget()
                for patterns, excluded in self._written[len(self._found) : index + 1]:
                    found = action_set(patterns, budget, open_to_unknown=not excluded)
                    self._found.append(found.complement() if excluded else found)
        return self._found[index]


_NO_KEYS: Final[frozenset[str]] = frozenset()
_PatternsByService = Mapping[str, tuple[AbstractSet[str], Sequence[str]]]
_NO_PATTERNS: Final[tuple[AbstractSet[str], Sequence[str]]] = (frozenset(), ())


@lru_cache(maxsize=4096)
def _by_service(written: tuple[str, ...]) -> _PatternsByService:
    """Sort patterns of actions by service, in lower case: what is named, and what has wildcards.

    Under no service stand the patterns that have a wildcard in its place. AWS-managed policies name
    thousands, and statements of many documents list the same.
    """
    found: dict[str, tuple[set[str], list[str]]] = {}
    for pattern in map(str.lower, written):
        service = pattern.partition(":")[0]
        named, patterns = found.setdefault("" if has_wildcard(service) else service, (set(), []))
        if has_wildcard(pattern):
            patterns.append(pattern)
        else:
            named.add(pattern)
    return found


@dataclass(frozen=True)
class Statement:
    """One statement that can be read, its single values made lists."""

    index: int
    sid: str | None
    effect: Effect
    action_patterns: Sequence[str]
    """As they are written."""
    actions_excluded: bool
    """True for NotAction: the statement is about what the patterns do not match."""
    resource_patterns: Sequence[str]
    """As they are written."""
    resources_excluded: bool
    """True for NotResource: the statement applies to what the patterns do not match."""
    principals: Principals | None
    variables: bool
    """Whether the version of its document knows policy variables."""
    condition: Mapping[str, Mapping[str, Any]] = field(repr=False, compare=False)
    """The condition element as it is written; empty where there is none. See `clauses`."""
    sets: ActionSets = field(repr=False, compare=False)
    """The actions of all statements of its document."""

    @property
    def label(self) -> str:
        """How to point at it: its Sid, or its place counted from 0."""
        return self.sid or f"Statement[{self.index}]"

    @cached_property
    def actions(self) -> ActionSet:
        """The actions that it is about."""
        return self.sets.of(self.index)

    @cached_property
    def _patterns_by_service(self) -> _PatternsByService:
        return _by_service(tuple(self.action_patterns))

    def is_about(self, action: str) -> bool:
        """Say whether it is about an action, which need not be in the catalogue."""
        lowered = action.lower()
        for service in (lowered.partition(":")[0], ""):
            named, patterns = self._patterns_by_service.get(service, _NO_PATTERNS)
            if lowered in named or matches_any(patterns, lowered):
                return not self.actions_excluded
        return self.actions_excluded

    @cached_property
    def resources(self) -> tuple[str, ...]:
        """The patterns of its resources, the variables in them replaced by symbols."""
        if self.names_variable_resources:
            return tuple(map(symbolic, self.resource_patterns))
        return tuple(self.resource_patterns)

    @cached_property
    def names_variable_resources(self) -> bool:
        """Whether a pattern of its resources holds a policy variable."""
        return self.variables and any(map(has_variable, self.resource_patterns))

    @cached_property
    def clause_count(self) -> int:
        """How many clauses its condition block has."""
        return sum(map(len, self.condition.values()))

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """The condition block: all clauses have to hold."""
        return read_condition(self.condition, variables=self.variables)

    @cached_property
    def asked_keys(self) -> frozenset[str]:
        """The keys in lower case of its conditions, and of the variables in its resources and values."""
        if not self.condition and not self.names_variable_resources:
            return _NO_KEYS
        texts = [*self.resource_patterns] if self.variables else []
        texts += [each for clause in self.clauses if clause.has_variables for each in clause.written]
        in_texts = [name for text in texts if has_variable(text) for name in variables_in(text)]
        return frozenset([*(clause.key for clause in self.clauses), *in_texts])
