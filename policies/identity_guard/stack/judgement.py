"""What a set of held policies comes to: the evaluator's verdict, and what it could not see.

With it, the part of a message that shows why: what grants the access, and one call that would succeed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from identity_guard.iam.document.document import Document, Unreadable
from identity_guard.iam.evaluate.attachment import Attachment, attach
from identity_guard.iam.evaluate.decision import StatementPlace
from identity_guard.iam.questions.proof import Witness
from identity_guard.iam.questions.verdict import Verdict, judge

from .identities import HeldPolicy, Identities, Identity
from .policy_documents import NOT_SHOWN, PolicyDocuments, Resolved

EVERYTHING: Final = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The documents of one identity, or of a policy that nobody holds, and what they allow."""

    label: str
    """Whose they are, as messages say it."""
    readable: tuple[Resolved, ...]
    """The grants whose document is at hand and can be read, as `known` judges them."""
    grants: tuple[Resolved, ...]
    limits: tuple[Resolved, ...]
    known: Verdict
    """By the readable documents alone. Only a Deny in a document that is not at hand could take it back, and
    that is not counted on: who hides one behind an unknown value would be let through."""
    at_most: Verdict
    """With every missing document counted as allowing everything: what is withheld here is withheld."""

    @property
    def root_level(self) -> bool | None:
        """Whether it is root-level access; None where it could not be decided."""
        if self.known.root_level:
            limits_known = all(isinstance(each.attachment.document, Document) for each in self.limits)
            return True if limits_known else None
        if self.known.root_level is None or self.at_most.root_level is not False:
            return None
        return False

    @property
    def unreadable(self) -> tuple[Resolved, ...]:
        """The documents that IAM would not read."""
        every = (*self.grants, *self.limits)
        return tuple(each for each in every if isinstance(each.attachment.document, Unreadable))

    @property
    def missing(self) -> tuple[Resolved, ...]:
        """The documents that are not at hand."""
        return tuple(each for each in (*self.grants, *self.limits) if each.attachment.document is None)

    @property
    def waits(self) -> bool:
        """Whether a document is not at hand only because a value is not known yet."""
        return any(each.waiting for each in self.missing)

    @property
    def open_reasons(self) -> tuple[str, ...]:
        """Why something may be undecided: what is not at hand, else what could not be decided of the rest."""
        missing = [
            f"{each.waiting} is not known yet"
            if each.waiting
            else f"{each.attachment.name}: {each.attachment.missing}"
            for each in self.missing
        ]
        if not missing and any(each.secret for each in (*self.grants, *self.limits)):
            return (f"what it depends on is {NOT_SHOWN}",)
        return tuple(dict.fromkeys(missing or self.known.undecided or self.at_most.undecided))


def judge_identity(
    identity: Identity, identities: Identities, documents: PolicyDocuments, now: float | None = None
) -> Judgement:
    """Judge all that an identity holds, an IAM user's groups included, within its boundary."""
    held = list(identity.grants)
    for key in identity.groups:
        if group := identities.by_key.get(key):
            held += group.grants
    return judge_held(identity.label, held, identity.limits, documents, now)


def judge_held(
    label: str,
    held: Sequence[HeldPolicy],
    held_limits: Sequence[HeldPolicy],
    documents: PolicyDocuments,
    now: float | None = None,
) -> Judgement:
    """Judge held policies within a boundary, at a time in seconds since 1970; by default the clock's."""
    grants = tuple(documents.resolve(each) for each in held)
    limits = tuple(documents.resolve(each) for each in held_limits)
    boundaries = [each.attachment for each in limits if isinstance(each.attachment.document, Document)]
    if len(boundaries) < len(limits):
        # What a boundary withholds that is not at hand nobody knows: `root_level` says so.
        boundaries = []
    readable = tuple(each for each in grants if isinstance(each.attachment.document, Document))
    known = _worst([each.attachment for each in readable], boundaries, now)
    missing = [each for each in grants if each.attachment.document is None]
    at_most = known
    if missing:
        everything = attach(EVERYTHING, "a policy that is not at hand")
        at_most = _worst([*(each.attachment for each in readable), everything], boundaries, now)
    return Judgement(label, readable, grants, limits, known, at_most)


def _worst(grants: Sequence[Attachment], boundaries: Sequence[Attachment], now: float | None) -> Verdict:
    """Judge within the boundary; of several, nobody knows which will hold, so the weakest counts."""
    within: Sequence[Attachment | None] = boundaries or (None,)
    verdicts = [judge(grants, boundary, now=now) for boundary in within]
    return min(verdicts, key=lambda each: _SEVERITY[each.root_level])


_SEVERITY: Final = {True: 0, None: 1, False: 2}


def granted_by(judgement: Judgement, witness: Witness | None) -> Iterator[tuple[str, str]]:
    """Name the documents and statements that allow a call, and the resources that bring them."""
    shown = set()
    for place in _granting(witness):
        shown.add(place.position)
        holder = judgement.readable[place.position].held.holder
        yield "granted by", f"{place}, through {holder.label}"
    others = [each for number, each in enumerate(judgement.readable) if number not in shown]
    if others:
        yield (
            "together with",
            "; ".join(
                dict.fromkeys(f"{each.attachment.name}, through {each.held.holder.label}" for each in others)
            ),
        )


def witnessed_call(judgement: Judgement, witness: Witness | None) -> Iterator[tuple[str, str]]:
    """Name one call that would succeed."""
    if witness is not None:
        yield "for example", f"it may call {called(judgement, witness)}"


def called(judgement: Judgement, witness: Witness) -> str:
    """Name an action and its resource, unless a document that the stack keeps secret names the resource."""
    if any(each.secret for each in (*judgement.readable, *judgement.limits)):
        return f"{witness.action} on a resource that is {NOT_SHOWN}"
    return f"{witness.action} on {witness.resource}"


def granting_urn(judgement: Judgement, witness: Witness | None) -> str | None:
    """Return the URN of the resource that brings the first granting document."""
    for place in _granting(witness):
        return judgement.readable[place.position].held.holder.urn
    return judgement.grants[0].held.holder.urn if judgement.grants else None


def _granting(witness: Witness | None) -> list[StatementPlace]:
    """Return the statements of the identity's own policies that allow the call."""
    return [place for place in witness.statements if place.layer == 0] if witness else []
