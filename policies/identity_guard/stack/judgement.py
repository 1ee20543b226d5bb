"""What a set of held policies comes to: the evaluator's verdict, and what it could not see.

With it, the part of a message that shows why: what grants the access, and one call that would succeed.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from identity_guard.iam.document.document import Document, Unreadable
from identity_guard.iam.document.statement import Effect
from identity_guard.iam.evaluate.attachment import Attachment, attach
from identity_guard.iam.evaluate.decision import StatementPlace
from identity_guard.iam.questions.proof import Witness, visibly_an_example
from identity_guard.iam.questions.verdict import Verdict, judge

from .conditions_told import conditions_of
from .held_policies import HeldPolicy
from .identities import Identities, Identity
from .observe import text_of
from .occupancy import Claim, of_a_group, outcomes
from .policy_documents import EVERYTHING, NOT_SHOWN, PolicyDocuments, Resolved
from .resource_types import IdentityKind
from .resources import account_of
from .worst_verdict import worst

_NOT_AT_HAND: Final = attach(EVERYTHING, "a policy that is not at hand")
USED_IN_SESSIONS: Final = (IdentityKind.PERMISSION_SET, IdentityKind.ROLE)
"""What is used in a role's session, and by no IAM user."""


@dataclass(frozen=True, slots=True)
class Possible:
    """One outcome: the policies that hold together, and the boundary that limits them."""

    grants: tuple[Resolved, ...]
    limit: Resolved | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The documents of one identity, or of a policy that nobody holds, and what they allow."""

    label: str
    """Whose they are, as messages say it."""
    grants: tuple[Resolved, ...]
    """All that may hold, each once."""
    limits: tuple[Resolved, ...]
    outcomes: tuple[Possible, ...]
    """What may hold together. One outcome, unless resources fight for one place, or a permission set's
    policies differ between the accounts where it is assigned."""
    known: Verdict
    """By the readable documents alone, in the worst outcome. Only a Deny in a document that is not at hand
    could take it back, and that is not counted on: who hides one behind an unknown value would be let
    through. A boundary that is not at hand leaves it undecided."""
    at_most: Verdict
    """With every missing document counted as allowing everything: what is withheld here is withheld."""

    @property
    def readable(self) -> tuple[Resolved, ...]:
        """The grants whose document is at hand and can be read; a witness counts its places in them."""
        return readable(self.grants)

    @property
    def root_level(self) -> bool | None:
        """Whether it is root-level access; None where it could not be decided."""
        if self.known.root_level:
            return True
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
        """The documents that are not at hand, or not as a whole."""
        return tuple(each for each in (*self.grants, *self.limits) if not each.is_whole)

    @property
    def waits(self) -> bool:
        """Whether a document is not at hand only because a value is not known yet."""
        return any(each.waiting for each in self.missing)

    @property
    def open_reasons(self) -> tuple[str, ...]:
        """Why something may be undecided: what is not at hand, else what could not be decided of the rest."""
        missing = [each.why_open for each in self.missing]
        if not missing and any(each.secret for each in (*self.grants, *self.limits)):
            return (f"what it depends on is {NOT_SHOWN}",)
        return tuple(dict.fromkeys(missing or self.known.undecided or self.at_most.undecided))


def readable(grants: Iterable[Resolved]) -> tuple[Resolved, ...]:
    """Return the documents that are at hand and can be read."""
    return tuple(each for each in grants if isinstance(each.attachment.document, Document))


def judge_identity(
    identity: Identity, identities: Identities, documents: PolicyDocuments, now: float | None = None
) -> Judgement:
    """Judge all that an identity holds, an IAM user's groups included, within its boundary."""
    groups = [group for key in identity.groups if (group := identities.by_key.get(key))]
    by_owner = [
        outcomes(identity, identities),
        *(of_a_group(each, identity, identities) for each in groups),
    ]
    claims = [[claim for own in chosen for claim in own] for chosen in itertools.product(*by_owner)]
    found = _outcomes(claims, identity.limits, documents, _accounts(identity))
    kind = identity.key.kind
    in_sessions, of_a_set = kind in USED_IN_SESSIONS, kind is IdentityKind.PERMISSION_SET
    return _judge(
        identity.label, found, partial(judge, now=now, role_session=in_sessions, permission_set=of_a_set)
    )


def judge_held(
    label: str,
    held: Sequence[HeldPolicy],
    held_limits: Sequence[HeldPolicy],
    documents: PolicyDocuments,
    now: float | None = None,
) -> Judgement:
    """Judge held policies within a boundary, at a time in seconds since 1970; by default the clock's."""
    found = _outcomes([[Claim(each) for each in held]], held_limits, documents, (None,))
    return _judge(label, found, partial(judge, now=now))


def _accounts(identity: Identity) -> tuple[str | None, ...]:
    """Return the accounts whose policies an identity holds; None for what the stack does not show."""
    if not identity.depends_on_accounts:
        return (None,)
    seen = [account_of(each) for each in identity.entries]
    return tuple(dict.fromkeys(text_of(each) for each in seen)) or (None,)


