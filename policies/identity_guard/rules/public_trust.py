"""Nobody unnamed may assume a role.

A trust policy decides alone: no boundary and no Deny of another document takes back whom it lets in. So a
role is refused by itself, also in an update.
"""

from collections.abc import Iterator
from typing import Final

from identity_guard.stack.findings import Finding, Outcome, compose, undecided
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


class PublicTrustJudge:
    """Judges every role by itself."""

    def whole(self, view: View, settings: Settings) -> Iterator[Finding]:
        """Judge every role."""
        del settings
        for trust in trusts_of(view):
            yield from _judge(trust)

    def one(self, resource: Resource, view: View, settings: Settings) -> Iterator[Finding]:
        """Judge a role that is about to be made."""
        del settings
        trust = trust_of(resource, view) if resource.type == ROLE else None
        if trust is not None:
            yield from _judge(trust)


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
    claim = f"anybody may assume {trust.label}: its trust policy names nobody in particular"
    found = trust.verdict.witness if trust.verdict else None
    details = []
    if found is not None:
        details += [("granted by", str(place)) for place in found.statements]
        details.append(("for example", f"a stranger's account may call {found.action} on it"))
    return compose(claim, details, REMEDY)


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
