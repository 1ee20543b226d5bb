"""Whom a trust policy lets in."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from .decision import StatementPlace
from .principal import PrincipalKind

ANYBODY: Final = "*"


class PartyKind(Enum):
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
class Party:
    """One principal that a statement lets in."""

    kind: PartyKind
    name: str
    statement: StatementPlace
    requires_mfa: bool | None
    """Whether it can assume the role with MFA only. Of services and federated callers this is no flaw."""
    external_id: bool
    """Whether the statement asks for `sts:ExternalId`."""
    excluded: bool
    """True where the statement lets in everybody but the one named."""


def party_kind(kind: PrincipalKind, name: str) -> PartyKind:
    """Tell what a principal of a trust policy is, by how it is written."""
    if kind is PrincipalKind.SERVICE:
        return PartyKind.SERVICE
    if kind is PrincipalKind.FEDERATED:
        return PartyKind.SAML if ":saml-provider/" in name else PartyKind.OIDC
    if name == ANYBODY:
        return PartyKind.ANYBODY
    tail = name.split(":", 5)[-1]
    if tail == "root" or name.isdigit():
        return PartyKind.ACCOUNT
    if tail.startswith("user/"):
        return PartyKind.IAM_USER
    return PartyKind.ROLE if tail.startswith(("role/", "assumed-role/")) else PartyKind.OTHER
