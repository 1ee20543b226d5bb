"""What a resource's policy says to one caller, and how far that goes.

Within an account a policy that names a user, a role or a session grants by itself. What it grants to a
user, to a session or to everybody only a Deny, an SCP or an RCP takes back; what it grants to a role needs
the role's boundary and session policies, too. One that names the account leaves it to that account's own
policies.

Sources: IAM User Guide, reference_policies_evaluation-logic_policy-eval-denyallow ("Resource-based
policies"), access_policies_boundaries (a NotPrincipal with Deny denies everybody who has a boundary) and
reference_policies_elements_notprincipal (a Deny that spares somebody without their account "may" still deny
the account: not decided).
"""

from collections.abc import Iterator
from typing import NamedTuple

from identity_guard.iam.document.document import Document
from identity_guard.iam.document.statement import NOBODY, Effect, Principals, Statement
from identity_guard.iam.evaluate.attachment import Attachment
from identity_guard.iam.evaluate.decision import Match, Request, matches_of

from .caller import Caller, CallerKind, Named, how_named


class Said(NamedTuple):
    """One statement's match, and how it is about the caller."""

    match: Match
    named: Named


def said_to(
    caller: Caller, policy: Attachment, request: Request, layer: int, *, bounded: bool
) -> Iterator[Said]:
    """Go through what a policy says to a caller; `bounded` where the caller has a permissions boundary."""
    document = policy.document
    if not isinstance(document, Document):
        yield from (Said(match, Named.SESSION) for match in matches_of(layer, [policy], request))
        return
    for statement in document.statements:
        about = _about(statement, caller, bounded=bounded)
        if about is None:
            continue
        named, spared = about
        alone = policy._replace(document=document._replace(statements=(statement,)))
        for match in matches_of(layer, [alone], request):
            yield Said(_perhaps(match) if spared else match, named)


def _perhaps(match: Match) -> Match:
    """Return a match of which AWS does not say whether it is one."""
    reason = f"{match.place}: its NotPrincipal names the caller without the caller's account"
    return match if match.applies is False else match._replace(applies=None, reason=reason)


def _about(statement: Statement, caller: Caller, *, bounded: bool) -> tuple[Named, bool] | None:
    """Say how a statement is about a caller, and whether that is open; None where it is not."""
    principals = statement.principals or NOBODY
    how = how_named(principals, caller)
    if not principals.excluded:
        return (how, False) if how else None
    if statement.effect is Effect.ALLOW:
        # An Allow for everybody but some is one for everybody else.
        return None if how else (Named.EVERYBODY, False)
    if bounded or how is None:
        return Named.SESSION, False
    return None if _is_spared(principals, caller) else (Named.SESSION, True)


def _is_spared(principals: Principals, caller: Caller) -> bool:
    """Say whether NotPrincipal names all that AWS may check: the account, and the principal itself."""
    alone = (Principals((name,), excluded=False) for name in principals.named)
    names = {how_named(each, caller) for each in alone}
    itself = {Named.ITSELF, Named.SESSION} & names or caller.kind is CallerKind.ROOT
    return Named.EVERYBODY in names or (Named.ACCOUNT in names and bool(itself))
