"""Who makes a request, and how the Principal element of a policy is about them.

Source: IAM User Guide, reference_policies_elements_principal and reference_identifiers.
"""

import re
from dataclasses import dataclass
from enum import Enum, IntEnum
from functools import cached_property
from typing import Final

from identity_guard.iam.document.statement import PrincipalKind, Principals

_ARN: Final = re.compile(
    r"arn:(?P<partition>[\w-]+):(?P<service>iam|sts)::(?P<account>\d{12}):"
    r"(?:(?P<kind>user|role|assumed-role|federated-user)/(?P<name>.+)|root)",
    re.ASCII,
)
RESERVED: Final = re.compile(
    r"arn:[\w-]+:(?:iam::(?P<account>\d{12}):role/aws-reserved/sso\.amazonaws\.com/(?:[\w-]+/)?"
    r"|sts::(?P<in_session>\d{12}):assumed-role/)AWSReservedSSO_(?P<set>.+)_(?P<drawn>[0-9a-f]{16})(?:/.*)?",
    re.ASCII,
)
"""The role that Identity Center keeps for a permission set in an account, and its sessions; AWS draws the
last part of the name (IAM Identity Center User Guide, referencingpermissionsets)."""


class CallerKind(Enum):
    """What kind of principal calls, by its ARN."""

    USER = "user"
    ROLE = "role"
    """In some session of the role, whose name is not known."""
    SESSION = "assumed-role"
    FEDERATED_USER = "federated-user"
    ROOT = "root"


class Named(IntEnum):
    """How a Principal element is about a caller; the higher, the closer."""

    ACCOUNT = 1
    """Its account is named."""
    EVERYBODY = 2
    ITSELF = 3
    """The user or the role is named."""
    SESSION = 4
    """The session alone is named."""


class UnknownCallerError(ValueError):
    """The ARN is that of no principal."""


@dataclass(frozen=True)
class Caller:
    """A principal. `role_arn` is the role of a session, where its path is known."""

    arn: str
    role_arn: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no principal's ARN. Raises UnknownCallerError."""
        _ = self._parts

    @cached_property
    def _parts(self) -> re.Match[str]:
        found = _ARN.fullmatch(self.arn)
        if found is None:
            raise UnknownCallerError(f"`{self.arn}` is no ARN of a user, a role or a session")
        return found

    @cached_property
    def kind(self) -> CallerKind:
        """What it is."""
        return CallerKind(self._parts["kind"] or "root")

    @property
    def account(self) -> str:
        """The id of its account."""
        return self._parts["account"]

    @property
    def name(self) -> str:
        """The name without path and session: `dev`, `Admin`."""
        name = self._parts["name"] or "root"
        return name.split("/")[0] if self.kind is CallerKind.SESSION else name.rpartition("/")[2]

    @property
    def is_session(self) -> bool:
        """Whether it calls with a role's session."""
        return self.kind in (CallerKind.ROLE, CallerKind.SESSION)

    @property
    def principal_arn(self) -> str:
        """What `aws:PrincipalArn` says: of a session the ARN of its role."""
        if self.kind is not CallerKind.SESSION:
            return self.arn
        return self.role_arn or f"arn:{self._parts['partition']}:iam::{self.account}:role/{self.name}"

    @property
    def is_service_linked(self) -> bool:
        """Whether it is a service-linked role, which no SCP limits."""
        return ":role/aws-service-role/" in self.principal_arn


def how_named(principals: Principals, caller: Caller) -> Named | None:
    """Return how closely names are about a caller; None where none is. `excluded` is left to who asks."""
    found = (_how(name, caller) for name in principals.of_kind(PrincipalKind.AWS))
    return max((each for each in found if each), default=None)


def _how(name: str, caller: Caller) -> Named | None:
    if name == "*":
        return Named.EVERYBODY
    if name == caller.account or name.endswith(f"::{caller.account}:root"):
        return Named.ACCOUNT
    if name == caller.arn:
        return Named.SESSION if caller.kind is CallerKind.SESSION else Named.ITSELF
    return Named.ITSELF if caller.is_session and _is_its_role(name, caller) else None


def _is_its_role(name: str, caller: Caller) -> bool:
    """Say whether a name is that of a session's role. Of a session alone the role's path is not known."""
    if name == caller.principal_arn:
        return True
    if caller.kind is CallerKind.SESSION and caller.role_arn is None:
        found = _ARN.fullmatch(name)
        same = found is not None and found["kind"] == "role" and found["account"] == caller.account
        return same and found is not None and found["name"].rpartition("/")[2] == caller.name
    return False
