"""As whom an identity calls: the ARN of its user, of its role, or of its permission set's role.

AWS draws the last part of a permission set's role, and puts the Region of Identity Center into its path or
not. So there are two examples of such a role, and a policy that tells them apart leaves the answer open;
unless it has a name that can only be this set's, since a set has one role in an account.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from identity_guard.iam.catalogue.arn_shapes import USUAL
from identity_guard.iam.document.statement import PrincipalKind
from identity_guard.iam.evaluate.attachment import Attachment
from identity_guard.iam.requests.caller import RESERVED, Caller
from identity_guard.stack.identities import Identity
from identity_guard.stack.observe import text_of
from identity_guard.stack.resource_types import IdentityKind
from identity_guard.stack.resources import Resource

PRINCIPAL_ARN: Final = "aws:principalarn"
_EXAMPLES: Final = (
    "AWSReservedSSO_{name}_0123456789abcdef",
    "eu-central-1/AWSReservedSSO_{name}_fedcba9876543210",
)


@dataclass(frozen=True)
class Mentions:
    """What policies say of who calls, each of them with its statements about one action alone."""

    names: frozenset[str] = frozenset()
    """ARNs of principals, and values that `aws:PrincipalArn` is compared with."""
    asks: bool = False
    """Whether a condition or a variable depends on the ARN."""

    def with_those_of(self, attachments: Iterable[Attachment]) -> "Mentions":
        """Return these together with those of further policies."""
        statements = [each for attachment in attachments for each in attachment.statements]
        asking = [each for each in statements if each.principals or each.condition]
        if not asking:
            return self
        names, asks = set(self.names), self.asks
        for statement in asking:
            names.update(statement.principals.of_kind(PrincipalKind.AWS) if statement.principals else ())
            for clause in statement.clauses:
                names.update(clause.written if clause.key == PRINCIPAL_ARN else ())
                asks = asks or clause.key == PRINCIPAL_ARN
                asks = asks or (clause.has_variables and PRINCIPAL_ARN in " ".join(clause.written).lower())
        return replace(self, names=frozenset(names), asks=asks)


@dataclass(frozen=True)
class Callers:
    """Who may be meant by an identity in an account."""

    callers: tuple[Caller, ...]
    account_known: bool
    """False where an account that nobody has stands in for the real one."""

    @property
    def account(self) -> str | None:
        """The account, where it is known."""
        return self.callers[0].account if self.account_known else None


def callers_of(identity: Identity, account: str | None, mentions: Mentions) -> Callers:
    """Return who calls; policies may name the role of a permission set."""
    name = name_of(identity)
    arn = text_of(identity.resource.identifier("arn")) if identity.resource else None
    known = account or (arn.split(":")[4] if arn and ":iam::" in arn else None) or _digits(identity.key.where)
    where = known or USUAL.account
    if identity.key.kind is IdentityKind.PERMISSION_SET:
        return Callers(tuple(map(Caller, _reserved(name, where, mentions))), known is not None)
    if arn is None or ":iam::" not in arn:
        kind = "user" if identity.key.kind is IdentityKind.USER else "role"
        arn = f"arn:aws:iam::{where}:{kind}{_path(identity.resource)}{name}"
    return Callers((Caller(arn),), known is not None)


def name_of(identity: Identity) -> str:
    """Return the name in AWS, where it is known; else as the program names it."""
    known = text_of(identity.resource.identifier("name")) if identity.resource else None
    return known or (identity.resource.name if identity.resource else identity.key.value)


def _digits(where: str | None) -> str | None:
    return where if where is not None and where.isdigit() else None


def _path(made: Resource | None) -> str:
    return (made.declared.text("path") if made else None) or "/"


def _reserved(name: str, account: str, mentions: Mentions) -> list[str]:
    named = sorted(each for each in mentions.names if _is_of(each, name, account))
    if named:
        return named
    folder = f"arn:aws:iam::{account}:role/aws-reserved/sso.amazonaws.com/"
    examples = [folder + each.format(name=name) for each in _EXAMPLES]
    return examples if mentions.asks else examples[:1]


def _is_of(arn: str, name: str, account: str) -> bool:
    found = RESERVED.fullmatch(arn) if name in arn else None
    return found is not None and (found["set"], found["account"]) == (name, account)
