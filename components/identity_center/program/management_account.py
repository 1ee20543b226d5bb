"""What a delegated administrator cannot do: told before AWS refuses it, without a reason, in the update.

Source: AWS IAM Identity Center user guide, "Delegated administration".
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import pulumi

from identity_center.model.access.other_accounts import ProvisionedSets
from identity_center.model.access.permission_sets import ResolvedSet
from identity_center.model.language.settings import AwsSettings
from identity_center.model.mistakes import Mistake
from identity_center.resources.instance import Instance
from identity_center.resources.refusal import RefusedLookupError

from .aws_settings import read_aws_settings

ProvisioningReader: TypeAlias = Callable[[AwsSettings, str, str], ProvisionedSets]
"""Reads which permission sets of an instance are provisioned in an account."""


@dataclass(frozen=True)
class DelegatedAdministrator:
    """A run with credentials of another account than the management account."""

    account_id: str
    management_account_id: str
    instance: Instance

    def mistakes(
        self,
        assigned_there: Iterable[str],
        sets: Mapping[str, ResolvedSet],
        reader: ProvisioningReader | None,
    ) -> Iterator[Mistake]:
        """Find what AWS would refuse to it; warn where AWS does not say.

        `assigned_there` are keys of permission sets that the model assigns in the management account.
        """
        there = sorted(set(assigned_there))
        if there:
            yield self._assigns_there(", ".join(f"`{key}`" for key in there))
        provisioned = self._provisioned(reader) if sets else ProvisionedSets()
        if provisioned.unseen:
            pulumi.log.warn(
                "which permission sets are provisioned in the management account is unchecked: "
                f"{provisioned.unseen}; the delegated administrator can neither change nor assign those"
            )
        for key, made in sets.items():
            if made.name in provisioned.names:
                yield self._provisioned_there(key)

    def _provisioned(self, reader: ProvisioningReader | None) -> ProvisionedSets:
        if reader is None:
            return ProvisionedSets(unseen="this program has nothing to read it with")
        try:
            settings = replace(read_aws_settings(), region=self.instance.region)
        except RefusedLookupError as error:
            return ProvisionedSets(unseen=error.problem)
        return reader(settings, self.instance.arn, self.management_account_id)

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
