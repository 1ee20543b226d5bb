"""IAM documents as frozen values, and what to say about a text that is none.

IAM refuses a document that it cannot read when it is written. A checker that reads such a document in a
way of its own would vouch for something that nobody has; so it is an `Unreadable` with reasons, each with
its place, and never a document that allows nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from .action_pattern import ScanBudget
from .action_set import ActionSet, action_set
from .condition import Clause, ConditionError, read_condition
from .json_text import JsonTextError, read_json
from .policy_variables import symbolic
from .principal import PrincipalError, Principals, read_principals

VERSIONS: Final = ("2012-10-17", "2008-10-17")
"""The two versions of the policy language; without one a document is of the older (IAM User Guide,
reference_policies_elements_version), in which policy variables are plain text."""

DOCUMENT_ELEMENTS: Final = frozenset({"Version", "Id", "Statement"})
STATEMENT_ELEMENTS: Final = frozenset(
    {
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    }
)


class Effect(Enum):
    """What a statement does where it applies."""

    ALLOW = "Allow"
    DENY = "Deny"


class DocumentKind(Enum):
    """Where a document is used; it decides which elements it must and must not have."""

    IDENTITY = "identity"
    """Policies of users, groups and roles, permission sets, boundaries, SCPs: Resource, never Principal."""
    TRUST = "trust"
    """A role's trust policy: Principal, never Resource."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, its single values made lists, its action patterns made sets."""

    index: int
    sid: str | None
    effect: Effect
    actions: ActionSet
    resources: tuple[str, ...]
    """Patterns; the variables in them replaced by symbols."""
    resources_excluded: bool
    """True for NotResource: the statement applies to what the patterns do not match."""
    principals: Principals | None
    clauses: tuple[Clause, ...]
    """The condition block: all clauses have to hold."""
    raw: Mapping[str, Any] = field(repr=False, compare=False)
    """The statement as it was written."""

    @property
    def label(self) -> str:
        """How to point at it: its Sid, or its place counted from 0."""
        return self.sid or f"Statement[{self.index}]"


