"""The decision: what Allows, Denies and layers come to together; and one concrete request decided by it.

The order is AWS's (IAM User Guide, reference_policies_evaluation-logic): an explicit Deny of any layer
wins; then every layer has to allow; otherwise the request is denied for want of an Allow. The layers are the
identity's own policies, its boundary, and one for each level of SCPs. Resource-based policies are not looked
at; a session policy is one more layer that limits.

Whoever asks brings the matches: what each statement takes of the question. There are three kinds of
questions: a concrete request (`may`, below), a set of actions in a context state (grants.py), and a principal
that wants to assume a role (questions/trust.py, questions/service_access.py).
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Final, NamedTuple

from identity_guard.iam.catalogue.action_sets import ActionSet
from identity_guard.iam.catalogue.actions import without
from identity_guard.iam.document.condition import Clause, Values, plain, replace_variables, variables_in
from identity_guard.iam.document.document import Document, Unreadable
from identity_guard.iam.document.statement import Effect, Statement
from identity_guard.iam.text.three_valued import all_of, any_of, negated
from identity_guard.iam.text.wildcard import matches, matches_any

from .attachment import Attachment

NOTHING: Final = ActionSet(0, 0)
ANY_TEXT: Final = "\ue0ff"
"""Stands for the value of a variable that is not known; no text of a policy holds it."""
_ALL: Final = {True: ActionSet(1, 1), None: ActionSet(0, 1), False: NOTHING}
"""A question with one answer, yes or no, as a set of one."""


def joined(matches_of_statements: Iterable[ActionSet]) -> ActionSet:
    """Return what statements take together."""
    certain = possible = 0
    for match in matches_of_statements:
        certain |= match.certain
        possible |= match.possible
    return ActionSet(certain, possible)


def decide(
    allows: Iterable[Iterable[ActionSet]],
    denies: Iterable[ActionSet],
    join: Callable[[Iterable[ActionSet]], ActionSet] = joined,
) -> ActionSet:
    """Return what is allowed, between what certainly is and what possibly is.

    `allows` has the matches of the Allows of each layer, `denies` those of the Denies of all layers. What is
    allowed for certain must be denied by nothing that is possible, and the other way round. `join` puts the
    matches of a layer together.
    """
    certain = possible = -1
    for layer in allows:
        allowed = join(layer)
        certain &= allowed.certain
        possible &= allowed.possible
        if not possible:
            return NOTHING
    denied = join(denies)
    return ActionSet(without(certain, denied.possible), without(possible, denied.certain))


def decide_truth(allows: Iterable[Iterable[bool | None]], denies: Iterable[bool | None]) -> bool | None:
    """Decide a question with one answer; each match says whether a statement applies, None if it may."""
    found = decide(
        ([_ALL[truth] for truth in layer] for layer in allows),
        (_ALL[truth] for truth in denies),
    )
    return True if found.certain else None if found.possible else False


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
        return self._by_key.get(key.lower())

    @cached_property
    def _by_key(self) -> dict[str, Values]:
        """The context by key in lower case; of keys that differ in case only the first counts."""
        return {name.lower(): _values(value) for name, value in reversed(list(self.context.items()))}


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
    needs: tuple[str, ...] = ()
    """The condition keys of which the request would have to say something, as the statements spell them."""

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
    found = [list(matches_of(number, layer, request)) for number, layer in enumerate(layers)]
    allowing = [[each for each in layer if each.allows] for layer in found]
    denying = [each for layer in found for each in layer if each.denies]
    answer = decide_truth(
        ([each.applies for each in layer] for layer in allowing), (each.applies for each in denying)
    )
    certain = [applying(layer) for layer in allowing]
    if answer:
        return Decision(Answer.ALLOWED, tuple(place for layer in certain for place in layer))
    if denied := applying(denying):
        return Decision(Answer.EXPLICITLY_DENIED, denied)
    if answer is False:
        return Decision(Answer.NOT_ALLOWED_BY_LIMIT if certain[0] else Answer.NOT_ALLOWED, certain[0])
    # A doubtful Allow beside a certain one changes nothing; a doubtful Deny always may.
    doubts = [
        each
        for layer, sure in zip(found, certain, strict=True)
        for each in layer
        if each.applies is None and (each.denies or not sure)
    ]
    needs = dict.fromkeys(key for each in doubts for key in each.needs)
    return Decision(Answer.UNDECIDED, (), tuple(each.reason for each in doubts), tuple(needs))


class Match(NamedTuple):
    """Whether a statement applies to a request, or a document that is not known, which may hold anything."""

    allows: bool
    denies: bool
    applies: bool | None
    place: StatementPlace | None
    reason: str
    """Why that is open, where it is."""
    needs: tuple[str, ...] = ()
    """The keys that leave it open."""


def applying(matches_of_statements: Iterable[Match]) -> tuple[StatementPlace, ...]:
    """Return the statements that certainly apply."""
    return tuple([each.place for each in matches_of_statements if each.applies and each.place])


def matches_of(layer: int, attachments: Sequence[Attachment], request: Request) -> Iterator[Match]:
    """Compare the statements of one layer with a request; those that certainly do not apply are left out."""
    for position, attachment in enumerate(attachments):
        if not isinstance(attachment.document, Document):
            cannot = "cannot be read" if isinstance(attachment.document, Unreadable) else attachment.missing
            reason = f"{attachment.name}: {cannot}"
            yield Match(allows=True, denies=True, applies=None, place=None, reason=reason)
        for statement in attachment.statements:
            applies = applies_to_request(statement, request)
            if applies is not False:
                place = StatementPlace(attachment.name, statement.index, statement.sid, position, layer)
                yield _match(statement, request, place, applies=applies)


def _match(statement: Statement, request: Request, place: StatementPlace, *, applies: bool | None) -> Match:
    allows = statement.effect is Effect.ALLOW
    if applies:
        return Match(allows, not allows, applies, place, "")
    keys = dict.fromkeys(_open_keys(statement, request))
    needs = tuple(_as_written(key, statement) for key in keys)
    without = f" without {', '.join(needs)}" if needs else ""
    reason = f"{place}: its condition cannot be decided{without}"
    return Match(allows, not allows, applies, place, reason, needs)


def _open_keys(statement: Statement, request: Request) -> Iterator[str]:
    """Yield the keys of a statement of which a request does not say whether it has them."""
    patterns = statement.resource_patterns if statement.names_variable_resources else ()
    yield from (name for pattern in patterns for name in _open_in(pattern, request))
    for clause in statement.clauses:
        if _is_open(clause.key, request):
            yield clause.key
        written = clause.written if clause.has_variables else ()
        yield from (name for value in written for name in _open_in(value, request))


def _as_written(key: str, statement: Statement) -> str:
    """Return a key in the case in which the statement has it."""
    text = " ".join((json.dumps(dict(statement.condition), default=str), *statement.resource_patterns))
    start = text.lower().find(key)
    return text[start : start + len(key)] if start >= 0 else key


def _is_open(key: str, request: Request) -> bool:
    return key in request.unknown_keys and request.look_up(key) is None


def _open_in(text: str, request: Request) -> list[str]:
    return [name for name in variables_in(text) if _is_open(name, request)]


def applies_to_request(statement: Statement, request: Request) -> bool | None:
    """Say whether a statement is about a request; None where its condition cannot be decided."""
    if not statement.is_about(request.action):
        return False

    def single(key: str) -> str | None:
        values = request.look_up(key)
        return values[0] if values is not None and len(values) == 1 else None

    on_resource = _resource_matches(statement, request, single)
    if on_resource is False or not statement.condition:
        return on_resource
    return all_of((on_resource, *(_clause_holds(clause, request, single) for clause in statement.clauses)))


def _resource_matches(
    statement: Statement, request: Request, look_up: Callable[[str], str | None]
) -> bool | None:
    resource = plain(request.resource)
    if not statement.names_variable_resources:
        found: bool | None = matches_any(statement.resource_patterns, resource)
    else:
        found = any_of(
            _pattern_matches(pattern, resource, request, look_up) for pattern in statement.resource_patterns
        )
    return negated(found) if statement.resources_excluded else found


def _pattern_matches(
    pattern: str, resource: str, request: Request, look_up: Callable[[str], str | None]
) -> bool | None:
    """Compare a pattern with variables; one whose value is not known may be any text."""
    if _open_in(pattern, request):
        widest = replace_variables(pattern, lambda name: look_up(name) or ANY_TEXT)
        return None if widest is not None and matches(widest.replace(ANY_TEXT, "*"), resource) else False
    replaced = replace_variables(pattern, look_up)
    return replaced is not None and matches(replaced, resource)


def _clause_holds(clause: Clause, request: Request, look_up: Callable[[str], str | None]) -> bool | None:
    if _is_open(clause.key, request):
        return None
    if clause.has_variables and any(_open_in(value, request) for value in clause.written):
        return None
    return clause.as_written().with_variables(look_up).holds(request.look_up(clause.key))
