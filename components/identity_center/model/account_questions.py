"""What accounts are asked before anything is made, and what they answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .customer_policies import CustomerPolicy

#: A longer list does not help the reader of one line.
_SHOWN = 5


@dataclass(frozen=True)
class Asked:
    """What one account is asked for."""

    policies: frozenset[CustomerPolicy] = frozenset()
    roles: frozenset[str] = frozenset()
    """ARNs of roles."""


@dataclass(frozen=True)
class AccountQuestions:
    """What is asked of accounts other than the run's own."""

    partition: str
    role: str
    """Role that is assumed in each account, with its path where it has one."""
    by_account: Mapping[str, Asked]


@dataclass(frozen=True)
class SeenRole:
    """A role as IAM gives it."""

    arn: str
    """Its own, which may have another path than the one asked for: IAM looks roles up by name alone."""
    trust: str
    """Its trust policy, as JSON text."""


@dataclass(frozen=True)
class AccountAnswer:
    """What one account says of what it was asked for."""

    exists: Mapping[CustomerPolicy, bool] = field(default_factory=dict)
    """Of the policies that it answered for."""
    unseen: str = ""
    """Why it did not answer for the other policies."""
    roles: Mapping[str, SeenRole | None] = field(default_factory=dict)
    """By the ARN asked for, of the roles that it answered for; None where it has none of that name."""
    unseen_roles: str = ""
    """Why it did not answer for the other roles."""

    @classmethod
    def refused(cls, why: str) -> "AccountAnswer":
        """Answer nothing at all, and say why."""
        return cls(unseen=why, unseen_roles=why)


NOBODY_ASKED = AccountAnswer.refused("nobody was asked")


def questions_of(
    policies: Iterable[tuple[str, CustomerPolicy]], roles: Iterable[tuple[str, str]]
) -> dict[str, Asked]:
    """Put what each account is asked for together, so that each is entered once."""
    found: dict[str, tuple[set[CustomerPolicy], set[str]]] = {}
    for account_id, policy in policies:
        found.setdefault(account_id, (set(), set()))[0].add(policy)
    for account_id, role in roles:
        found.setdefault(account_id, (set(), set()))[1].add(role)
    return {
        account_id: Asked(frozenset(its_policies), frozenset(its_roles))
        for account_id, (its_policies, its_roles) in found.items()
    }


def shown(what: list[str], counted: str) -> str:
    """Name the first few of a list and count the rest."""
    more = f" and {len(what) - _SHOWN} more {counted}" if len(what) > _SHOWN else ""
    return f"{', '.join(what[:_SHOWN])}{more}"
