"""Customer-managed policies that permission sets need, by the accounts where they have to be."""

from collections.abc import Iterable, Mapping

from .access import Grant
from .customer_policies import CustomerPolicy
from .policies_of_sets import ResolvedSet


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
