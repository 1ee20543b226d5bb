"""What is known of the root user of one account, and whether that is as it should be.

The best state of a member's root user is to have no password, no access key and no signing certificate: then
there is nothing that MFA could protect (IAM user guide, "Centrally manage root access for member accounts").
Missing MFA therefore counts only where a password or a key exists.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final


class Standing(Enum):
    """The verdict on one account."""

    BAD = "bad"
    """Its root user has an access key, or a password or key without MFA."""
    UNKNOWN = "unknown"
    """Something that decides was not seen."""
    FINE = "fine"
    """Everything that decides was seen, and nothing is against it."""


@dataclass(frozen=True, slots=True)
class RootKey:
    """An access key of a root user."""

    identifier: str
    """Its id; `access key 1` or `access key 2` where only a credential report was seen, which shows none."""
    active: bool
    last_used: datetime | None
    """None where it was never used, as far as AWS records."""


@dataclass(frozen=True, slots=True)
class RootPosture:
    """The root user of one account as it was read. None stands for what was not seen."""

    account_id: str
    account_name: str
    management: bool
    """Whether it is the management account: nothing but its own root user can change its root user."""
    read_at: datetime
    seen_through: str = ""
    """`root session`, `role NAME` or `own credentials`; empty where nothing answered."""
    has_access_key: bool | None = None
    access_keys: tuple[RootKey, ...] | None = None
    has_password: bool | None = None
    has_mfa: bool | None = None
    certificates: int | None = None
    """Signing certificates; from a summary, which only tells whether there are any, 1 stands for some."""
    last_used: datetime | None = None
    """When a password or key was last used, of what was seen."""
    centrally_managed: bool | None = None
    """Whether the organisation manages root credentials of its members centrally; never the management's."""
    unseen: tuple[str, ...] = ()
    """What could not be read, and why."""

    @property
    def standing(self) -> Standing:
        """Return the verdict."""
        if self.flaws:
            return Standing.BAD
        return Standing.UNKNOWN if self._undecided else Standing.FINE

    @property
    def flaws(self) -> tuple[str, ...]:
        """Say what is wrong for certain."""
        found = []
        if self.has_access_key:
            found.append(HAS_KEY)
        if self.has_mfa is False and (self.has_password or self.has_access_key):
            found.append(WITHOUT_MFA)
        return tuple(found)

    @property
    def advice(self) -> tuple[str, ...]:
        """Say what had better be removed, though no rule is broken."""
        return (HAS_CERTIFICATE,) if self.certificates else ()

    @property
    def _undecided(self) -> bool:
        credentials = (self.has_access_key, self.has_password)
        mfa_matters = any(each is not False for each in credentials)
        facts = (*credentials, self.certificates, self.has_mfa if mfa_matters else False)
        return any(each is None for each in facts)

    @property
    def remedy(self) -> str:
        """Say what to do; empty where nothing is to be done."""
        if self.standing is Standing.FINE and not self.advice:
            return ""
        if self.standing is Standing.UNKNOWN:
            return "read it: " + "; ".join(self.unseen)
        if self.management:
            return "sign in as root and do it there: identity-center root remediate shows the steps"
        return f"remove root's credentials: identity-center root remediate {self.account_id}"


HAS_KEY: Final = "root has an access key"
WITHOUT_MFA: Final = "root has a password or key without MFA"
HAS_CERTIFICATE: Final = "root has a signing certificate"
