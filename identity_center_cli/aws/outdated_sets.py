"""Accounts that have an older form of a permission set, as Identity Center's API says now.

They come to be where provisioning failed or took longer than its caller waited: the set is changed, the roles
in these accounts are not. Source: API reference, ListAccountsForProvisionedPermissionSet and
ListPermissionSetsProvisionedToAccount, ProvisioningStatus.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from identity_center.model.language.settings import AwsSettings
from identity_center.model.mistakes import suggestion
from identity_center.program.lookups.outdated_accounts import OutdatedAnswer
from identity_center_cli.aws.answers import part, reason
from identity_center_cli.aws.retries import ADAPTIVE
from identity_center_cli.aws.sessions import session_with

OUTDATED: Final = "LATEST_PERMISSION_SET_NOT_PROVISIONED"
_LATEST: Final = "LATEST_PERMISSION_SET_PROVISIONED"


class UnknownTargetError(Exception):
    """A permission set or account that was asked for and is not there."""


@dataclass(frozen=True, slots=True, order=True)
class Outdated:
    """One account with an older form of one permission set."""

    permission_set: str
    """The permission set's name."""
    account_id: str
    arn: str
    """ARN of the permission set."""

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.permission_set} in {self.account_id}"

    @property
    def remedy(self) -> str:
        """Say what brings the account up to date."""
        return remedy(self.permission_set, self.account_id)


def remedy(permission_set: str, account_id: str) -> str:
    """Say what brings an account up to date."""
    return f"identity-center provision --set {permission_set} --account {account_id}"


def read_outdated(settings: AwsSettings, instance_arn: str, arns: Sequence[str]) -> OutdatedAnswer:
    """Read which accounts have an older form of these sets, for the program: a request for each set."""
    try:
        client: Any = session_with(settings).client(
            "sso-admin", endpoint_url=settings.endpoints.get("ssoadmin"), config=ADAPTIVE
        )
        reader = OutdatedReader(client, instance_arn)
        found = {arn: reader.accounts(arn) for arn in arns}
    except (ClientError, BotoCoreError) as error:
        return OutdatedAnswer({}, f"sso:ListAccountsForProvisionedPermissionSet: {reason(error)}")
    return OutdatedAnswer({arn: accounts for arn, accounts in found.items() if accounts})


class OutdatedReader:
    """Asks which accounts of an instance are outdated; for each name once."""

    def __init__(self, sso: Any, instance_arn: str) -> None:  # noqa: ANN401 - boto3 makes its classes
        """Take a patient client and the instance."""
        self._sso, self._instance_arn = sso, instance_arn
        self._names: dict[str, str] = {}

    def of_sets(self, arns: Iterable[str]) -> list[Outdated]:
        """Return what is outdated of these sets, anywhere: a request for each set, and one for each name."""
        found = ((arn, account) for arn in arns for account in self.accounts(arn))
        return sorted(Outdated(self._name(arn), account, arn) for arn, account in found)

    def of(self, sets: Iterable[str], accounts: Iterable[str]) -> list[Outdated]:
        """Return what is outdated of the sets and in the accounts that are named, names or ARNs; else of all.

        Raises UnknownTargetError for a set that the instance has not, or an account that has no set.
        """
        chosen, places = self._arns(list(sets)), list(dict.fromkeys(accounts))
        if not places:
            return self.of_sets(chosen or self._all())
        found = ((arn, account) for account in places for arn in self._in_account(account))
        return sorted(
            Outdated(self._name(arn), account, arn) for arn, account in found if not chosen or arn in chosen
        )

    def _in_account(self, account: str) -> list[str]:
        asked = {"InstanceArn": self._instance_arn, "AccountId": account}
        operation, member = "list_permission_sets_provisioned_to_account", "PermissionSets"
        if not self._rows(operation, member, **asked):
            raise UnknownTargetError(f"no permission set is provisioned in account {account}")
        return self._rows(operation, member, **asked, ProvisioningStatus=OUTDATED)

    def accounts(self, arn: str) -> list[str]:
        """Return the accounts that have an older form of a set."""
        return self._accounts(arn, OUTDATED)

    def up_to_date(self, arn: str) -> list[str]:
        """Return the accounts that have a set in its latest form."""
        return self._accounts(arn, _LATEST)

    def _accounts(self, arn: str, status: str) -> list[str]:
        return self._rows(
            "list_accounts_for_provisioned_permission_set",
            "AccountIds",
            InstanceArn=self._instance_arn,
            PermissionSetArn=arn,
            ProvisioningStatus=status,
        )

    def _all(self) -> list[str]:
        return self._rows("list_permission_sets", "PermissionSets", InstanceArn=self._instance_arn)

    def _arns(self, sets: list[str]) -> set[str]:
        """Find sets by name. The API has no search, so each is asked for its name until all are found."""
        names = {name for name in sets if not name.startswith("arn:")}
        found = {name for name in sets if name.startswith("arn:")}
        for arn in self._all() if names else ():
            if self._name(arn) in names:
                found.add(arn)
                names.discard(self._name(arn))
            if not names:
                break
        if names:
            known = self._names.values()
            said = (
                f"the instance has no permission set named `{name}`; "
                f"{suggestion(name, known, kind='permission set')}"
                for name in sorted(names)
            )
            raise UnknownTargetError("\n".join(said))
        return found

    def _name(self, arn: str) -> str:
        if arn not in self._names:
            told = self._sso.describe_permission_set(InstanceArn=self._instance_arn, PermissionSetArn=arn)
            self._names[arn] = str(part(told, "PermissionSet")["Name"])
        return self._names[arn]

    def _rows(self, operation: str, member: str, **asked: str) -> list[str]:
        return list(self._each(operation, member, asked))

    def _each(self, operation: str, member: str, asked: dict[str, str]) -> Iterator[str]:
        for page in self._sso.get_paginator(operation).paginate(**asked):
            yield from part(page, member)
