"""The root users of a whole organisation: every account read, in parallel and at one pace."""

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import boto3
from botocore.exceptions import ClientError

from identity_center_cli.aws import clock
from identity_center_cli.aws.answers import NO_ANSWER, Unseen, part, reason
from identity_center_cli.aws.root.posture import RootPosture, Standing
from identity_center_cli.aws.root.reading import Facts, read_as_account, read_as_root
from identity_center_cli.aws.root.sessions import Doors, Task
from identity_center_cli.aws.token_bucket import TokenBucket

CREDENTIALS_MANAGEMENT: Final = "RootCredentialsManagement"
#: What lets an organisation manage its members' root users. Source: IAM user guide, "Centralize root access".
ENABLE: Final = (
    "aws organizations enable-aws-service-access --service-principal iam.amazonaws.com",
    "aws iam enable-organizations-root-credentials-management",
)
_NOT_TRUSTED: Final = "ServiceAccessNotEnabledException"
THREADS: Final = 16
#: The caller's own session has ended: every further request would be refused, too.
_ENDED: Final = (
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
)


class NoOrganisationError(Exception):
    """The account is in no organisation, or may not list its accounts."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the organisation, before its root user is read."""

    account_id: str
    name: str
    active: bool


@dataclass(frozen=True)
class AuditedOrganisation:
    """Whose root users are read."""

    organization_id: str
    management_account_id: str
    accounts: tuple[Account, ...]
    features: tuple[str, ...] | None
    """The features for root that are enabled; None where AWS did not say."""
    why_not: str = ""
    """Why AWS did not say."""

    @property
    def manages_root(self) -> bool | None:
        """Whether it manages root users of its members centrally; None where that is not known."""
        if self.features is not None:
            return CREDENTIALS_MANAGEMENT in self.features
        # Without trusted access for IAM it has no features.
        return False if _NOT_TRUSTED in self.why_not else None


@dataclass(frozen=True)
class RootAudit:
    """What an audit found."""

    organization_id: str
    management_account_id: str
    features: tuple[str, ...] | None
    read_at: datetime
    postures: Mapping[str, RootPosture]
    """By account id."""

    def of_standing(self, standing: Standing) -> tuple[RootPosture, ...]:
        """Return the postures with this verdict, by account id."""
        return tuple(each for _, each in sorted(self.postures.items()) if each.standing is standing)


@dataclass
class Auditor:
    """Reads the root users of the caller's organisation."""

    session: boto3.Session
    requests_per_second: float = 10.0
    """Over all accounts together."""
    role_name: str | None = None
    """A role that every member account has, for those where a root session is refused."""
    _ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Open the doors."""
        self.doors = Doors(self.session, TokenBucket(self.requests_per_second, burst=1))

    def organisation(self) -> AuditedOrganisation:
        """Read which accounts there are. Raises NoOrganisationError; a list that breaks off is no list.

        Raises BrokenAnswerError where half of an answer comes.
        """
        organizations = self.doors.organizations()
        try:
            told = part(organizations.describe_organization(), "Organization")
            pages = organizations.get_paginator("list_accounts").paginate()
            accounts = tuple(
                Account(each["Id"], each["Name"], each.get("Status") == "ACTIVE")
                for page in pages
                for each in part(page, "Accounts")
            )
        except ClientError as error:
            remedy = (
                "the session of these credentials has ended: run again with new ones"
                if reason(error) in _ENDED
                else "use credentials of the management account or of IAM's delegated administrator"
            )
            raise NoOrganisationError(
                f"the organisation's accounts could not be listed (organizations:{error.operation_name}: "
                f"{reason(error)}); {remedy}"
            ) from error
        if told["MasterAccountId"] not in {each.account_id for each in accounts}:
            raise NoOrganisationError(
                "the list of accounts does not hold the management account, so it is not the whole "
                "organisation; use credentials of the management account or of IAM's delegated administrator"
            )
        unseen = Unseen()
        features = unseen.ask("iam:ListOrganizationsFeatures", self._features)
        return AuditedOrganisation(
            told["Id"], told["MasterAccountId"], accounts, features, "; ".join(unseen.reasons)
        )

    def _features(self) -> tuple[str, ...]:
        return tuple(self.doors.own_iam().list_organizations_features().get("EnabledFeatures", ()))

    def read(
        self,
        organisation: AuditedOrganisation,
        accounts: Iterable[Account],
        on_read: Callable[[RootPosture], None] = lambda _posture: None,
    ) -> dict[str, RootPosture]:
        """Read accounts in parallel; `on_read` gets each posture as it comes, in the caller's thread."""
        found: dict[str, RootPosture] = {}
        with ThreadPoolExecutor(THREADS) as pool:
            futures = [pool.submit(self.read_one, organisation, account) for account in accounts]
            try:
                for future in as_completed(futures):
                    posture = future.result()
                    found[posture.account_id] = posture
                    on_read(posture)
            except BaseException:
                # Ctrl-C: what has not begun is not begun any more.
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return found

    def read_one(self, organisation: AuditedOrganisation, account: Account) -> RootPosture:
        """Read the root user of one account; whatever is refused is in `unseen`."""
        unseen = Unseen()
        management = account.account_id == organisation.management_account_id
        through, facts = "", Facts()
        if not account.active:
            unseen.reasons.append("the account is suspended or closed")
        elif self._ended.is_set():
            unseen.reasons.append("the session of these credentials has ended: run again with new ones")
        else:
            through, facts = self._facts(organisation, account, unseen)
        return RootPosture(
            account.account_id,
            account.name,
            management,
            clock.now(),
            seen_through=through,
            # The management account's root user is its own, whatever the organisation does.
            centrally_managed=False if management else organisation.manages_root,
            unseen=tuple(unseen.reasons),
            **facts,
        )

    def _facts(
        self, organisation: AuditedOrganisation, account: Account, unseen: Unseen
    ) -> tuple[str, Facts]:
        """Read through the first door that opens."""
        if account.account_id == organisation.management_account_id:
            return self._facts_of_management(account, unseen)
        if organisation.manages_root is not False:
            try:
                return "root session", read_as_root(
                    self.doors.as_root(account.account_id, Task.AUDIT), unseen
                )
            except NO_ANSWER as error:
                self._note(error)
                unseen.reasons.append(f"sts:AssumeRoot: {reason(error)}")
        else:
            unseen.reasons.append("the organisation does not manage root users centrally")
        return self._facts_through_role(account, unseen)

    def _facts_of_management(self, account: Account, unseen: Unseen) -> tuple[str, Facts]:
        own = unseen.ask("sts:GetCallerIdentity", lambda: self.doors.sts.get_caller_identity()["Account"])
        if own == account.account_id:
            return "own credentials", read_as_account(self.doors.own_iam(), unseen)
        return self._facts_through_role(account, unseen)

    def _facts_through_role(self, account: Account, unseen: Unseen) -> tuple[str, Facts]:
        if self.role_name is None:
            return "", {}
        try:
            iam = self.doors.through_role(account.account_id, self.role_name)
        except NO_ANSWER as error:
            self._note(error)
            unseen.reasons.append(f"sts:AssumeRole {self.role_name}: {reason(error)}")
            return "", {}
        return f"role {self.role_name}", read_as_account(iam, unseen)

    def _note(self, error: Exception) -> None:
        if reason(error) in _ENDED:
            self._ended.set()
