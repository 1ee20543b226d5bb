"""Who may assume a role, judged from its trust policy alone.

A stranger is a principal of an account and organisation that nobody named. A trust is public if some
stranger may assume the role, or if an identity provider that anybody can sign in to is trusted without a
condition that names one's own tenant.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from typing import Any, Final, NamedTuple

from identity_guard.iam.catalogue.actions import catalogue, union
from identity_guard.iam.catalogue.arn_shapes import Own
from identity_guard.iam.catalogue.context_keys import TAGS_OF_REQUEST
from identity_guard.iam.document.document import DocumentKind, Unreadable, parse
from identity_guard.iam.document.statement import NOBODY, PrincipalKind
from identity_guard.iam.evaluate.attachment import Attachment, Origin, Source
from identity_guard.iam.evaluate.callers import ASSUMING, HANDED_OVER, assuming_actions
from identity_guard.iam.evaluate.context_state import Setting
from identity_guard.iam.evaluate.decision import StatementPlace, decide_truth
from identity_guard.iam.evaluate.grants import Grants
from identity_guard.iam.evaluate.statements import LayeredStatement
from identity_guard.iam.evaluate.strangers import (
    STRANGE_ACCOUNT,
    absent_of,
    claims_of_guest,
    claims_of_stranger,
    foreign_claims,
    provider_of,
)
from identity_guard.iam.evaluate.worlds import Assumptions, State
from identity_guard.iam.text.three_valued import any_of

from .mfa import NO_MFA
from .mfa_patterns import WrongPattern, wrong_patterns
from .proof import Witness, call_context

# Whom a trust policy lets in.
ANYBODY: Final = "*"


class TrustedPrincipalKind(Enum):
    """What a trust policy names."""

    ANYBODY = "anybody"
    ACCOUNT = "a whole account"
    IAM_USER = "an IAM user"
    ROLE = "a role"
    SERVICE = "an AWS service"
    SAML = "a SAML provider"
    OIDC = "an identity provider"
    OTHER = "a principal"


@dataclass(frozen=True, slots=True)
class TrustedPrincipal:
    """One principal that a statement lets in."""

    kind: TrustedPrincipalKind
    name: str
    statement: StatementPlace
    requires_mfa: bool | None
    """Whether it can assume the role with MFA only. Of services and federated callers this is no flaw."""
    external_id: bool
    """Whether the statement asks for `sts:ExternalId`."""
    excluded: bool
    """True where the statement lets in everybody but the one named."""


def trusted_principal_kind(kind: PrincipalKind, name: str) -> TrustedPrincipalKind:
    """Tell what a principal of a trust policy is, by how it is written."""
    if kind is PrincipalKind.SERVICE:
        return TrustedPrincipalKind.SERVICE
    if kind is PrincipalKind.FEDERATED:
        return TrustedPrincipalKind.SAML if ":saml-provider/" in name else TrustedPrincipalKind.OIDC
    if name == ANYBODY:
        return TrustedPrincipalKind.ANYBODY
    tail = name.split(":", 5)[-1]
    if tail == "root" or name.isdigit():
        return TrustedPrincipalKind.ACCOUNT
    if tail.startswith("user/"):
        return TrustedPrincipalKind.IAM_USER
    return (
        TrustedPrincipalKind.ROLE
        if tail.startswith(("role/", "assumed-role/"))
        else TrustedPrincipalKind.OTHER
    )


def _kind(kind: PrincipalKind, name: str, *, excluded: bool, as_service: bool) -> TrustedPrincipalKind:
    """Tell what a principal of a statement is; a star that only services pass is a service."""
    if as_service:
        return TrustedPrincipalKind.SERVICE
    return TrustedPrincipalKind.ANYBODY if excluded else trusted_principal_kind(kind, name)


@cache
def _by_provider() -> int:
    """Return the actions that a federated caller has for it; AssumeRole takes credentials of AWS."""
    return catalogue().mask_of(ASSUMING[1:])


@cache
def _by_token() -> int:
    """Return the action by which a token of OpenID Connect is handed in."""
    return catalogue().mask_of(ASSUMING[2:])


class Shown(NamedTuple):
    """A state in which somebody can assume the role, and the actions by which they do."""

    grants: Grants
    state: State
    actions: int


class Assuming(NamedTuple):
    """Whether a principal can assume the role by a statement, None where it cannot be decided."""

    truth: bool | None
    shown: Shown | None = None
    """The proof, where they can."""


class TrustVerdict:
    """The answers about one trust policy. Make one with `judge_trust`."""

    def __init__(self, attachment: Attachment, now: float) -> None:
        self.attachment = attachment
        self.setting = Setting(Own(), now)

    @cached_property
    def _grants(self) -> Grants:
        return Grants([[self.attachment]], self.setting)

    @cached_property
    def _for_strangers(self) -> Grants:
        return Grants([[self.attachment]], self.setting._replace(stranger=True))

    @cached_property
    def _for_services(self) -> Grants:
        return Grants([[self.attachment]], self.setting._replace(of_service=True))

    @cached_property
    def _assuming(self) -> list[LayeredStatement]:
        return [layered for layered in self._grants.allows if layered.actions.possible & assuming_actions()]

    @property
    def unreadable(self) -> tuple[str, ...]:
        """Why the document cannot be read; empty where it can."""
        document = self.attachment.document
        return document.reasons if isinstance(document, Unreadable) else ()

    @property
    def undecided(self) -> tuple[str, ...]:
        """Why the answers are None, where they are."""
        if self.unreadable:
            return tuple(f"{self.attachment.name} cannot be read: {reason}" for reason in self.unreadable)
        if self.attachment.document is None:
            return (f"{self.attachment.name}: {self.attachment.missing}",)
        if None in (self.public, self.requires_mfa):
            return (f"{self.attachment.name}: a condition cannot be decided",)
        return ()

    @property
    def _known(self) -> bool:
        return self.attachment.document is not None and not self.unreadable

    @cached_property
    def trusted_principals(self) -> tuple[TrustedPrincipal, ...]:
        """Everybody whom some statement lets in and no statement wholly keeps out."""
        return tuple(trusted for layered in self._assuming for trusted in self._of_statement(layered))

    def _of_statement(self, layered: LayeredStatement) -> list[TrustedPrincipal]:
        principals = layered.statement.principals or NOBODY
        found = []
        for kind, name in principals.named:
            if (
                kind is PrincipalKind.FEDERATED
                and name == ANYBODY
                and (PrincipalKind.AWS, ANYBODY) in principals.named
            ):
                continue
            who = (PrincipalKind.AWS, ANYBODY) if principals.excluded else (kind, name)
            asked = next((each for each in self._as_who(who) if self._may_assume(each, layered, who)), None)
            if asked is None:
                continue
            without = self._can_assume(asked, layered, who, Assumptions(values=(NO_MFA,))).truth
            found.append(
                TrustedPrincipal(
                    kind=_kind(
                        kind, name, excluded=principals.excluded, as_service=asked is self._for_services
                    ),
                    name=name,
                    statement=StatementPlace(
                        self.attachment.name, layered.statement.index, layered.statement.sid, 0
                    ),
                    requires_mfa=None if without is None else not without,
                    external_id=any(clause.key == "sts:externalid" for clause in layered.statement.clauses),
                    excluded=principals.excluded,
                )
            )
        return found

    def _as_who(self, who: tuple[PrincipalKind, str]) -> Iterator[Grants]:
        """Yield as which callers a principal is asked for: a star may stand for services, too."""
        if who[0] is not PrincipalKind.SERVICE:
            yield self._grants
        if who[0] is PrincipalKind.SERVICE or who[1] == ANYBODY:
            yield self._for_services

    def _may_assume(self, grants: Grants, layered: LayeredStatement, who: tuple[PrincipalKind, str]) -> bool:
        return self._can_assume(grants, layered, who, Assumptions()).truth is not False

    def _can_assume(
        self,
        grants: Grants,
        layered: LayeredStatement,
        who: tuple[PrincipalKind, str],
        assumptions: Assumptions,
    ) -> Assuming:
        """Say whether a principal passes a statement's condition in some state in which no Deny holds."""
        mine = next(each for each in grants.allows if each.statement is layered.statement)
        denies = [
            each
            for each in grants.denies
            if _denies(each, mine, who) and grants.space.can_hold(each, assumptions)
        ]
        worlds = grants.space.worlds([mine, *denies], assumptions)
        perhaps = worlds is None
        certain = layered.actions.certain & assuming_actions()
        # A token's call carries the token's claims: states of other calls, without them, are not its own.
        of_token = layered.actions.possible & _by_provider() if who[0] is PrincipalKind.FEDERATED else 0
        for world in worlds or ():
            if of_token and not grants.valid(world) & of_token:
                continue
            allowed = grants.space.holds(mine, world)
            truth = decide_truth(
                [[allowed if certain or not allowed else None]],
                (grants.space.holds(each, world) for each in denies),
            )
            if truth:
                by_provider = certain & _by_provider() if who[0] is PrincipalKind.FEDERATED else 0
                return Assuming(truth, Shown(grants, State(world, assumptions), by_provider or certain))
            perhaps = perhaps or truth is None
        return Assuming(None if perhaps else False)

    @cached_property
    def requires_mfa(self) -> bool | None:
        """Whether nobody can assume the role without MFA; by the text alone, so a service never needs it."""
        if not self._known:
            return None
        answers = [trusted.requires_mfa for trusted in self.trusted_principals]
        return False if False in answers else None if None in answers else True

    @cached_property
    def public(self) -> bool | None:
        """Whether anybody, or any account, may assume the role."""
        if not self._known:
            return None
        answers = [found.truth for found in self._strangers]
        return True if True in answers else None if None in answers else False

    @cached_property
    def _strangers(self) -> tuple[Assuming, ...]:
        """What each statement that lets somebody in says of strangers."""
        return tuple(map(self._lets_strangers_in, self._assuming))

    def _lets_strangers_in(self, layered: LayeredStatement) -> Assuming:
        principals = layered.statement.principals or NOBODY
        everybody = principals.excluded or any(
            ANYBODY in name for kind, name in principals.named if kind is PrincipalKind.AWS
        )
        if everybody:
            stranger = (PrincipalKind.AWS, f"arn:aws:iam::{STRANGE_ACCOUNT}:root")
            assumptions = Assumptions(
                ordinary=True, values=tuple(self._absent_from_calls_of_aws(layered).items())
            )
            return self._can_assume(self._for_strangers, layered, stranger, assumptions)
        answers = [self._shared(layered, name) for name in principals.of_kind(PrincipalKind.FEDERATED)]
        shown = next((each for each in answers if each.truth), None)
        return shown or Assuming(any_of(each.truth for each in answers))

    def _absent_from_calls_of_aws(self, layered: LayeredStatement) -> dict[str, tuple[None]]:
        """Return the keys that a stranger with credentials of AWS cannot bring along."""
        grants = self._grants
        clauses = [clause for each in grants.statements for clause in each.statement.clauses]
        absent = {} if layered.actions.possible & _by_provider() else foreign_claims("", clauses)
        allowed = union(each.actions.possible for each in grants.allows)
        for action, keys in HANDED_OVER.items():
            if not allowed & catalogue().mask_of([action]):
                absent |= absent_of(keys, clauses)
        return absent

    def _shared(self, layered: LayeredStatement, name: str) -> Assuming:
        """Say whether a provider that anybody can use is trusted without naming one's own tenant."""
        if not layered.actions.possible & _by_provider():
            return Assuming(truth=False)
        who = (PrincipalKind.FEDERATED, name)
        if name == ANYBODY:
            return self._can_assume(self._for_strangers, layered, who, Assumptions(ordinary=True))
        provider = provider_of(name)
        if provider is None or not layered.actions.possible & _by_token():
            return Assuming(truth=False)
        clauses = [clause for each in self._grants.statements for clause in each.statement.clauses]
        foreign = foreign_claims(provider, clauses)
        for claims in (claims_of_stranger(provider, clauses), claims_of_guest(provider, clauses)):
            if claims is None:
                continue
            grants = Grants([[self.attachment]], self.setting._replace(stranger=True, tried=claims.values))
            shown = {key: _or_none(key, values) for key, values in claims.values.items()}
            assumptions = Assumptions(values=(*shown.items(), *foreign.items()))
            found = self._can_assume(grants, layered, who, assumptions)
            if found.truth is not False or not claims.complete:
                return found if found.truth else Assuming(None)
        return Assuming(truth=False)

    @cached_property
    def mfa_mistakes(self) -> tuple[WrongPattern, ...]:
        """Statements that ask for MFA in a way known to be wrong."""
        return tuple(wrong_patterns(self._grants.statements))

    @cached_property
    def witness(self) -> Witness | None:
        """One way a stranger gets the role, or None if the trust is not public."""
        if not self.public:
            return None
        for layered, found in zip(self._assuming, self._strangers, strict=True):
            if found.shown is not None:
                grants, state, certain = found.shown
                action = next(name for name in ASSUMING if certain & catalogue().mask_of([name]))
                place = StatementPlace(
                    self.attachment.name, layered.statement.index, layered.statement.sid, 0
                )
                return Witness(action, "the role", call_context(grants, state), (place,))
        return None


