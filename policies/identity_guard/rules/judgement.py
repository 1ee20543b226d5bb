"""What a set of held policies comes to: the evaluator's verdict, and what it could not see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from identity_guard.iam.attachment import Attachment
from identity_guard.iam.document import Document, Unreadable
from identity_guard.iam.verdict import Verdict, judge

from .identities import HeldPolicy, Identities, Identity
from .policy_documents import PolicyDocuments, Resolved


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
    """By the readable documents alone: what they allow is allowed, whatever else is attached."""
    complete: Verdict
    """With all documents: one that is missing or unreadable makes an answer that it could change None."""

    @property
    def unreadable(self) -> tuple[Resolved, ...]:
        """The documents that IAM would not read."""
        every = (*self.grants, *self.limits)
        return tuple(each for each in every if isinstance(each.attachment.document, Unreadable))

    @property
    def missing(self) -> tuple[Resolved, ...]:
        """The documents that are not at hand."""
        return tuple(each for each in (*self.grants, *self.limits) if each.attachment.document is None)


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
    boundaries = [each.attachment for each in limits]
    readable = tuple(each for each in grants if isinstance(each.attachment.document, Document))
    known = _worst([each.attachment for each in readable], boundaries, now)
    complete = known if readable == grants else _worst([each.attachment for each in grants], boundaries, now)
    return Judgement(label, readable, grants, limits, known, complete)


def _worst(grants: Sequence[Attachment], boundaries: Sequence[Attachment], now: float | None) -> Verdict:
    """Judge within the boundary; of several, nobody knows which will hold, so the weakest counts."""
    within: Sequence[Attachment | None] = boundaries or (None,)
    verdicts = [judge(grants, boundary, now=now) for boundary in within]
    return min(verdicts, key=lambda each: _SEVERITY[each.root_level])


_SEVERITY: Final = {True: 0, None: 1, False: 2}
