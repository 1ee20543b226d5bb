"""What a call carries that somebody makes directly: from a console, a shell or a program of theirs.

So it comes over TLS, through no service of AWS, and says who calls. Everything else, such as the Region, the
address or a tag, nobody knows before the call is made; `open_keys` names what policies ask about.

Source: IAM User Guide, reference_policies_condition-keys ("Availability" of each key).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.context_keys import (
    CROSS_SERVICE,
    OF_FEDERATED_SESSIONS,
    OF_IDENTITY_CENTER,
)
from identity_guard.iam.evaluate.attachment import Attachment
from identity_guard.iam.evaluate.context_space import actions_carrying
from identity_guard.iam.evaluate.decision import ContextValue

from .caller import Caller, CallerKind

OF_EVERY_CALL: Final[Mapping[str, ContextValue]] = {
    "aws:SecureTransport": True,
    "aws:PrincipalIsAWSService": False,
    "aws:ViaAWSService": False,
}
ABSENT: Final = frozenset(
    {
        "aws:assumedroot",
        "aws:calledvia",
        "aws:calledviafirst",
        "aws:calledvialast",
        "aws:principalservicename",
        "aws:principalservicenameslist",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
    }
)
"""Keys of calls that a service of AWS makes, or that are made as a root user by AssumeRoot."""
MFA_KEYS: Final = frozenset({"aws:multifactorauthpresent", "aws:multifactorauthage"})
"""Absent in a session of Identity Center."""
_OF_A_SESSION: Final = ABSENT | {"aws:username"}
_OF_A_USER: Final = ABSENT | CROSS_SERVICE | OF_FEDERATED_SESSIONS
_OF_IDENTITY_CENTER: Final = _OF_A_SESSION | MFA_KEYS | (CROSS_SERVICE - OF_IDENTITY_CENTER)
TYPES: Final = {
    CallerKind.USER: "User",
    CallerKind.ROLE: "AssumedRole",
    CallerKind.SESSION: "AssumedRole",
    CallerKind.FEDERATED_USER: "FederatedUser",
    CallerKind.ROOT: "Account",
}


@dataclass(frozen=True)
class InOrganisation:
    """Where in an organisation an account is."""

    organisation_id: str
    path: tuple[str, ...]
    """The ids from the root down to the unit that it is in."""

    @cached_property
    def org_path(self) -> str:
        """The path as `aws:PrincipalOrgPaths` has it."""
        return "/".join((self.organisation_id, *self.path, ""))


def carried(
    caller: Caller,
    resource_account: str | None = None,
    of_caller: InOrganisation | None = None,
    of_resource: InOrganisation | None = None,
) -> dict[str, ContextValue]:
    """Return what a direct call carries, as far as its caller and the resource tell."""
    found: dict[str, ContextValue] = {
        **OF_EVERY_CALL,
        "aws:PrincipalArn": caller.principal_arn,
        "aws:PrincipalAccount": caller.account,
        "aws:PrincipalType": TYPES[caller.kind],
    }
    if caller.kind is CallerKind.USER:
        found["aws:username"] = caller.name
    if resource_account is not None:
        found["aws:ResourceAccount"] = resource_account
    for prefix, place in (("aws:Principal", of_caller), ("aws:Resource", of_resource)):
        if place is not None:
            found[f"{prefix}OrgID"] = place.organisation_id
            found[f"{prefix}OrgPaths"] = [place.org_path]
    return found


def absent_from(caller: Caller, *, identity_center: bool) -> frozenset[str]:
    """Return the keys that a direct call has not; `identity_center` for sessions of Identity Center."""
    if identity_center:
        return _OF_IDENTITY_CENTER
    return _OF_A_SESSION if caller.is_session else _OF_A_USER


def open_keys(
    action: str, attachments: Iterable[Attachment], known: Iterable[str], absent: frozenset[str]
) -> frozenset[str]:
    """Return the keys in lower case that policies ask about, and of which nothing is known for a call."""
    asked: set[str] = set()
    for each in attachments:
        for statement in each.statements:
            if statement.asked_keys:
                asked |= statement.asked_keys
    if not asked:
        return frozenset()
    told = {key.lower() for key in known} | absent
    return frozenset([key for key in asked - told if _may_carry(action.lower(), key)])


@cache
def _may_carry(action: str, key: str) -> bool:
    """Say whether calls of an action can carry a key: keys of a service come with its own actions only."""
    carriers = actions_carrying(key)
    bit = catalogue().bit_of(action)
    return carriers is None or bit is None or bool(carriers >> bit & 1)
