"""`sts:AssumeRoot`: a session of the root user of a member account, for the length of a task.

Called from the management account or a delegated administrator's (STS API reference, AssumeRoot), it is
root-level access to every member account. A task policy bounds what such a session can do, so a grant that
is held to task policies by `sts:TaskPolicyArn` passes. Where the action comes along in a broad grant, the
escalation rule tells it as a path; named, or through `sts:*`, it is meant.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from identity_guard.iam.attachment import Attachment
from identity_guard.iam.catalogue import catalogue
from identity_guard.iam.decision import Request, may
from identity_guard.iam.statement import Effect, Statement
from identity_guard.iam.wildcard import matches

from .judgement import Judgement
from .policy_documents import Resolved

ACTION: Final = "sts:AssumeRoot"
TASK_POLICY: Final = "sts:TaskPolicyArn"
ANY_TASK: Final = "arn:aws:iam::aws:policy/root-task/AnyTask0x7"
"""A task policy that no grant names: a grant that is not held to task policies allows it, too."""
EXAMPLE: Final = "arn:aws:iam::111122223333:root"


@dataclass(frozen=True, slots=True)
class MeantGrant:
    """A statement that gives AssumeRoot on purpose, and takes no task policy as its limit."""

    resolved: Resolved
    statement: Statement


def meant_grants(judgement: Judgement) -> Iterator[MeantGrant]:
    """Find the statements that name AssumeRoot, or `sts:*`, for any task policy, not taken back."""
    for resolved in judgement.readable:
        for statement in resolved.attachment.statements:
            if (
                statement.effect is Effect.ALLOW
                and _holds(statement)
                and _is_meant(statement.raw)
                and _reaches(judgement, resolved)
            ):
                yield MeantGrant(resolved, statement)


def _holds(statement: Statement) -> bool:
    """Say whether a statement has the action at all: cheaper than to go through a thousand patterns."""
    bit = catalogue().bit_of(ACTION)
    return bit is None or bool(statement.actions.possible >> bit & 1)


def _is_meant(raw: Any) -> bool:  # noqa: ANN401 - a statement as it was written
    actions = raw.get("Action", [])
    patterns = [actions] if isinstance(actions, str) else actions
    return any(
        pattern.lower().startswith("sts:") and matches(pattern.lower(), ACTION.lower())
        for pattern in patterns
    )


def _reaches(judgement: Judgement, resolved: Resolved) -> bool:
    """Say whether a call with a task policy of the caller's choice is not certainly refused."""
    attachments = [each.attachment for each in judgement.readable]
    others = [each for each in attachments if each is not resolved.attachment]
    # Of several boundaries nobody knows which will hold, so one that lets the call through is enough.
    boundaries: Sequence[Attachment | None] = [each.attachment for each in judgement.limits] or [None]
    request = Request(ACTION, EXAMPLE, {TASK_POLICY: ANY_TASK}, _keys([*attachments, *boundaries]))
    answers = (may([resolved.attachment, *others], request, boundary) for boundary in boundaries)
    return any(answer.allowed is not False for answer in answers)


def _keys(attachments: list[Attachment | None]) -> frozenset[str]:
    """Return every condition key that the documents ask for, but the task policy: they say who, not what."""
    found = {
        clause.key
        for attachment in attachments
        if attachment is not None
        for statement in attachment.statements
        for clause in statement.clauses
    }
    return frozenset(found - {TASK_POLICY.lower()})
