"""IAM users sign in with MFA, and so does whoever assumes a role by name.

In IAM it is policies that ask for MFA, and they are judged by what they do: a user with a console password
or an access key is bound if, without MFA, it can use nothing beyond what setting up MFA needs. The ways of
asking that are known not to work are named (IAM User Guide, reference_policies_condition-keys).

In an Identity Center session `aws:MultiFactorAuthPresent` is absent whatever the person did (same page). A
permission set that asks for it locks people out or checks nothing; which of them, the message says.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from identity_guard.iam.document.statement import Effect, Statement
from identity_guard.iam.questions.mfa_patterns import AGE, PRESENT, WrongPattern
from identity_guard.iam.questions.trust import TrustedPrincipal, TrustedPrincipalKind
from identity_guard.stack.findings import Finding, Outcome, compose, undecided
from identity_guard.stack.identities import Identity, Key
from identity_guard.stack.judgement import Judgement, called
from identity_guard.stack.phase import Phase
from identity_guard.stack.resource_types import ROLE, IdentityKind
from identity_guard.stack.resources import Resource
from identity_guard.stack.trusts import Trust, trust_of, trusts_of
from identity_guard.stack.view import View, limiting_holders, unordered, without

from .rule import EXCEPTIONS, Level, Reference, Rule, Settings, Severity
from .wording import wrong_requirements

NAME: Final = "iam-mfa"

REMEDY: Final = (
    "let people sign in through Identity Center and use roles instead of IAM users; or attach to the user or "
    "its group the policy that `identity-center mfa policy` prints and docs/rules/iam-mfa.md shows: it "
    "denies all but setting up MFA where BoolIfExists aws:MultiFactorAuthPresent is false"
)
TRUST_REMEDY: Final = 'add the condition Bool aws:MultiFactorAuthPresent "true" to the statement'

WORDING_REMEDY: Final = (
    "deny all but setting up MFA where BoolIfExists aws:MultiFactorAuthPresent is false, as "
    "`identity-center mfa policy` prints it"
)

ABSENT_THERE: Final = (
    "in an Identity Center session aws:MultiFactorAuthPresent is absent, whatever people did"
)

PORTAL_ROLES: Final = ("aws-reserved/sso.amazonaws.com/", "AWSReservedSSO_")
"""Parts of the names of the roles that Identity Center makes (IAM Identity Center user guide)."""


class IamMfaJudge:
    """Judges users with credentials, trust policies, and permission sets that ask for MFA."""

    def whole(self, view: View, settings: Settings) -> Iterator[Finding]:
        """Judge every identity and every role's trust."""
        del settings
        for identity in view.identities.everyone:
            wrong = wrong_requirements(NAME, identity, view, WORDING_REMEDY)
            for finding in (*_judge(identity, view), *_order(identity, view), *wrong):
                yield replace(finding, about=identity.names)
        for trust in trusts_of(view):
            yield from _judge_trust(trust)

    def one(self, resource: Resource, view: View, settings: Settings) -> Iterator[Finding]:
        """Refuse a trust by itself, and a credential or grant that leaves a user unbound."""
        del settings
        for identity in view.touched:
            for finding in _judge(identity, view):
                yield replace(finding, urn=resource.urn, about=identity.names)
        trust = trust_of(resource, view) if resource.type == ROLE else None
        if trust is not None:
            yield from _judge_trust(trust)


def _judge(identity: Identity, view: View) -> Iterator[Finding]:
    if identity.key.kind is IdentityKind.PERMISSION_SET:
        yield from _portal(view.judgement(identity))
    if not identity.credentials:
        return
    judgement = view.judgement(identity)
    enforced = judgement.known.mfa_enforced
    elsewhere = [key.value for key in identity.groups if not _is_here(key, view)]
    joining = _groups_not_known_yet(identity, view)
    if enforced is False and (elsewhere or joining or judgement.missing):
        # What is not at hand may be the very policy that binds.
        enforced = None
    if enforced is False:
        yield _unbound(identity, judgement)
    elif enforced is None or (judgement.missing and judgement.at_most.mfa_enforced is not True):
        question = f"whether {identity.label}, who has {_credentials(identity)}, is bound to MFA"
        claim = undecided(question, waiting=judgement.waits or bool(joining))
        reasons = [f"the policies of group `{name}` are not in this stack" for name in elsewhere] + joining
        if judgement.missing or not reasons:
            reasons += judgement.open_reasons
        details = [("because", reason) for reason in reasons]
        yield Finding(
            NAME, Outcome.UNDECIDED, compose(claim, details, REMEDY), identity.credentials[0].holder.urn
        )


def _order(identity: Identity, view: View) -> Iterator[Finding]:
    """Advise where a credential may be made before what binds its user to MFA."""
    if view.phase is not Phase.PREVIEW or not identity.credentials:
        return
    if view.judgement(identity).known.mfa_enforced is not True:
        return
    binding = limiting_holders(identity, view)
    if not binding or view.judge(without(identity, binding, view)).known.mfa_enforced:
        return
    binding |= {each.urn: each for each in identity.memberships if identity.groups}
    credentials = [each.holder for each in identity.credentials]
    for credential, binder in unordered(credentials, binding.values(), view):
        claim = f"{credential.label} may be made before {binder.label}, which binds {identity.label} to MFA"
        why = ("why", "in between it could be used without MFA; the update refuses that")
        remedy = f"let {credential.label} depend on {binder.label} (dependsOn)"
        yield Finding(NAME, Outcome.ADVICE, compose(claim, [why], remedy), credential.urn)
        return


def _is_here(group: Key, view: View) -> bool:
    """Say whether a group is made by this stack, so that all its policies can be in sight."""
    found = view.identities.by_key.get(group)
    return found is not None and found.resource is not None