@dataclass(frozen=True, slots=True)
class Document:
    """A document that can be read in one way."""

    version: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A text that IAM would not read as a policy, with every reason found."""

    reasons: tuple[str, ...]


def parse(
    source: str | Mapping[str, Any], kind: DocumentKind = DocumentKind.IDENTITY
) -> Document | Unreadable:
    """Read a JSON text or an already decoded document.

    All mistakes come together, each with its place: ``Statement[1].Effect: ...``. Nothing is raised.
    """
    if isinstance(source, str):
        try:
            decoded = read_json(source)
        except JsonTextError as error:
            return Unreadable((str(error),))
    else:
        decoded = source
    if not isinstance(decoded, Mapping):
        return Unreadable((f"a policy is a JSON object, not {_kind_of(decoded)}",))
    return _Reader(kind).document(decoded)


def _kind_of(value: object) -> str:
    if value is None:
        return "null"
    names = {bool: "true or false", str: "a text", int: "a number", float: "a number", list: "a list"}
    return names.get(type(value), "an object")


class _Reader:
    """Collects the mistakes of one document while it is read."""

    def __init__(self, kind: DocumentKind) -> None:
        self.kind = kind
        self.mistakes: list[str] = []
        self.budget = ScanBudget()
        self.variables = False

    def document(self, decoded: Mapping[str, Any]) -> Document | Unreadable:
        self._elements(decoded, DOCUMENT_ELEMENTS, "")
        version = decoded.get("Version", VERSIONS[1])
        if version not in VERSIONS:
            self.mistakes.append(f"Version: expected `{VERSIONS[0]}` or `{VERSIONS[1]}`")
        if not isinstance(decoded.get("Id", ""), str):
            self.mistakes.append("Id: expected a text")
        self.variables = version == VERSIONS[0]
        statements = tuple(
            found
            for index, raw in enumerate(self._raw_statements(decoded))
            if (found := self._statement(index, raw)) is not None
        )
        self._sids(statements)
        return Unreadable(tuple(self.mistakes)) if self.mistakes else Document(version, statements)

    def _sids(self, statements: tuple[Statement, ...]) -> None:
        sids = [statement.sid for statement in statements if statement.sid]
        self.mistakes += [
            f"Statement: the Sid `{sid[:60]}` is given twice; IAM wants each once"
            for sid in dict.fromkeys(sids)
            if sids.count(sid) > 1
        ]

    def _elements(self, decoded: Mapping[str, Any], known: frozenset[str], place: str) -> None:
        for name in decoded:
            if name not in known:
                near = [right for right in known if right.lower() == str(name).lower()]
                hint = f"; element names have their case: `{near[0]}`" if near else ""
                self.mistakes.append(f"{place}{str(name)[:60]}: IAM knows no such element{hint}")

    def _raw_statements(self, decoded: Mapping[str, Any]) -> list[Any]:
        if "Statement" not in decoded:
            self.mistakes.append("Statement: missing")
            return []
        raw = decoded["Statement"]
        if isinstance(raw, Mapping):
            return [raw]
        if not isinstance(raw, list | tuple):
            self.mistakes.append(f"Statement: expected an object or a list of them, not {_kind_of(raw)}")
            return []
        if not raw:
            self.mistakes.append("Statement: the list is empty")
        return list(raw)

    def _statement(self, index: int, raw: object) -> Statement | None:
        place = f"Statement[{index}]"
        if not isinstance(raw, Mapping):
            self.mistakes.append(f"{place}: expected an object, not {_kind_of(raw)}")
            return None
        before = len(self.mistakes)
        self._elements(raw, STATEMENT_ELEMENTS, f"{place}.")
        sid = raw.get("Sid")
        if not isinstance(sid, str | None) or ("Sid" in raw and sid is None):
            self.mistakes.append(f"{place}.Sid: expected a text")
        effect = raw.get("Effect")
        if effect not in ("Allow", "Deny"):
            said = "missing" if "Effect" not in raw else "expected `Allow` or `Deny`, in this case"
            self.mistakes.append(f"{place}.Effect: {said}")
        actions, actions_excluded = self._one_of(raw, place, "Action")
        resources, resources_excluded = self._resources(raw, place)
        principals = self._principals(raw, place)
        clauses = self._condition(raw, place)
        if len(self.mistakes) > before:
            return None
        found = action_set(actions, self.budget, open_to_unknown=not actions_excluded)
        return Statement(
            index=index,
            sid=sid or None,
            effect=Effect(effect),
            actions=found.complement() if actions_excluded else found,
            resources=tuple(map(symbolic, resources)) if self.variables else tuple(resources),
            resources_excluded=resources_excluded,
            principals=principals,
            clauses=clauses,
            raw=raw,
        )

    def _one_of(self, raw: Mapping[str, Any], place: str, name: str) -> tuple[list[str], bool]:
        """Read Action or NotAction, or the same of Resource; exactly one of the two has to be there."""
        negated = f"Not{name}"
        if (name in raw) == (negated in raw):
            said = "both are there" if name in raw else "neither is there"
            self.mistakes.append(f"{place}: {said}, `{name}` and `{negated}`; expected one of them")
            return [], False
        used = name if name in raw else negated
        return self._texts(raw[used], f"{place}.{used}"), used == negated

    def _texts(self, value: object, place: str) -> list[str]:
        if isinstance(value, str):
            return [value]
        if isinstance(value, list | tuple) and not [each for each in value if not isinstance(each, str)]:
            return list(value)
        self.mistakes.append(f"{place}: expected a text or a list of texts")
        return []

    def _resources(self, raw: Mapping[str, Any], place: str) -> tuple[list[str], bool]:
        if self.kind is DocumentKind.IDENTITY:
            return self._one_of(raw, place, "Resource")
        for name in ("Resource", "NotResource"):
            if name in raw:
                self.mistakes.append(f"{place}.{name}: a trust policy has none")
        return ["*"], False

    def _principals(self, raw: Mapping[str, Any], place: str) -> Principals | None:
        present = [name for name in ("Principal", "NotPrincipal") if name in raw]
        if self.kind is DocumentKind.IDENTITY:
            for name in present:
                self.mistakes.append(f"{place}.{name}: a policy of an identity has none")
            return None
        if len(present) != 1:
            self.mistakes.append(f"{place}: expected one of `Principal` and `NotPrincipal`")
            return None
        try:
            return read_principals(raw[present[0]], excluded=present[0] == "NotPrincipal")
        except PrincipalError as error:
            self.mistakes.append(f"{place}.{present[0]}: {error}")
            return None

    def _condition(self, raw: Mapping[str, Any], place: str) -> tuple[Clause, ...]:
        if "Condition" not in raw:
            return ()
        try:
            return read_condition(raw["Condition"], variables=self.variables)
        except ConditionError as error:
            self.mistakes += [f"{place}.Condition{reason}" for reason in error.reasons]
            return ()
