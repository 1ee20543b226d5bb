"""IAM documents as frozen values, and what to say about a text that is none.

IAM refuses a document that it cannot read when it is written. A checker that reads such a document in a
way of its own would vouch for something that nobody has; so it is an `Unreadable` with reasons, each with
its place, and never a document that allows nothing.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, NamedTuple

from .condition import ConditionError, check_condition
from .forms import (
    mistakes_of_actions,
    mistakes_of_principals,
    mistakes_of_resources,
    mistakes_of_services,
    mistakes_of_sid,
    wildcards_in_services,
)
from .statement import (
    ActionSets,
    Effect,
    PrincipalError,
    PrincipalKind,
    Principals,
    Statement,
    read_principals,
)

# The elements of a policy document (IAM User Guide, reference_policies_elements).
DOCUMENT_ELEMENTS: Final = frozenset(("Version", "Id", "Statement"))
PRINCIPAL_ELEMENTS: Final = ("Principal", "NotPrincipal")
STATEMENT_ELEMENTS: Final = frozenset(
    (
        *("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"),
        *PRINCIPAL_ELEMENTS,
    )
)


# Read JSON as strictly as IAM does: a key given twice is an error, not a choice of the last one.
#
# Python's parser keeps the last of two equal keys, so that `{"Effect": "Deny", "Effect": "Allow"}` would
# read as Allow. IAM's own validation has an error for keys that differ in case only ("Duplicate keys with
# different case", IAM User Guide, access-analyzer-reference-policy-checks).
LONGEST_TEXT: Final = 1_000_000
"""Characters. The longest document IAM takes is 32,768 (an inline policy of a permission set, Identity Center
quotas); the longest AWS-managed one is 157,000. Anything beyond this is a mistake or an attack."""


ELEMENTS: Final = DOCUMENT_ELEMENTS | STATEMENT_ELEMENTS
"""Names that most objects of a policy are made of; no two of them differ in case only."""


class JsonTextError(ValueError):
    """The text is not one JSON value that can be read in one way only."""


def read_json(text: str) -> Any:  # noqa: ANN401 - JSON may hold anything; the caller checks
    """Decode a text, or raise JsonTextError that says where it stops being JSON."""
    if len(text) > LONGEST_TEXT:
        raise JsonTextError(f"the text has {len(text)} characters, more than any document that IAM takes")
    if not text.strip():
        raise JsonTextError("the text is empty")
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise JsonTextError(
            f"not JSON at line {error.lineno}, column {error.colno}: {error.msg.lower()}"
        ) from error
    except RecursionError as error:
        raise JsonTextError("the text is nested too deeply to be a policy") from error


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    is_plain = len(found) == len(pairs) and (len(found) == 1 or found.keys() <= ELEMENTS)
    if not is_plain and len({*map(str.lower, found)}) != len(pairs):
        times = Counter(key.lower() for key, _ in pairs)
        twice = next(key for key, _ in pairs if times[key.lower()] > 1)
        raise JsonTextError(f"the key `{twice[:60]}` is given twice in one object")
    return found


def _refused_constant(name: str) -> Any:  # noqa: ANN401 - the signature that json.JSONDecoder asks for
    raise JsonTextError(f"`{name}` is not JSON")


def _bounded_integer(digits: str) -> int:
    if len(digits) > 40:  # noqa: PLR2004 - far beyond any number a policy can mean
        raise JsonTextError("a number has too many digits")
    return int(digits)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object_of, parse_constant=_refused_constant, parse_int=_bounded_integer
)


VERSIONS: Final = ("2012-10-17", "2008-10-17")
"""The two versions of the policy language; without one a document is of the older (IAM User Guide,
reference_policies_elements_version), in which policy variables are plain text."""

_NAMED: Final = {"Action": "actions", "Resource": "resources"}
"""What IAM's messages call the contents of an element ("Policy statement must contain actions")."""
_ALLOW, _DENY = Effect.ALLOW, Effect.DENY
_TEXT: Final = frozenset({str})


class DocumentKind(Enum):
    """Where a document is used; it decides which elements it must and must not have."""

    IDENTITY = "identity"
    """Policies of users, groups and roles, permission sets, boundaries, SCPs: Resource, never Principal."""
    TRUST = "trust"
    """A role's trust policy: Principal, never Resource."""
    RESOURCE = "resource"
    """A resource's policy, and an RCP: Principal, and Resource unless the resource itself is meant.
    Services keep them, and take Sids that IAM does not (the default key policy of KMS has one with
    spaces)."""


