"""The organisation as the Organizations API says it is now: accounts, units and tags, as far as needed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from identity_center.model.language.settings import AwsSettings
from identity_center.model.language.targets import Reading
from identity_center.model.organisation.organisation import (
    AccountState,
    LimitingPolicies,
    LimitingPolicy,
    MemberAccount,
    Organisation,
    PolicyKind,
    Unit,
    UnreadOrganisationError,
)
from identity_center_cli.aws.retries import ADAPTIVE, tell_waiting
from identity_center_cli.aws.sessions import session_with
from identity_center_cli.aws.token_bucket import TokenBucket

if TYPE_CHECKING:
    from mypy_boto3_organizations import OrganizationsClient
    from mypy_boto3_organizations.type_defs import AccountTypeDef

#: The API answers TooManyRequestsException above its limits, which hold for the organisation. They stand
#: in the AWS Organizations user guide, "Quotas for AWS Organizations", under "Throttling limits". That table
#: was not at hand: these figures are a cautious choice of ours, for all operations together, and the
#: adaptive mode lowers the rate further where AWS asks for it.
REQUESTS_PER_SECOND: Final = 5.0
BURST: Final = 10
EVERYTHING: Final = frozenset(Reading)


def read_organisation(
    settings: AwsSettings,
    needed: frozenset[Reading],
    requests_per_second: float = REQUESTS_PER_SECOND,
    *,
    policies: bool = False,
    on_wait: Callable[[], None] = lambda: None,
) -> Organisation:
    """Read the organisation, all pages, and of units and tags only what is needed.

    Takes a request for 20 accounts, with units two more for each unit, with tags one for each account in use.
    With `policies` the service and resource control policies are read, too: two requests for each.
    `on_wait` is called while AWS asks for fewer requests.
    Raises UnreadOrganisationError where AWS does not say everything that is needed.
    """
    try:
        client = _client(settings, requests_per_second)
        tell_waiting(client, on_wait)
        reader = _Reader(client)
        found = reader.organisation(needed)
        return replace(found, limits=reader.limits()) if policies else found
    except (ClientError, BotoCoreError) as error:
        raise UnreadOrganisationError(
            f"AWS did not say what the organisation looks like: {error}",
            "use credentials of the management account, or of a delegated administrator, that may call "
            f"{', '.join(_actions(needed, policies=policies))}, "
            "or name a snapshot under `organisationSnapshot`",
        ) from error


def _actions(needed: frozenset[Reading], *, policies: bool) -> list[str]:
    names = ["DescribeOrganization", "ListAccounts"]
    if Reading.UNITS in needed:
        names += ["ListRoots", "ListOrganizationalUnitsForParent", "ListAccountsForParent"]
    if Reading.TAGS in needed:
        names.append("ListTagsForResource")
    if policies:
        names += ["ListRoots", "ListPolicies", "DescribePolicy", "ListTargetsForPolicy"]
    names = list(dict.fromkeys(names))
    return [f"organizations:{name}" for name in names]


def _client(settings: AwsSettings, requests_per_second: float) -> "OrganizationsClient":
    client = session_with(settings).client(
        "organizations", endpoint_url=settings.endpoints.get("organizations"), config=ADAPTIVE
    )
    TokenBucket(requests_per_second, BURST).keep(client)
    return client


class _Reader:
    def __init__(self, client: "OrganizationsClient") -> None:
        self._client = client

    def organisation(self, needed: frozenset[Reading]) -> Organisation:
        described = self._client.describe_organization()["Organization"]
        management = described["MasterAccountId"]
        listed = list(self._accounts())
        units = list(self._units()) if Reading.UNITS in needed else []
        unit_of = {account_id: unit.unit_id for unit in units for account_id in self._accounts_in(unit)}
        accounts = [
            MemberAccount(
                account["Id"],
                account["Name"],
                state := _state(account),
                unit_of.get(account["Id"]),
                self._tags(account["Id"])
                if Reading.TAGS in needed and state is AccountState.ACTIVE and account["Id"] != management
                else None,
            )
            for account in listed
        ]
        return replace(Organisation.of(management, accounts, units), organisation_id=described["Id"])

    def limits(self) -> LimitingPolicies:
        """Read the policies that limit access; a kind that is not enabled limits nothing."""
        enabled = frozenset(
            kind
            for page in self._client.get_paginator("list_roots").paginate()
            for root in page["Roots"]
            for each in root.get("PolicyTypes", ())
            for kind in PolicyKind
            if (each.get("Type"), each.get("Status")) == (kind.value, "ENABLED")
        )
        found = (policy for kind in PolicyKind if kind in enabled for policy in self._policies(kind))
        return LimitingPolicies(enabled, tuple(found))

    def _policies(self, kind: PolicyKind) -> Iterator[LimitingPolicy]:
        for page in self._client.get_paginator("list_policies").paginate(Filter=kind.value):
            for each in page["Policies"]:
                text = self._client.describe_policy(PolicyId=each["Id"])["Policy"]["Content"]
                targets = frozenset(self._targets(each["Id"]))
                yield LimitingPolicy(each["Id"], each["Name"], kind, text, targets)

    def _targets(self, policy_id: str) -> Iterator[str]:
        pages = self._client.get_paginator("list_targets_for_policy").paginate(PolicyId=policy_id)
        for page in pages:
            yield from (target["TargetId"] for target in page["Targets"])

    def _accounts(self) -> Iterator["AccountTypeDef"]:
        for page in self._client.get_paginator("list_accounts").paginate():
            yield from page["Accounts"]

    def _units(self) -> Iterator[Unit]:
        """Walk the tree from the roots. An empty page may have a next one: only the token says."""
        waiting = [
            Unit(root["Id"], root["Name"], None)
            for page in self._client.get_paginator("list_roots").paginate()
            for root in page["Roots"]
        ]
        while waiting:
            unit = waiting.pop()
            yield unit
            pages = self._client.get_paginator("list_organizational_units_for_parent")
            for page in pages.paginate(ParentId=unit.unit_id):
                for child in page["OrganizationalUnits"]:
                    waiting.append(Unit(child["Id"], child["Name"], unit.unit_id))  # noqa: PERF401  # it is read meanwhile

    def _accounts_in(self, unit: Unit) -> Iterator[str]:
        pages = self._client.get_paginator("list_accounts_for_parent").paginate(ParentId=unit.unit_id)
        for page in pages:
            yield from (account["Id"] for account in page["Accounts"])

    def _tags(self, account_id: str) -> dict[str, str]:
        pages = self._client.get_paginator("list_tags_for_resource").paginate(ResourceId=account_id)
        return {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}


def _state(account: "AccountTypeDef") -> AccountState:
    # `Status` is what `State` replaces; both are there until AWS takes it away.
    return AccountState.of(account.get("State") or account.get("Status") or "")