def _groups_not_known_yet(identity: Identity, view: View) -> list[str]:
    """Say which memberships of a user name a group that the preview cannot tell yet."""
    own = {each.urn for each in identity.memberships}
    return [
        f"`{each.path}` of {each.holder.label} is not known yet"
        for each in view.identities.unresolved
        if each.kind is IdentityKind.GROUP and each.holder.urn in own
    ]


def _credentials(identity: Identity) -> str:
    return " and ".join(sorted({each.called for each in identity.credentials}))


def _unbound(identity: Identity, judgement: Judgement) -> Finding:
    claim = f"{identity.label} has {_credentials(identity)} and can be used without MFA"
    details = [
        ("with", "; ".join(dict.fromkeys(each.holder.label for each in identity.credentials))),
        *_mistakes(judgement.known.mfa_mistakes),
    ]
    found = judgement.known.witness_without_mfa
    if found is not None:
        for place in found.statements:
            if place.layer == 0:
                holder = judgement.readable[place.position].held.holder
                details.append(("granted by", f"{place}, through {holder.label}"))
        details.append(("for example", f"without MFA it may call {called(judgement, found)}"))
    return Finding(
        NAME, Outcome.VIOLATION, compose(claim, details, REMEDY), identity.credentials[0].holder.urn
    )


def _mistakes(patterns: tuple[WrongPattern, ...]) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        yield "does not work", f"{pattern.document}, {pattern.statement}: {pattern.why}"


def _judge_trust(trust: Trust) -> Iterator[Finding]:
    if trust.verdict is None or trust.verdict.unreadable:
        return
    for trusted in trust.verdict.trusted_principals:
        yield from _judge_trusted_principal(trust, trusted)


def _judge_trusted_principal(trust: Trust, trusted: TrustedPrincipal) -> Iterator[Finding]:
    details = [("granted by", str(trusted.statement))]
    if trusted.requires_mfa and any(part in trusted.name for part in PORTAL_ROLES):
        claim = f"nobody of Identity Center can assume {trust.label}: its trust policy asks for MFA"
        details.append(("why", ABSENT_THERE))
        remedy = "leave the condition out for them: the MFA setting of Identity Center binds them"
        yield Finding(NAME, Outcome.ADVICE, compose(claim, details, remedy), trust.role.urn)
    elif trusted.kind is TrustedPrincipalKind.IAM_USER and trusted.requires_mfa is not True:
        doubt = "" if trusted.requires_mfa is False else "perhaps "
        claim = f"{trust.label} can {doubt}be assumed by an IAM user without MFA"
        details += _mistakes(trust.verdict.mfa_mistakes if trust.verdict else ())
        outcome = Outcome.VIOLATION if trusted.requires_mfa is False else Outcome.UNDECIDED
        yield Finding(NAME, outcome, compose(claim, details, TRUST_REMEDY), trust.role.urn, trust.names)
    elif trusted.kind is TrustedPrincipalKind.ACCOUNT and not (trusted.requires_mfa or trusted.external_id):
        # A role that assumes another one has no MFA to show: whoever uses it showed it before, or did not.
        claim = f"{trust.label} can be assumed by {trusted.kind.value} without MFA"
        remedy = f"where people assume it, {TRUST_REMEDY}; for software of others, ask for sts:ExternalId"
        yield Finding(NAME, Outcome.ADVICE, compose(claim, details, remedy), trust.role.urn)


def _portal(judgement: Judgement) -> Iterator[Finding]:
    """Tell what a permission set's MFA condition really does."""
    for resolved in judgement.readable:
        for statement in resolved.attachment.statements:
            effect = _portal_effect(statement)
            if effect is None:
                continue
            holder = resolved.held.holder
            place = f"{resolved.attachment.name}, {statement.label}, through {holder.label}"
            claim = f"{judgement.label} asks for MFA where it cannot be asked for: {effect}"
            details = [
                ("place", place),
                (
                    "why",
                    "in an Identity Center session aws:MultiFactorAuthPresent is absent, whatever people did",
                ),
            ]
            remedy = (
                "leave the condition out: the MFA setting of Identity Center binds everybody who signs in"
            )
            yield Finding(NAME, Outcome.ADVICE, compose(claim, details, remedy), holder.urn)


def _portal_effect(statement: Statement) -> str | None:
    """Say what a statement with an MFA condition does where the key is absent."""
    clauses = [clause for clause in statement.clauses if clause.key in (PRESENT, AGE)]
    if not clauses:
        return None
    holds = all(clause.holds(None) is not False for clause in clauses)
    if statement.effect is Effect.DENY:
        return "it locks everybody out of what the statement denies" if holds else "the Deny never applies"
    return (
        "the statement allows without any check of MFA" if holds else "the statement allows nobody anything"
    )


RULE: Final = Rule(
    name=NAME,
    title="IAM users are bound to MFA",
    description="An IAM user with a password or key, and a role that names users, is used with MFA only.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    remediation=REMEDY,
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
    judge=IamMfaJudge(),
    settings=EXCEPTIONS,
    references=(
        Reference("CIS AWS Foundations Benchmark", "5.0.0", "1.9"),
        Reference("CIS AWS Foundations Benchmark", "3.0.0", "1.10"),
        Reference("CIS AWS Foundations Benchmark", "1.4.0", "1.10"),
        Reference("CIS AWS Foundations Benchmark", "6.0.0", "2.9"),
        Reference("CIS AWS Foundations Benchmark", "7.0.0", "2.10"),
        Reference("AWS Foundational Security Best Practices", "1.0.0", "IAM.5"),
    ),
)
