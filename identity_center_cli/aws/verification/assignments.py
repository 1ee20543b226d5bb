"""Whether account assignments are in an instance, and their permission sets provisioned and up to date.

Only what is wanted is asked for: two requests for each permission set and one for each of its accounts,
whatever else the instance holds. Sources: API reference, ListAccountAssignments, and
ListAccountsForProvisionedPermissionSet with its ProvisioningStatus.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar

from botocore.exceptions import ClientError

from identity_center_cli.aws.access import AccountAssignment, OtherGrant
from identity_center_cli.aws.answers import Answer, Unseen, part
from identity_center_cli.aws.outdated_sets import OutdatedReader

#: What there is none of.
GONE: Final = "ResourceNotFoundException"


class Standing(Enum):
    """How an assignment stands in AWS."""

    FINE = "fine"
    MISSING = "not in the instance"
    NOT_PROVISIONED = "not provisioned"
    OUTDATED = "outdated"
    UNREAD = "not read"


Granted = TypeVar("Granted", AccountAssignment, OtherGrant)


@dataclass(frozen=True)
class Checked(Generic[Granted]):
    """How each assignment stands, and what AWS did not answer."""

    standings: Mapping[Granted, Standing]
    unread: tuple[str, ...]

    def that_are(self, standing: Standing) -> list[Granted]:
        """Return those of one standing."""
        return sorted(each for each, found in self.standings.items() if found is standing)


def check_assignments(
    sso: Any,  # noqa: ANN401 - boto3 makes its classes
    instance_arn: str,
    wanted: Collection[AccountAssignment],
) -> Checked[AccountAssignment]:
    """Ask a patient client about each of them; what is refused is named, and the rest is asked."""
    checker = _Checker(sso, instance_arn)
    by_set = groupby(sorted(wanted, key=_PLACE), attrgetter("permission_set_arn"))
    for arn, of_set in by_set:
        checker.check_set(arn, list(of_set))
    return Checked(checker.standings, tuple(checker.unseen.reasons))


_PLACE: Final = attrgetter("permission_set_arn", "account_id")


class _Checker:
    def __init__(self, sso: Any, instance_arn: str) -> None:  # noqa: ANN401 - boto3 makes its classes
        self._sso, self._instance_arn = sso, instance_arn
        self._roles = OutdatedReader(sso, instance_arn)
        self.unseen = Unseen()
        self.standings: dict[AccountAssignment, Standing] = {}

    def check_set(self, arn: str, wanted: list[AccountAssignment]) -> None:
        provisioned = self._provisioned(arn)
        for account, here in groupby(wanted, attrgetter("account_id")):
            found = self._assigned(arn, account)
            for each in here:
                self.standings[each] = _standing(each, found, provisioned)

    def _provisioned(self, arn: str) -> Mapping[str, Standing] | None:
        """Return the accounts that have the set; None where AWS did not say."""
        nowhere: dict[str, Standing] = {}
        return self.unseen.ask(
            "sso:ListAccountsForProvisionedPermissionSet",
            lambda: _unless_gone(lambda: self._standings_of_roles(arn), nowhere),
        )

    def _standings_of_roles(self, arn: str) -> dict[str, Standing]:
        return {
            **dict.fromkeys(self._roles.up_to_date(arn), Standing.FINE),
            **dict.fromkeys(self._roles.accounts(arn), Standing.OUTDATED),
        }

    def _assigned(self, arn: str, account: str) -> frozenset[AccountAssignment] | None:
        """Return who is assigned the set in an account; None where AWS did not say."""
        nobody = frozenset[AccountAssignment]()
        return self.unseen.ask(
            "sso:ListAccountAssignments",
            lambda: _unless_gone(lambda: frozenset(self._listed(arn, account)), nobody),
        )

    def _listed(self, arn: str, account: str) -> Iterable[AccountAssignment]:
        pages = self._sso.get_paginator("list_account_assignments").paginate(
            InstanceArn=self._instance_arn, PermissionSetArn=arn, AccountId=account
        )
        for page in pages:
            for one in part(page, "AccountAssignments"):
                yield AccountAssignment(one["PrincipalType"], one["PrincipalId"], arn, account)


def _unless_gone(question: Callable[[], Answer], nothing: Answer) -> Answer:
    """Answer a question about a permission set; one that is gone is assigned and provisioned nowhere."""
    try:
        return question()
    except ClientError as error:
        if error.response["Error"]["Code"] != GONE:
            raise
        return nothing


def _standing(
    one: AccountAssignment,
    assigned: Collection[AccountAssignment] | None,
    provisioned: Mapping[str, Standing] | None,
) -> Standing:
    if assigned is not None and one not in assigned:
        return Standing.MISSING
    if assigned is None or provisioned is None:
        return Standing.UNREAD
    return provisioned.get(one.account_id, Standing.NOT_PROVISIONED)
