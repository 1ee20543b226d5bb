"""Whether an identity of a recorded stack may do an action, and by which statement."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from identity_guard.iam import Answer, Attachment, Effect, Request, Statement, may
from identity_guard.iam.evaluate.decision import action_matches
from identity_guard.stack.identities import Identity
from identity_guard.stack.judgement import Judgement, Possible
from identity_guard.stack.policy_documents import Resolved
from identity_guard.stack.resource_types import IdentityKind
from identity_guard.stack.view import View

EVERY_RESOURCE: Final = "*"
MFA_KEYS: Final = frozenset({"aws:multifactorauthpresent", "aws:multifactorauthage"})
"""Absent in a session of Identity Center (IAM User Guide, reference_policies_condition-keys)."""
CONTEXT: Final = {"aws:SecureTransport": True}
"""What is taken for granted: people call AWS over TLS."""


class Conclusion(Enum):
    """The answer to a question."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Place:
    """A statement that makes an answer, and what brings it to the identity."""

    document: str
    statement: str
    through: str


@dataclass(frozen=True, slots=True)
class Reasoned:
    """An answer and what made it."""

    conclusion: Conclusion
    on: tuple[str, ...] = ()
    """The resource asked for; where none was, the patterns of resources on which it is allowed."""
    places: tuple[Place, ...] = ()
    why: tuple[str, ...] = ()


def decide(identity: Identity, view: View, action: str, resource: str | None) -> Reasoned:
    """Decide for one resource; without one, for each kind of resource that the statements tell apart."""
    judgement = view.judgement(identity)
    if resource is not None:
        return _decide_one(identity, judgement, action, resource)
    found = [_decide_one(identity, judgement, action, each) for each in _told_apart(judgement, action)]
    for conclusion in (Conclusion.YES, Conclusion.UNDECIDED):
        same = [each for each in found if each.conclusion is conclusion]
        if same and same[0].on == (EVERY_RESOURCE,):
            return _with_exceptions(same[0], judgement, action)
        if same:
            on = tuple(place for each in same for place in each.on)
            places = tuple(dict.fromkeys(place for each in same for place in each.places))
            why = tuple(dict.fromkeys(reason for each in same for reason in each.why))
            return Reasoned(conclusion, on, places, why)
    return found[0]


def _decide_one(identity: Identity, judgement: Judgement, action: str, resource: str) -> Reasoned:
    """Decide in every outcome; where resources fight for one place, or accounts differ, they may disagree."""
    found = [_decide_in(identity, outcome, judgement, action, resource) for outcome in judgement.outcomes]
    answers = {each.conclusion for each in found}
    if len(answers) == 1:
        return found[0]
    why = "it depends on which of several policies holds: on the account, or on which resource is made last"
    reasons = dict.fromkeys((why, *(reason for each in found for reason in each.why)))
    return Reasoned(Conclusion.UNDECIDED, (resource,), found[0].places, tuple(reasons))


def _decide_in(
    identity: Identity, outcome: Possible, judgement: Judgement, action: str, resource: str
) -> Reasoned:
    grants = [each.attachment for each in outcome.grants]
    limit = outcome.limit.attachment if outcome.limit else None
    request = Request(action, resource, CONTEXT, _unknown_keys(identity, [*grants, limit]))
    decision = may(grants, request, limit)
    by_layer = (outcome.grants, (outcome.limit,) if outcome.limit else ())
    places = tuple(
        Place(
            place.document,
            place.sid or f"Statement[{place.index}]",
            by_layer[place.layer][place.position].held.holder.label,
        )
        for place in decision.statements
    )
    if decision.answer is Answer.UNDECIDED:
        return Reasoned(Conclusion.UNDECIDED, (resource,), places, decision.reasons)
    if variable := _hanging_on_a_variable(judgement, action, allowed=decision.answer is Answer.ALLOWED):
        return Reasoned(Conclusion.UNDECIDED, (resource,), places, (variable,))
    if decision.answer is Answer.ALLOWED:
        return Reasoned(Conclusion.YES, (resource,), places)
    return Reasoned(Conclusion.NO, (resource,), places, (_why_not(decision.answer, outcome),))


def _why_not(answer: Answer, outcome: Possible) -> str:
    """Say a refusal; of the limits there are, only the boundary is looked at here, and it is named."""
    boundary = outcome.limit
    if answer is not Answer.NOT_ALLOWED_BY_LIMIT or boundary is None:
        return str(answer.value)
    return (
        f"allowed by the identity's policies, but not by its boundary {boundary.attachment.name} "
        f"({boundary.held.holder.label})"
    )


def _unknown_keys(identity: Identity, attachments: list[Attachment | None]) -> frozenset[str]:
    """Return the condition keys of which a question says nothing."""
    keys = {
        clause.key
        for attachment in attachments
        if attachment is not None
        for statement in attachment.statements
        for clause in statement.clauses
    }
    absent = MFA_KEYS if identity.key.kind is IdentityKind.PERMISSION_SET else frozenset[str]()
    return frozenset(keys - absent - {name.lower() for name in CONTEXT})


def _about(judgement: Judgement, action: str) -> Iterator[tuple[Resolved, Statement]]:
    """Go through the statements that are about an action."""
    for resolved in (*judgement.grants, *judgement.limits):
        for statement in resolved.attachment.statements:
            if action_matches(statement, action):
                yield resolved, statement


def _told_apart(judgement: Judgement, action: str) -> list[str]:
    """Return every resource, then each pattern that some statement grants or spares."""
    found = [EVERY_RESOURCE]
    for _, statement in _about(judgement, action):
        if (statement.effect is Effect.ALLOW) is not statement.resources_excluded:
            found += [each for each in statement.resource_patterns if "${" not in each]
    return list(dict.fromkeys(found))


def _with_exceptions(found: Reasoned, judgement: Judgement, action: str) -> Reasoned:
    """Name what is denied of an answer for every resource."""
    denied = [
        f"not on {', '.join(statement.resource_patterns)}: "
        f"denied by {resolved.attachment.name}, {statement.label}"
        for resolved, statement in _about(judgement, action)
        if statement.effect is Effect.DENY and not statement.resources_excluded
    ]
    if found.conclusion is Conclusion.UNDECIDED or not denied:
        return found
    return Reasoned(found.conclusion, found.on, found.places, tuple(denied))


def _hanging_on_a_variable(judgement: Judgement, action: str, *, allowed: bool) -> str | None:
    """Name a statement whose resources hold a policy variable that could turn the answer."""
    turning = Effect.DENY if allowed else Effect.ALLOW
    for resolved, statement in _about(judgement, action):
        if statement.effect is turning and any("${" in each for each in statement.resource_patterns):
            return f"{resolved.attachment.name}, {statement.label}: its resources hold a policy variable"
    return None
