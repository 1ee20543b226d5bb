"""What a role's trust policy says to one principal, as a document that says it to that principal alone.

The statements that are about the principal are kept without their Principal element. So a trust policy is
one more layer of documents, and the evaluator decides it together with what the principal's own documents
say, in one and the same state of the world.

Whoever is named by ARN in a trust of the own account needs no leave of its own; whose account is named needs
one; in another account both are needed (IAM User Guide, reference_policies_evaluation-logic).
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from enum import Enum
from functools import cache
from typing import Final, NamedTuple

from identity_guard.iam.document.document import Document
from identity_guard.iam.document.statement import NOBODY, Effect, PrincipalKind, Principals, Statement
from identity_guard.iam.evaluate.attachment import Attachment

from .organisation import Kind, Node

RESERVED: Final = re.compile(
    r"arn:[\w-]+:iam::(?P<account>\d{12}):role/aws-reserved/sso\.amazonaws\.com/(?:[\w-]+/)?"
    r"AWSReservedSSO_(?P<name>.+)_[0-9a-f]{16}"
)
"""The role that Identity Center keeps for a permission set in an account (IAM Identity Center User Guide,
referencingpermissionsets). Its last part is drawn by AWS; a set has one in an account."""
SESSION: Final = re.compile(r"arn:[\w-]+:sts::(?P<account>\d{12}):assumed-role/(?P<name>[^/]+)(?:/.*)?")


class Named(Enum):
    """How a trust policy is about a principal."""

    BY_ITSELF = "by itself"
    """A user by ARN, a session by ARN, or everybody: what a boundary leaves out does not limit that (IAM User
    Guide, access_policies_boundaries)."""
    BY_NAME = "by name"
    BY_ACCOUNT = "by its account"


class Trusted(NamedTuple):
    """What a trust policy says to one principal."""

    by_itself: Attachment | None
    """The statements that name it in a way which its boundary does not limit, and all that deny it."""
    by_name: Attachment | None
    """The statements that name it, and all that deny it."""
    by_account: Attachment | None
    """Those that name its account as well."""


def trusted(trust: Attachment, node: Node) -> Trusted:
    """Narrow a trust policy down to what it says to a node."""
    if not isinstance(trust.document, Document):
        return Trusted(None, None, None)
    allows: dict[Named, list[Statement]] = {how: [] for how in Named}
    denies: list[Statement] = []
    for statement in trust.document.statements:
        how = how_named(statement.principals or NOBODY, node)
        if how is not None:
            told = _for_everybody(statement)
            (denies if statement.effect is Effect.DENY else allows[how]).append(told)
    by_itself = allows[Named.BY_ITSELF]
    by_name = [*by_itself, *allows[Named.BY_NAME]]
    every = [*by_name, *allows[Named.BY_ACCOUNT]]
    return Trusted(*(_attachment(trust, each, denies) for each in (by_itself, by_name, every)))


def for_service(trust: Attachment, service: str) -> Attachment | None:
    """Narrow a trust policy down to what it says to a service; None where no statement lets it in."""
    if not isinstance(trust.document, Document):
        return None
    mine = [each for each in trust.document.statements if _names_service(each.principals or NOBODY, service)]
    allows = [_for_everybody(each) for each in mine if each.effect is Effect.ALLOW]
    denies = [_for_everybody(each) for each in mine if each.effect is Effect.DENY]
    return _attachment(trust, allows, denies)


def services_in(trust: Attachment) -> frozenset[str]:
    """Return the services that a trust policy names."""
    return frozenset(_named_in(trust, PrincipalKind.SERVICE))


def providers_in(trust: Attachment) -> frozenset[str]:
    """Return the identity providers that a trust policy names."""
    return frozenset(_named_in(trust, PrincipalKind.FEDERATED))


def arns_in(trust: Attachment) -> frozenset[str]:
    """Return the principals of AWS that a trust policy names, ARNs and account ids as they are written."""
    return frozenset(_named_in(trust, PrincipalKind.AWS))


def _named_in(trust: Attachment, kind: PrincipalKind) -> Iterable[str]:
    for statement in trust.statements:
        if statement.effect is Effect.ALLOW:
            yield from (statement.principals or NOBODY).of_kind(kind)


def _attachment(trust: Attachment, allows: list[Statement], denies: list[Statement]) -> Attachment | None:
    if not allows or not isinstance(trust.document, Document):
        return None
    return trust._replace(document=trust.document._replace(statements=(*allows, *denies)))


def _for_everybody(statement: Statement) -> Statement:
    return replace(statement, principals=None, resource_patterns=("*",), resources_excluded=False)


def how_named(principals: Principals, node: Node) -> Named | None:
    """Say how a Principal element is about a node; None where it is not."""
    found = {how for name in principals.of_kind(PrincipalKind.AWS) if (how := _how(name, node))}
    if principals.excluded:
        return Named.BY_ACCOUNT if not found else None
    return next((how for how in Named if how in found), None)


def _how(name: str, node: Node) -> Named | None:
    if name == "*":
        return Named.BY_ITSELF
    if name == node.arn:
        return Named.BY_ITSELF if node.kind is Kind.USER else Named.BY_NAME
    if account_named(name) == node.account:
        return Named.BY_ACCOUNT
    if node.kind is Kind.PERMISSION_SET and _is_role_of(name, RESERVED, node):
        return Named.BY_NAME
    return Named.BY_ITSELF if node.kind is Kind.ROLE and _is_role_of(name, SESSION, node) else None


def _is_role_of(name: str, form: re.Pattern[str], node: Node) -> bool:
    found = form.fullmatch(name)
    return found is not None and (found["account"], found["name"]) == (node.account, node.name)


@cache
def account_named(name: str) -> str | None:
    """Return the account that a principal names as a whole, by its id or as `root`."""
    if name.isdigit():
        return name
    parts = name.split(":", 5)
    return parts[4] if len(parts) > 5 and parts[5] == "root" else None  # noqa: PLR2004 - the parts of an ARN


def _names_service(principals: Principals, service: str) -> bool:
    return (service in principals.of_kind(PrincipalKind.SERVICE)) is not principals.excluded
