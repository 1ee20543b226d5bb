"""The accounts of the organisation, as far as the credentials of the run may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from .accounts import MANAGEMENT
from .nearest import nearest


class AccountState(Enum):
    """Whether an account can be assigned to. Source: Organizations, shape AccountState; others cannot."""

    ACTIVE = "ACTIVE"
    """In use."""
    OTHER = "OTHER"
    """Suspended, closed, or about to be."""


@dataclass(frozen=True)
class MemberAccount:
    """One account of the organisation."""

    account_id: str
    name: str
    state: AccountState


@dataclass(frozen=True)
class Organisation:
    """What the Organizations API says of the accounts."""

    management_account_id: str
    accounts: Mapping[str, MemberAccount] | None
    """By id; None where the credentials may not list accounts: then no id can be checked."""

    @classmethod
    def of(cls, management_account_id: str, accounts: Sequence[MemberAccount]) -> "Organisation":
        """Make one from a list; a list without the management account was not allowed to be read."""
        by_id = {account.account_id: account for account in accounts}
        return cls(management_account_id, by_id if management_account_id in by_id else None)

    def account_id(self, account: str) -> str:
        """Return the id that an account of the configuration stands for."""
        return self.management_account_id if account == MANAGEMENT else account

    def problem(self, account: str) -> tuple[str, str] | None:
        """Say why an account cannot be assigned to, and what to write; None if nothing is against it."""
        if self.accounts is None:
            return None
        account_id = self.account_id(account)
        known = self.accounts.get(account_id)
        if known is None:
            return f"account `{account}` is not in the organisation", self._closest(account_id)
        if known.state is not AccountState.ACTIVE:
            return f"account `{account}` is suspended or closed", "remove it: AWS refuses assignments there"
        return None

    def _closest(self, account_id: str) -> str:
        accounts = self.accounts or {}
        closest = nearest(account_id, accounts)
        if closest is not None:
            return f"did you mean `{closest}` ({accounts[closest].name})?"
        return f"its accounts are listed by `aws organizations list-accounts` ({len(accounts)} of them)"
