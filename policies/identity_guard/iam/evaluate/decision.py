"""Decide one request: may this principal do this action on this resource in this context.

The order is AWS's (IAM User Guide, reference_policies_evaluation-logic): an explicit Deny of any layer
wins; then every layer has to allow; otherwise the request is denied for want of an Allow. Resource-based
policies and session policies are not looked at.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from identity_guard.iam.document.condition import Clause, Values, plain, replace_variables
from identity_guard.iam.document.document import Document, Unreadable
from identity_guard.iam.document.statement import Effect, Statement
from identity_guard.iam.text.wildcard import matches

from .attachment import Attachment

ContextValue = str | bool | int | float | Sequence[str]
"""A value of a request's context; a sequence for keys that carry several."""


@dataclass(frozen=True)
class Request:
    """One call."""

    action: str
    resource: str
    context: Mapping[str, ContextValue] = field(default_factory=dict)
    unknown_keys: frozenset[str] = frozenset()
    """Keys in lower case of which it is not known whether the call has them; all others are absent."""

    def look_up(self, key: str) -> Values:
        """Return what the call carries under a key, in any case."""
        for name, value in self.context.items():
            if name.lower() == key.lower():
                return _values(value)
        return None


def _values(value: ContextValue) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, str | int | float):
        return (plain(str(value)),)
    return tuple(plain(each) for each in value)


class Answer(Enum):
    """How a request is decided."""

    ALLOWED = "allowed"
    EXPLICITLY_DENIED = "explicitly denied"
    NOT_ALLOWED = "not allowed by any statement"
    NOT_ALLOWED_BY_LIMIT = "allowed by the identity's policies, but not by its boundary or an SCP"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class StatementPlace:
    """A statement, named so that a person finds it."""

    document: str
    index: int
    sid: str | None
    position: int
    """The place of the document among its layer's attachments."""
    layer: int = 0
    """0 for the identity's own policies, 1 for the boundary, more for SCPs."""

    def __str__(self) -> str:
        """`AdministratorAccess, Statement[0]`."""
        return f"{self.document}, {self.sid or f'Statement[{self.index}]'}"


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer and the statements that made it."""

    answer: Answer
    statements: tuple[StatementPlace, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool | None:
        """True, False, or None where it could not be decided."""
        if self.answer is Answer.UNDECIDED:
            return None
        return self.answer is Answer.ALLOWED


def may(
    attachments: Sequence[Attachment],
    request: Request,
    boundary: Attachment | None = None,
    scps: Sequence[Sequence[Attachment]] = (),
) -> Decision:
    """Decide one request. `scps` has one sequence of documents for each level, from the root down."""
    layers = [list(attachments), *([[boundary]] if boundary else []), *map(list, scps)]
    found = [_decide_layer(number, layer, request) for number, layer in enumerate(layers)]
    denying = tuple(place for layer in found for place in layer.denying)
    if denying:
        return Decision(Answer.EXPLICITLY_DENIED, denying)
    reasons = tuple(reason for layer in found for reason in layer.reasons)
    if any(not layer.allowing and not layer.reasons for layer in found):
        lacking = Answer.NOT_ALLOWED if not found[0].allowing else Answer.NOT_ALLOWED_BY_LIMIT
        return Decision(lacking, found[0].allowing)
    if reasons:
        return Decision(Answer.UNDECIDED, (), reasons)
    return Decision(Answer.ALLOWED, tuple(place for layer in found for place in layer.allowing))


@dataclass
class _Layer:
    allowing: tuple[StatementPlace, ...] = ()
    denying: tuple[StatementPlace, ...] = ()
    reasons: tuple[str, ...] = ()


def _decide_layer(number: int, layer: Sequence[Attachment], request: Request) -> _Layer:
    """Find the statements of one layer that apply; what may apply becomes a reason for doubt."""
    found = _Layer()
    doubts: list[tuple[Effect, str]] = []
    for position, attachment in enumerate(layer):
        if not isinstance(attachment.document, Document):
            cannot = "cannot be read" if isinstance(attachment.document, Unreadable) else attachment.missing
            doubts.append((Effect.DENY, f"{attachment.name}: {cannot}"))
        for statement in attachment.statements:
            applies = applies_to_request(statement, request)
            place = StatementPlace(attachment.name, statement.index, statement.sid, position, number)
            if applies is None:
                doubts.append((statement.effect, f"{place}: its condition cannot be decided"))
            elif applies and statement.effect is Effect.DENY:
                found.denying += (place,)
            elif applies:
                found.allowing += (place,)
    # A doubtful Allow beside a certain one changes nothing; a doubtful Deny always may.
    found.reasons = tuple(text for effect, text in doubts if effect is Effect.DENY or not found.allowing)
    return found


def applies_to_request(statement: Statement, request: Request) -> bool | None:
    """Say whether a statement is about a request; None where its condition cannot be decided."""
    if not action_matches(statement, request.action):
        return False

    def single(key: str) -> str | None:
        values = request.look_up(key)
        return values[0] if values is not None and len(values) == 1 else None

    if not _resource_matches(statement, request, single):
        return False
    result: bool | None = True
    for clause in statement.clauses:
        truth = _clause_holds(clause, request, single)
        if truth is False:
            return False
        result = None if truth is None else result
    return result


def action_matches(statement: Statement, action: str) -> bool:
    """Say whether a statement is about an action, which need not be in the catalogue."""
    patterns = statement.raw.get("Action", statement.raw.get("NotAction"))
    texts = [patterns] if isinstance(patterns, str) else patterns
    found = any(matches(text.lower(), action.lower()) for text in texts or ())
    return found == ("Action" in statement.raw)


def _resource_matches(statement: Statement, request: Request, look_up: Callable[[str], str | None]) -> bool:
    raw = statement.raw.get("Resource", statement.raw.get("NotResource", "*"))
    patterns = [raw] if isinstance(raw, str) else raw
    if statement.resources != tuple(patterns):
        replaced = (replace_variables(pattern, look_up) for pattern in patterns)
        patterns = [pattern for pattern in replaced if pattern is not None]
    resource = plain(request.resource)
    return any(matches(pattern, resource) for pattern in patterns) != statement.resources_excluded


def _clause_holds(clause: Clause, request: Request, look_up: Callable[[str], str | None]) -> bool | None:
    if clause.key in request.unknown_keys and request.look_up(clause.key) is None:
        return None
    return clause.as_written().with_variables(look_up).holds(request.look_up(clause.key))
