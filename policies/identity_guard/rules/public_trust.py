"""Nobody unnamed may assume a role.

A trust policy decides alone: no boundary and no Deny of another document takes back whom it lets in. So a
role is refused by itself, also in an update.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from identity_guard.iam.document.condition import Clause
from identity_guard.iam.document.statement import PrincipalKind, Statement
from identity_guard.iam.questions.proof import Witness
from identity_guard.iam.text.wildcard import matches
from identity_guard.stack.findings import Finding, Outcome, compose, quoted, undecided
from identity_guard.stack.resource_types import ROLE
from identity_guard.stack.resources import Resource
from identity_guard.stack.trusts import TRUST, Trust, trust_of, trusts_of
from identity_guard.stack.view import View

from .rule import EXCEPTIONS, Level, Rule, Settings, Severity

NAME: Final = "no-public-trust"

REMEDY: Final = (
    "name the accounts, roles, services or the identity provider's own tenant that may assume the role; with "
    "`*` as principal, add a condition that only your organisation meets, such as one on aws:PrincipalOrgID"
)

TENANT_REMEDY: Final = (
    "ask for the claim that names your own tenant at the provider, in full: for GitHub "
    "`repo:OWNER/NAME:...` in `:sub`, with the slash behind the owner; for others see the provider's page"
)


class PublicTrustJudge:
    """Judges every role by itself."""

    def whole(self, view: View, settings: Settings) -> Iterator[Finding]:
        """Judge every role."""
        del settings
        for trust in trusts_of(view):
            yield from (replace(found, about=trust.names) for found in _judge(trust))

    def one(self, resource: Resource, view: View, settings: Settings) -> Iterator[Finding]:
        """Judge a role that is about to be made."""
        del settings
        trust = trust_of(resource, view) if resource.type == ROLE else None
        if trust is not None:
            yield from (replace(found, about=trust.names) for found in _judge(trust))


def _judge(trust: Trust) -> Iterator[Finding]:
    urn = trust.role.urn
    if trust.verdict is None:
        path = trust.unknown.path if trust.unknown else TRUST
        claim = undecided(f"who may assume {trust.label}, and whether with MFA", waiting=True)
        why = ("because", f"`{path}` of {trust.role.label} is not known yet")
        remedy = "give it a value that the preview knows; otherwise the update decides"
        yield Finding(NAME, Outcome.UNDECIDED, compose(claim, [why], remedy), urn)
    elif trust.verdict.unreadable:
        claim = f"the trust policy of {trust.label} cannot be read as IAM would read it"
        details = [("place", reason) for reason in trust.verdict.unreadable]
        remedy = "correct the document; IAM would refuse it too"
        message = compose(claim, details, remedy)
        yield Finding(NAME, Outcome.VIOLATION, message, urn, excusable=False)
    elif trust.verdict.public:
        yield Finding(NAME, Outcome.VIOLATION, _public(trust), urn)
    elif trust.verdict.public is None:
        claim = f"undecided: whether anybody may assume {trust.label}"
        details = [("because", reason) for reason in trust.verdict.undecided]
        yield Finding(NAME, Outcome.UNDECIDED, compose(claim, details, REMEDY), urn)
    elif trust.at_most is not None and trust.at_most.public is not False and trust.unknown:
        claim = f"undecided: whether anybody may assume {trust.label}"
        details = [("because", f"whom `{trust.unknown.path}` names is open")]
        yield Finding(NAME, Outcome.UNDECIDED, compose(claim, details, REMEDY), urn)


def _public(trust: Trust) -> str:
    """Say who gets in, by which value, and what a stranger would present."""
    found = trust.verdict.witness if trust.verdict else None
    if found is None or trust.role.secret:
        claim = f"anybody may assume {trust.label}: its trust policy names nobody in particular"
        places = [("granted by", str(place)) for place in found.statements] if found else []
        return compose(claim, places, REMEDY)
    issuers = list(dict.fromkeys(_issuers(trust, found)))
    how = f"with a token of {quoted(issuers)}" if issuers else "from any AWS account"
    claim = f"anybody may assume {trust.label} {how}"
    details = [("granted by", str(place)) for place in found.statements]
    details += list(_too_wide(trust, found)) or [("why", _UNCONDITIONAL[bool(issuers)])]
    if not issuers:
        details.append(("for example", f"a stranger's account may call {found.action} on it"))
    return compose(claim, details, TENANT_REMEDY if issuers else REMEDY)


_UNCONDITIONAL: Final = {
    True: "no condition says which of the provider's users or tenants are meant",
    False: "no condition says which accounts are meant",
}


def _statements(trust: Trust, found: Witness) -> Iterator[Statement]:
    every = trust.verdict.attachment.statements if trust.verdict else ()
    indexes = {place.index for place in found.statements}
    yield from (each for each in every if each.index in indexes)


def _issuers(trust: Trust, found: Witness) -> Iterator[str]:
    """Yield the identity providers of the statements that let a stranger in."""
    if found.action == "sts:AssumeRole":
        return
    for statement in _statements(trust, found):
        names = statement.principals.of_kind(PrincipalKind.FEDERATED) if statement.principals else ()
        yield from (name.partition("-provider/")[2] or name for name in names)


def _too_wide(trust: Trust, found: Witness) -> Iterator[tuple[str, str]]:
    """Yield each value that takes a stranger's, with what the stranger presents."""
    context = {key.lower(): value for key, value in found.context.items()}
    for statement in _statements(trust, found):
        for clause in statement.clauses:
            presented = context.get(clause.key)
            if presented is None:
                yield (
                    "holds anyway",
                    f"`{clause.operator_name}` on `{clause.key}`: a stranger has no such key",
                )
            elif clause.key.endswith(_SAYS_NOT_WHOSE) or clause.key in _OF_EVERY_CALL:
                continue
            elif taken := _taking(clause, presented):
                shown = presented if isinstance(presented, str) else ", ".join(presented)
                yield "too wide", f"`{taken}` of `{clause.key}`: a stranger presents `{shown}`"


_SAYS_NOT_WHOSE: Final = (":aud", ":oaud", ":azp", ":iss")
"""Claims that anybody may ask a token for, with any value (GitHub Docs, OpenID Connect reference)."""
_OF_EVERY_CALL: Final = ("aws:securetransport", "aws:requestedregion", "aws:currenttime", "aws:epochtime")


def _taking(clause: Clause, presented: str | list[str]) -> str | None:
    """Return the value of a condition that takes what is presented; the operator where all but some do."""
    values = [presented] if isinstance(presented, str) else presented
    for written in clause.written:
        if any(matches(written, value) for value in values):
            return written
    return f"{clause.operator_name} {clause.written[0]}" if clause.written else None


RULE: Final = Rule(
    name=NAME,
    title="No role that anybody may assume",
    description="A role is assumed by those whom its trust policy names, and by nobody else.",
    level=Level.MANDATORY,
    severity=Severity.CRITICAL,
    remediation=REMEDY,
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user_externalid.html",
    judge=PublicTrustJudge(),
    settings=EXCEPTIONS,
)
