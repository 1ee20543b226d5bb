"""What a delegated administrator cannot do: told before AWS refuses it, without a reason, in the update.

Source: AWS IAM Identity Center user guide, "Delegated administration".
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from identity_center.model.mistakes import Mistake

from .other_accounts import ProvisionedSets
from .permission_sets import ResolvedSet


@dataclass(frozen=True)
class DelegatedAdministrator:
    """A run with credentials of another account than the management account."""

    account_id: str

    def mistakes(
        self,
        assigned_there: Iterable[str],
        sets: Mapping[str, ResolvedSet],
        provisioned: ProvisionedSets,
    ) -> Iterator[Mistake]:
        """Find what AWS would refuse to it.

        `assigned_there` are keys of permission sets that the model assigns in the management account,
        `provisioned` those that the management account has already.
        """
        there = sorted(set(assigned_there))
        if there:
            yield self._assigns_there(", ".join(f"`{key}`" for key in there))
        for key, made in sets.items():
            if made.name in provisioned.names:
                yield self._provisioned_there(key)

    def _assigns_there(self, keys: str) -> Mistake:
        problem = (
            f"gives {keys} in the management account, which account {self.account_id} cannot do: the "
            "delegated administrator cannot manage what is provisioned there"
        )
        remedy = (
            "take the management account out, and give access there through permission sets of its own, in a "
            "stack that runs with its credentials"
        )
        return Mistake(("assignments",), problem, remedy, at_key=True)

    def _provisioned_there(self, key: str) -> Mistake:
        problem = (
            f"is provisioned in the management account, so account {self.account_id} can neither change nor "
            "assign it: the delegated administrator cannot manage what is provisioned there"
        )
        remedy = (
            "with the management account's credentials, take it out there and use another permission set, or "
            "give this one another name"
        )
        return Mistake(("permissionSets", key), problem, remedy, at_key=True)