class Document(NamedTuple):
    """A document that can be read in one way."""

    version: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A text that IAM would not read as a policy, with every reason found."""

    reasons: tuple[str, ...]
    meant: Document | None = field(default=None, repr=False, compare=False)
    """What it says if its forms are taken for what they look like, where that can be said: nobody has it, and
    whoever writes it means it."""


def parse(
    source: str | Mapping[str, Any], kind: DocumentKind = DocumentKind.IDENTITY, *, of_aws: bool = False
) -> Document | Unreadable:
    """Read a JSON text or an already decoded document.

    All mistakes come together, each with its place: ``Statement[1].Effect: ...``. Nothing is raised. `of_aws`
    is for AWS's own policies: they have forms that IAM refuses of everybody else.
    """
    if isinstance(source, str):
        try:
            decoded = read_json(source)
        except JsonTextError as error:
            return Unreadable((str(error),))
    else:
        decoded = source
    if type(decoded) is not dict and not isinstance(decoded, Mapping):
        return Unreadable((f"a policy is a JSON object, not {_kind_of(decoded)}",))
    return _Reader(kind, of_aws=of_aws).document(decoded)


def _kind_of(value: object) -> str:
    if value is None:
        return "null"
    names = {bool: "true or false", str: "a text", int: "a number", float: "a number", list: "a list"}
    return names.get(type(value), "an object")


class _Reader:
    """Collects the mistakes of one document while it is read."""

    def __init__(self, kind: DocumentKind, *, of_aws: bool = False) -> None:
        self.kind = kind
        self.of_aws = of_aws
        self.mistakes: list[str] = []
        self.readable_mistakes = 0
        """How many of them leave no doubt what is meant."""
        self.variables = False
        self.written: list[tuple[Sequence[str], bool]] = []
        self.sets = ActionSets(self.written)

    def document(self, decoded: Mapping[str, Any]) -> Document | Unreadable:
        if not decoded.keys() <= DOCUMENT_ELEMENTS:
            self._foreign_elements(decoded, DOCUMENT_ELEMENTS, "")
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
        document = Document(version, statements)
        if not self.mistakes:
            return document
        is_clear = len(self.mistakes) == self.readable_mistakes
        return Unreadable(tuple(self.mistakes), document if is_clear else None)

    def _sids(self, statements: tuple[Statement, ...]) -> None:
        sids = [statement.sid for statement in statements if statement.sid]
        if len(set(sids)) == len(sids):
            return
        self.mistakes += [
            f"Statement: the Sid `{sid[:60]}` is given twice; IAM wants each once"
            for sid in dict.fromkeys(sids)
            if sids.count(sid) > 1
        ]

    def _foreign_elements(self, decoded: Mapping[str, Any], known: frozenset[str], place: str) -> None:
        for name in decoded:
            if name not in known:
                near = [right for right in known if right.lower() == str(name).lower()]
                hint = f"; element names have their case: `{near[0]}`" if near else ""
                self.mistakes.append(f"{place}{str(name)[:60]}: IAM knows no such element{hint}")

    def _raw_statements(self, decoded: Mapping[str, Any]) -> Sequence[Any]:
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
        return raw

    def _statement(self, index: int, raw: object) -> Statement | None:
        if type(raw) is not dict and not isinstance(raw, Mapping):
            self.mistakes.append(f"Statement[{index}]: expected an object, not {_kind_of(raw)}")
            return None
        before = len(self.mistakes) - self.readable_mistakes
        if not raw.keys() <= STATEMENT_ELEMENTS:
            self._foreign_elements(raw, STATEMENT_ELEMENTS, f"Statement[{index}].")
        sid = raw.get("Sid")
        if not isinstance(sid, str) and "Sid" in raw:
            self.mistakes.append(f"Statement[{index}].Sid: expected a text")
        elif sid and self.kind is not DocumentKind.RESOURCE:
            self._note(index, "Sid", mistakes_of_sid(sid))
        effect = raw.get("Effect")
        if effect not in ("Allow", "Deny"):
            said = "missing" if "Effect" not in raw else "expected `Allow` or `Deny`, in this case"
            self.mistakes.append(f"Statement[{index}].Effect: {said}")
        actions, actions_excluded = self._actions(raw, index)
        resources, resources_excluded = self._resources(raw, index)
        principals = self._principals(raw, index)
        if "Condition" in raw:
            self._condition(raw["Condition"], index)
        if len(self.mistakes) - self.readable_mistakes > before:
            return None
        self.written.append((actions, actions_excluded))
        return Statement(
            index,
            sid or None,
            _ALLOW if effect == "Allow" else _DENY,
            actions,
            actions_excluded,
            resources,
            resources_excluded,
            principals,
            self.variables,
            raw.get("Condition", {}),
            self.sets,
        )

    def _one_of(
        self, raw: Mapping[str, Any], index: int, name: str, negated: str
    ) -> tuple[Sequence[str], bool]:
        """Read Action or NotAction, or the same of Resource; exactly one of the two has to be there."""
        if (name in raw) == (negated in raw):
            said = "both are there" if name in raw else "neither is there"
            self.mistakes.append(
                f"Statement[{index}]: {said}, `{name}` and `{negated}`; expected one of them"
            )
            return (), False
        used = name if name in raw else negated
        value = raw[used]
        if isinstance(value, str):
            return (value,), used is negated
        if not isinstance(value, list | tuple) or not {*map(type, value)} <= _TEXT:
            self.mistakes.append(f"Statement[{index}].{used}: expected a text or a list of texts")
            return (), used is negated
        if not value:
            # Everything but nothing is everything; nothing at all is nobody's wish.
            note = self._note_readable if used is negated else self._note
            note(index, used, [f"the list is empty; IAM wants {_NAMED[name]} in each statement"])
        return tuple(value), used is negated

    def _actions(self, raw: Mapping[str, Any], index: int) -> tuple[Sequence[str], bool]:
        found, excluded = self._one_of(raw, index, "Action", "NotAction")
        element = "NotAction" if excluded else "Action"
        self._note(index, element, mistakes_of_actions(found))
        self._note_readable(index, element, wildcards_in_services(found))
        return found, excluded

    def _resources(self, raw: Mapping[str, Any], index: int) -> tuple[Sequence[str], bool]:
        names = ("Resource", "NotResource")
        if self.kind is DocumentKind.RESOURCE and raw.keys().isdisjoint(names):
            # An ECR repository's policy names no resource.
            return ("*",), False
        if self.kind is not DocumentKind.TRUST:
            found, excluded = self._one_of(raw, index, *names)
            wrong = mistakes_of_resources(found, variables=self.variables)
            self._note(index, "NotResource" if excluded else "Resource", wrong)
            return found, excluded
        for name in names:
            if name in raw:
                self.mistakes.append(f"Statement[{index}].{name}: a trust policy has none")
        return ("*",), False

    def _principals(self, raw: Mapping[str, Any], index: int) -> Principals | None:
        if self.kind is DocumentKind.IDENTITY and raw.keys().isdisjoint(PRINCIPAL_ELEMENTS):
            return None
        present = [name for name in PRINCIPAL_ELEMENTS if name in raw]
        if self.kind is DocumentKind.IDENTITY:
            for name in present:
                self.mistakes.append(f"Statement[{index}].{name}: a policy of an identity has none")
            return None
        if len(present) != 1:
            self.mistakes.append(f"Statement[{index}]: expected one of `Principal` and `NotPrincipal`")
            return None
        (name,) = present
        try:
            found = read_principals(raw[name], excluded=name == "NotPrincipal")
        except PrincipalError as error:
            self.mistakes.append(f"Statement[{index}].{name}: {error}")
            return None
        self._note(index, name, mistakes_of_principals(found.of_kind(PrincipalKind.AWS)))
        self._note(index, name, mistakes_of_services(found.of_kind(PrincipalKind.SERVICE)))
        return found

    def _note(self, index: int, element: str, wrong: Iterable[str]) -> None:
        if not self.of_aws:
            self.mistakes += [f"Statement[{index}].{element}: {each}" for each in wrong]

    def _note_readable(self, index: int, element: str, wrong: Iterable[str]) -> None:
        """Note what IAM refuses although it says what it means."""
        before = len(self.mistakes)
        self._note(index, element, wrong)
        self.readable_mistakes += len(self.mistakes) - before

    def _condition(self, raw: object, index: int) -> None:
        try:
            check_condition(raw)
        except ConditionError as error:
            self.mistakes += [f"Statement[{index}].Condition{reason}" for reason in error.reasons]
