"""`sts:AssumeRoot`: a session of the root user of a member account, for the length of a task.

Called from the management account or a delegated administrator's (STS API reference, AssumeRoot), it is
root-level access to every member account. A task policy bounds what such a session can do, so a grant that
is held to task policies by `sts:TaskPolicyArn` passes. In an account that administers the organisation every
grant of it counts, however it is written. Where nobody says which accounts these are, a statement counts
that is about STS alone; along with other services the escalation rule tells it as a path.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from identity_guard.iam.catalogue.action_patterns import ScanBudget
from identity_guard.iam.catalogue.action_sets import action_set
from identity_guard.iam.catalogue.actions import catalogue, without
from identity_guard.iam.document.statement import Effect, Statement
from identity_guard.iam.evaluate.attachment import Attachment
from identity_guard.iam.evaluate.decision import Request, may
from identity_guard.stack.findings import Finding, Outcome, compose, undecided
from identity_guard.stack.judgement import Judgement, Possible, readable
from identity_guard.stack.policy_documents import Resolved

ACTION: Final = "sts:AssumeRoot"
TASK_POLICY: Final = "sts:TaskPolicyArn"
ANY_TASK: Final = "arn:aws:iam::aws:policy/root-task/AnyTask0x7"
"""A task policy that no grant names: a grant that is not held to task policies allows it, too."""
EXAMPLE: Final = "arn:aws:iam::111122223333:root"
REMEDY: Final = (
    "leave the action out; or hold it to the task policies that the work takes, with a condition such as "
    f"StringEquals {TASK_POLICY} arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"
)


@dataclass(frozen=True, slots=True)
class RootGrant:
    """A statement that gives AssumeRoot, and takes no task policy as its limit."""

    resolved: Resolved
    statement: Statement
    limit: Attachment | None = None
    """The boundary that may take it back, whose text is not known."""


def assume_root(rule: str, judgement: Judgement, *, central: bool) -> Iterator[Finding]:
    """Tell each statement that gives it; `central` where the organisation is administered from there."""
    told = set()
    for grant in root_grants(judgement, central=central):
        holder = grant.resolved.held.holder
        place = f"{grant.resolved.attachment.name}, {grant.statement.label}, through {holder.label}"
        if place in told:
            continue
        told.add(place)
        details = [("granted by", place), ("for example", f"it may call {ACTION} on {EXAMPLE}")]
        what = f"{judgement.label} may become the root user of member accounts"
        if grant.limit is not None:
            details.append(("because", f"{grant.limit.name}: {grant.limit.missing}"))
            claim = undecided(f"whether {what}", waiting=judgement.waits)
            yield Finding(rule, Outcome.UNDECIDED, compose(claim, details, REMEDY), holder.urn)
            continue
        claim = f"{what}: it is given {ACTION}"
        yield Finding(rule, Outcome.VIOLATION, compose(claim, details, REMEDY), holder.urn)


def root_grants(judgement: Judgement, *, central: bool = False) -> Iterator[RootGrant]:
    """Find the statements that give AssumeRoot for any task policy, not taken back in some outcome."""
    for outcome in judgement.outcomes:
        for resolved in readable(outcome.grants):
            for statement in resolved.attachment.statements:
                if (
                    statement.effect is Effect.ALLOW
                    and _holds(statement)
                    and (central or _is_about_sts(statement))
                    and _reaches(outcome, resolved)
                ):
                    yield RootGrant(resolved, statement, _unknown_limit(outcome))


def _holds(statement: Statement) -> bool:
    """Say whether a statement has the action at all: cheaper than to go through a thousand patterns."""
    bit = catalogue().bit_of(ACTION)
    return bit is None or bool(statement.actions.possible >> bit & 1)


def _is_about_sts(statement: Statement) -> bool:
    """Say whether a pattern takes the action and none of another service, however it is written."""
    if statement.actions_excluded:
        return False
    sts, bit = catalogue().service_masks["sts"], catalogue().bit_of(ACTION) or 0
    taken = (action_set((pattern,), ScanBudget()).possible for pattern in statement.action_patterns)
    known = catalogue().known
    return any(found >> bit & 1 and not without(found & known, sts) for found in taken)


def _unknown_limit(outcome: Possible) -> Attachment | None:
    limit = outcome.limit.attachment if outcome.limit else None
    return limit if limit is not None and limit.document is None else None


def _reaches(outcome: Possible, resolved: Resolved) -> bool:
    """Say whether a call with a task policy of the caller's choice is not certainly refused."""
    others = [each.attachment for each in readable(outcome.grants) if each is not resolved]
    boundary = outcome.limit.attachment if outcome.limit else None
    request = Request(
        ACTION, EXAMPLE, {TASK_POLICY: ANY_TASK}, _keys([resolved.attachment, *others, boundary])
    )
    return may([resolved.attachment, *others], request, boundary).allowed is not False


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
