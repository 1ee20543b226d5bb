"""Whether an identity of a recorded stack may do an action, and by which statement."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from identity_center_cli.verbs.explain.asked import Asked
from identity_center_cli.verbs.explain.holder import Holder
from identity_center_cli.verbs.explain.reasoned import Conclusion, Reasoned, agreed, together
from identity_guard.iam.document.statement import Effect, Statement
from identity_guard.iam.requests.beyond_policies import ONLY_AWS
from identity_guard.stack.identities import Identity
from identity_guard.stack.judgement import Judgement, Possible
from identity_guard.stack.policy_documents import Resolved

EVERY_RESOURCE: Final = "*"


def decide(asked: Asked, identity: Identity, resource: str | None, account: str | None = None) -> Reasoned:
    """Decide as AWS would: for one resource, or for each kind of resource that the statements tell apart."""
    outcomes = _about(asked.view.judgement(identity), asked.action)
    holders = [Holder(asked, identity, account, each) for each in outcomes]
    if resource is not None:
        return _in_every_outcome(holders, resource)
    everywhere = _in_every_outcome(holders, EVERY_RESOURCE)
    if everywhere.conclusion is Conclusion.YES:
        return _with_exceptions(everywhere, outcomes, asked.action)
    found = [everywhere, *(_in_every_outcome(holders, each) for each in _told_apart(outcomes))]
    for conclusion in (Conclusion.YES, Conclusion.UNDECIDED):
        same = [each for each in found if each.conclusion is conclusion]
        if same:
            return same[0] if same[0] is everywhere else together(same)
    return found[0]


def _in_every_outcome(holders: Sequence[Holder], resource: str) -> Reasoned:
    """Decide in every outcome; where resources fight for one place, they may disagree."""
    why = "it depends on which of several policies holds: on the account, or on which resource is made last"
    return agreed([each.decide(resource) for each in holders], resource, why)


def _about(judgement: Judgement, action: str) -> tuple[Possible, ...]:
    """Return every outcome with what its documents say of an action, looked up once for all resources."""
    every = (*judgement.grants, *judgement.limits)
    found = {id(each): each.about(action) for each in every}
    return tuple(
        Possible(
            tuple(found[id(each)] for each in outcome.grants),
            found[id(outcome.limit)] if outcome.limit else None,
        )
        for outcome in judgement.outcomes
    )


def _statements(outcomes: Iterable[Possible]) -> Iterator[tuple[Resolved, Statement]]:
    """Go through the statements of all outcomes, each document once."""
    grants = [each for outcome in outcomes for each in outcome.grants]
    limits = [outcome.limit for outcome in outcomes if outcome.limit]
    for resolved in {id(each): each for each in (*grants, *limits)}.values():
        yield from ((resolved, statement) for statement in resolved.attachment.statements)


def _told_apart(outcomes: Sequence[Possible]) -> list[str]:
    """Return each pattern of resources that some statement grants or spares."""
    found: list[str] = []
    for _, statement in _statements(outcomes):
        if (statement.effect is Effect.ALLOW) is not statement.resources_excluded:
            found += statement.resource_patterns
    return [each for each in dict.fromkeys(found) if each != EVERY_RESOURCE]


def _with_exceptions(found: Reasoned, outcomes: Sequence[Possible], action: str) -> Reasoned:
    """Name what is denied of an answer for every resource, and what only AWS changes."""
    denied = [
        f"not on {', '.join(statement.resource_patterns)}: "
        f"denied by {resolved.attachment.name}, {statement.label}"
        for resolved, statement in _statements(outcomes)
        if statement.effect is Effect.DENY and not statement.resources_excluded
    ]
    kept = [
        f"not on {each.example}: only AWS changes {each.what}" for each in ONLY_AWS if each.holds_for(action)
    ]
    return replace(found, why=(*denied, *kept))