def _judge(label: str, found: tuple[Possible, ...], judge_as: "partial[Verdict]") -> Judgement:
    grants = _each_once(each for outcome in found for each in outcome.grants)
    limiting = _each_once(outcome.limit for outcome in found if outcome.limit is not None)
    shown = readable(grants)
    known = worst([_verdict(outcome, shown, judge_as) for outcome in found])
    at_most = known
    others = [_NOT_AT_HAND] if any(each.attachment.document is None for each in grants) else []
    if others or any(each.at_most for each in (*grants, *limiting)):
        at_most = worst([_verdict(_widest(outcome), shown, judge_as, *others) for outcome in found])
    return Judgement(label, grants, limiting, found, known, at_most)


def _outcomes(
    claims: Sequence[Sequence[Claim]],
    limits: Sequence[HeldPolicy],
    documents: PolicyDocuments,
    accounts: Sequence[str | None],
) -> tuple[Possible, ...]:
    """Return every outcome once: in most accounts a permission set holds the same."""
    resolved: dict[object, Resolved] = {}

    def resolve(held: HeldPolicy, account: str | None, *, certain: bool = True) -> Resolved:
        found = documents.resolve(held, account)
        if not certain:
            found = replace(found, attachment=_allows_only(found.attachment))
        # Accounts whose policy is the same one, or of which nothing is known, need no second look.
        same = (id(held), certain, found.policy.urn if found.policy else found.attachment.missing)
        return resolved.setdefault(same, found)

    possible: dict[tuple[int, ...], Possible] = {}
    for account, chosen, limit in itertools.product(accounts, claims, limits or (None,)):
        grants = tuple(resolve(each.held, account, certain=each.certain) for each in chosen)
        boundary = resolve(limit, account) if limit is not None else None
        possible.setdefault((*map(id, grants), id(boundary)), Possible(grants, boundary))
    return tuple(possible.values())


def _allows_only(attachment: Attachment) -> Attachment:
    """Return a document that something may take off again: its Denies are not counted on."""
    if not isinstance(attachment.document, Document):
        return attachment
    allows = tuple(each for each in attachment.document.statements if each.effect is Effect.ALLOW)
    return attachment._replace(document=attachment.document._replace(statements=allows))


def _each_once(resolved: Iterable[Resolved]) -> tuple[Resolved, ...]:
    return tuple({id(each): each for each in resolved}.values())


def _verdict(
    outcome: Possible, shown: Sequence[Resolved], judge_as: Callable[..., Verdict], *others: Attachment
) -> tuple[Verdict, tuple[int, ...]]:
    """Judge one outcome; with the place of each of its documents among all that are shown."""
    own = readable(outcome.grants)
    boundary = outcome.limit.attachment if outcome.limit else None
    places = {id(each): place for place, each in enumerate(shown)}
    verdict = judge_as([*(each.attachment for each in own), *others], boundary)
    # Of the widest outcome nothing is shown, so its documents need no place.
    return verdict, tuple(places.get(id(each), 0) for each in own)


def _widest(outcome: Possible) -> Possible:
    """Return the outcome with every open part of a document giving as much as it can."""
    grants = tuple(map(_at_most, outcome.grants))
    return Possible(grants, _at_most(outcome.limit) if outcome.limit else None)


def _at_most(resolved: Resolved) -> Resolved:
    if resolved.at_most is None:
        return resolved
    # What cannot be read with its open parts filled in may say anything.
    readable_then = isinstance(resolved.at_most.document, Document)
    filled = resolved.at_most if readable_then else attach(EVERYTHING, resolved.attachment.name)
    return replace(resolved, attachment=filled)


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
    """Name one call that would succeed, and what it takes."""
    if witness is not None:
        yield "for example", f"it may call {called(judgement, witness)}"
        yield from conditions_of(judgement.readable, witness)


def called(judgement: Judgement, witness: Witness) -> str:
    """Name an action and its resource, unless a document that the stack keeps secret names the resource."""
    if any(each.secret for each in (*judgement.readable, *judgement.limits)):
        return f"{witness.action} on a resource that is {NOT_SHOWN}"
    return f"{witness.action} on {visibly_an_example(witness.resource)}"


def granting_urn(judgement: Judgement, witness: Witness | None) -> str | None:
    """Return the URN of the resource that brings the first granting document."""
    for place in _granting(witness):
        return judgement.readable[place.position].held.holder.urn
    return judgement.grants[0].held.holder.urn if judgement.grants else None


def granting_statement(witness: Witness | None) -> int | None:
    """Return the place of the first granting statement in its document."""
    return next((place.index for place in _granting(witness)), None)


def _granting(witness: Witness | None) -> list[StatementPlace]:
    """Return the statements of the identity's own policies that allow the call."""
    return [place for place in witness.statements if place.layer == 0] if witness else []
