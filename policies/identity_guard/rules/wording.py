"""What documents say in words that do not do what they seem to: advice, and of a document alone a refusal.

A policy that is to require MFA and does not, and actions that AWS does not have, are found in the text,
whoever holds it. Where a user with credentials holds it, `iam-mfa` judges what it comes to.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from identity_guard.iam.document.document import Document
from identity_guard.iam.evaluate.attachment import Attachment, Origin, attach
from identity_guard.iam.questions.unknown_actions import unknown_actions
from identity_guard.iam.questions.verdict import judge
from identity_guard.stack.findings import Finding, Outcome, compose, first_few, quoted
from identity_guard.stack.identities import Identity
from identity_guard.stack.policy_documents import EVERYTHING, Resolved
from identity_guard.stack.resource_types import IdentityKind
from identity_guard.stack.view import View

Detail = tuple[str, str]
_WITHOUT_SESSION: Final = (IdentityKind.DOCUMENT, IdentityKind.USER, IdentityKind.GROUP)
"""Who has MFA to show: in a session of a role or of Identity Center the key says something else."""
_SPELLING: Final = "correct the names; IAM takes any, and what none has is neither allowed nor denied"


def wrong_requirements(rule: str, identity: Identity, view: View, remedy: str) -> Iterator[Finding]:
    """Tell of documents that ask for MFA in a way that does not: of one alone it is refused."""
    if identity.key.kind not in _WITHOUT_SESSION or identity.credentials:
        return
    alone = identity.key.kind is IdentityKind.DOCUMENT
    for resolved in _own_documents(view.judgement(identity).readable):
        mistakes, spared = _wrong(resolved.attachment, view.now())
        if details := [*mistakes, *spared]:
            whose = f"{resolved.attachment.name} of {view.judgement(identity).label}"
            claim = f"{whose} asks for MFA in a way that does not require it"
            outcome = Outcome.VIOLATION if alone and mistakes else Outcome.ADVICE
            urn = resolved.held.holder.urn
            yield Finding(rule, outcome, compose(claim, details, remedy), urn, statement=_first(resolved))


def _wrong(attachment: Attachment, now: float | None) -> tuple[list[Detail], list[Detail]]:
    """Return what does not work, unless the rest of the document makes up for it, and what is spared."""
    beside_all = judge([attachment, attach(EVERYTHING, "everything")], now=now)
    found = judge([attachment], now=now)
    mistakes = [
        ("does not work", f"{pattern.statement}: {pattern.why}")
        for pattern in found.mfa_mistakes
        if pattern.name.endswith("inverted")
        or (found if pattern.name.startswith("allow") else beside_all).mfa_enforced is not True
    ]
    spared = [
        ("leaves", f"{place.rpartition(', ')[2]}: {quoted(actions)} without MFA")
        for place, actions in found.spared_without_mfa
    ]
    return mistakes, spared


def _first(resolved: Resolved) -> int | None:
    """Return the first statement that asks for MFA."""
    for statement in resolved.attachment.statements:
        if any("mfa" in key.lower() or "multifactor" in key.lower() for key in _keys(statement.condition)):
            return statement.index
    return None


def _keys(condition: object) -> Iterator[str]:
    blocks = condition.values() if isinstance(condition, dict) else ()
    return (str(key) for block in blocks if isinstance(block, dict) for key in block)


def unknown_names(rule: str, identities: Iterable[Identity], view: View) -> Iterator[Finding]:
    """Tell, once for each document, of the actions in it that AWS does not have."""
    told: set[tuple[str, str]] = set()
    for identity in identities:
        for resolved in _own_documents((*view.judgement(identity).grants, *view.judgement(identity).limits)):
            holder = resolved.policy or resolved.held.holder
            if (holder.urn, resolved.attachment.name) in told:
                continue
            told.add((holder.urn, resolved.attachment.name))
            yield from _unknown(rule, identity, resolved)


def _own_documents(every: Iterable[Resolved]) -> Iterator[Resolved]:
    """Leave out AWS's own documents, and those of which nothing may be told."""
    for each in every:
        own = each.attachment.source.origin is not Origin.AWS_MANAGED
        if own and not each.secret and isinstance(each.attachment.document, Document):
            yield each


def _unknown(rule: str, identity: Identity, resolved: Resolved) -> Iterator[Finding]:
    document = resolved.attachment.document
    found = list(unknown_actions(document)) if isinstance(document, Document) else []
    if not found:
        return
    names = quoted(each.written[:80] for each in found)
    what = "an action" if len(found) == 1 else f"{len(found)} actions"
    claim = f"{resolved.attachment.name} of {identity.label} names {what} that AWS does not have: {names}"
    shown, _ = first_few(found)
    details = [("place", _place(each.statement.label, each.written, each.nearest)) for each in shown]
    urn = resolved.held.holder.urn
    message = compose(claim, details, _SPELLING)
    yield Finding(rule, Outcome.ADVICE, message, urn, statement=found[0].statement.index)


def _place(label: str, written: str, nearest: str | None) -> str:
    meant = (
        f"perhaps `{nearest}` is meant"
        if nearest
        else "none is spelt like it; or it is newer than the catalogue"
    )
    return f"{label}, `{written[:80]}`: {meant}"