def _or_none(key: str, values: tuple[str, ...]) -> tuple[str | None, ...]:
    """Return a claim's values; a token has the tags of a session only where they were asked for."""
    return (*values, None) if key.startswith(TAGS_OF_REQUEST) else values


def _denies(deny: LayeredStatement, allow: LayeredStatement, who: tuple[PrincipalKind, str]) -> bool:
    """Say whether a Deny is certainly about a principal and all that the Allow lets it do."""
    if allow.actions.possible & assuming_actions() & ~deny.actions.certain:
        return False
    principals = deny.statement.principals or NOBODY
    covered = any(_covers(named, who) for named in principals.named)
    if principals.excluded:
        # Everybody but those named is denied; a whole account is spared with any of its principals named.
        return not any(_covers(named, who) or _covers(who, named) for named in principals.named)
    return covered


def _covers(wide: tuple[PrincipalKind, str], narrow: tuple[PrincipalKind, str]) -> bool:
    """Say whether naming one principal takes in another: `*`, the same one, or its whole account."""
    if wide[0] is not narrow[0]:
        return False
    if wide[1] in (ANYBODY, narrow[1]):
        return True
    account = _account(wide[1])
    is_root = wide[1].isdigit() or wide[1].endswith(":root")
    return wide[0] is PrincipalKind.AWS and is_root and account is not None and account == _account(narrow[1])


def _account(name: str) -> str | None:
    if name.isdigit():
        return name
    parts = name.split(":")
    return parts[4] if len(parts) > 4 and parts[4].isdigit() else None  # noqa: PLR2004 - the account part of an ARN


def judge_trust(document: str | Mapping[str, Any] | Attachment, now: float | None = None) -> TrustVerdict:
    """Judge a role's trust policy, given as text, decoded, or as an attachment parsed as a trust policy."""
    if not isinstance(document, Attachment):
        parsed = parse(document, DocumentKind.TRUST)
        document = Attachment(Source(Origin.INLINE, "trust policy"), parsed)
    return TrustVerdict(document, time.time() if now is None else now)
