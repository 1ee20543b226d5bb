"""Customer-managed policies that permission sets need, by the accounts where they have to be."""

from collections.abc import Iterable, Iterator, Mapping

from .access import Grant
from .account_questions import NOBODY_ASKED, AccountAnswer, shown
from .customer_policies import CustomerPolicy
from .errors import Mistake
from .policies_of_sets import ResolvedSet

Needed = Mapping[tuple[str, CustomerPolicy], str]
"""For each account and policy, the key of one permission set that needs it there."""


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
    together: dict[tuple[str, str], list[str]] = {}
    for (account_id, policy), key in sorted(needed.items()):
        answer = answers.get(account_id, NOBODY_ASKED)
        if policy not in answer.exists:
            what = f"`{policy}` for permission set `{key}`"
            together.setdefault((what, answer.unseen), []).append(account_id)
    for (what, why), accounts in together.items():
        yield (
            f"customer-managed policy {what} is unchecked in {shown(accounts, 'accounts')}: {why}; an "
            "assignment fails where the policy is not"
        )
