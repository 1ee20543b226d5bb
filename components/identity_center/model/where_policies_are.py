"""Customer-managed policies that permission sets need, by the accounts where they have to be."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from .access import Grant
from .customer_policies import CustomerPolicy
from .errors import Mistake
from .policies_of_sets import ResolvedSet

#: A longer list of accounts does not help the reader of one line.
_SHOWN = 5

Needed = Mapping[tuple[str, CustomerPolicy], str]
"""For each account and policy, the key of one permission set that needs it there."""


@dataclass(frozen=True)
class PolicyQuestions:
    """What is asked of accounts other than the run's own."""

    partition: str
    role: str
    """Role that is assumed in each account, with its path where it has one."""
    by_account: Mapping[str, frozenset[CustomerPolicy]]


@dataclass(frozen=True)
class AccountAnswer:
    """What one account says of the policies that have to be there."""

    exists: Mapping[CustomerPolicy, bool] = field(default_factory=dict)
    """Of those that it was asked about and answered."""
    unseen: str = ""
    """Why it did not say it of the others."""


def policies_needed(
    sets: Mapping[str, ResolvedSet], grants: Iterable[Grant]
) -> dict[tuple[str, CustomerPolicy], str]:
    """Return, for each account and policy, the key of one permission set that needs it there."""
    needed: dict[tuple[str, CustomerPolicy], str] = {}
    for grant in grants:
        made = sets.get(grant.permission_set)
        for policy in made.policies_of_the_accounts() if made else ():
            needed.setdefault((grant.account_id, policy), grant.permission_set)
    return needed


def by_account(needed: Needed) -> dict[str, frozenset[CustomerPolicy]]:
    """Put the policies of each account together, so that each is looked into once."""
    found: dict[str, set[CustomerPolicy]] = {}
    for account_id, policy in needed:
        found.setdefault(account_id, set()).add(policy)
    return {account_id: frozenset(policies) for account_id, policies in found.items()}


def absent_policies(needed: Needed, answers: Mapping[str, AccountAnswer]) -> Iterator[Mistake]:
    """Name every policy that an account says it does not have."""
    for (account_id, policy), key in sorted(needed.items()):
        answer = answers.get(account_id)
        if answer and answer.exists.get(policy) is False:
            yield Mistake(
                ("permissionSets", key),
                f"account {account_id}, where it is assigned, has no policy `{policy}`",
                "make the policy there first: AWS looks for it by name and path in each account",
                at_key=True,
            )


def unchecked_policies(needed: Needed, answers: Mapping[str, AccountAnswer]) -> Iterator[str]:
    """Say of which policies it is not known whether they are there, where, and why."""
    silent = AccountAnswer(unseen="nobody was asked")
    together: dict[tuple[str, str], list[str]] = {}
    for (account_id, policy), key in sorted(needed.items()):
        answer = answers.get(account_id, silent)
        if policy not in answer.exists:
            what = f"`{policy}` for permission set `{key}`"
            together.setdefault((what, answer.unseen), []).append(account_id)
    for (what, why), accounts in together.items():
        yield (
            f"customer-managed policy {what} is unchecked in {_shown(accounts)}: {why}; an assignment fails "
            "where the policy is not"
        )


def _shown(accounts: list[str]) -> str:
    more = f" and {len(accounts) - _SHOWN} more accounts" if len(accounts) > _SHOWN else ""
    return f"{', '.join(accounts[:_SHOWN])}{more}"
