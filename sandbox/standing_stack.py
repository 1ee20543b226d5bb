"""A stack that tests share: made once, and anew where AWS is no longer as the stack has it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from sandbox.aws import reset, seed
from sandbox.aws.organisation import loopback_client
from sandbox.settings import REGION

Made = TypeVar("Made")


def first_day(endpoint: str) -> None:
    """Begin AWS anew."""
    reset(endpoint)
    seed(endpoint, REGION)


@dataclass(frozen=True)
class _Kept:
    kind: str
    made: object
    aws: object
    """What Identity Center had when it was made."""


class StandingStack:
    """What was made last. No test has to be careful: one that changes AWS costs the next one a stack."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._kept: _Kept | None = None

    def get(self, kind: str, make: Callable[[], Made]) -> Made:
        """Return what `make` made for the last test of this kind, or let it make it in a new AWS."""
        kept = self._kept
        if kept is None or kept.kind != kind or kept.aws != identity_center_of(self._endpoint):
            self._kept = None
            first_day(self._endpoint)
            kept = self._kept = _Kept(kind, make(), identity_center_of(self._endpoint))
        return cast("Made", kept.made)


def identity_center_of(endpoint: str) -> object:
    """Read what Identity Center has: people, access, and the instance, which in a new AWS is another one."""
    sso, store, organizations = (
        loopback_client(service, endpoint, REGION)
        for service in ("sso-admin", "identitystore", "organizations")
    )
    instances = sso.list_instances()["Instances"]
    return [_accounts(organizations), *((_people(store, one), _access(sso, one)) for one in instances)]


def _accounts(organizations: Any) -> object:  # noqa: ANN401 - a boto3 client
    pages = organizations.get_paginator("list_accounts").paginate()
    return [(one["Id"], one["Name"], one["Status"]) for page in pages for one in page["Accounts"]]


def _people(store: Any, instance: dict[str, Any]) -> object:  # noqa: ANN401 - a boto3 client
    of_store = {"IdentityStoreId": instance["IdentityStoreId"]}
    groups = store.list_groups(**of_store)["Groups"]
    members = [store.list_group_memberships(**of_store, GroupId=one["GroupId"]) for one in groups]
    return store.list_users(**of_store)["Users"], groups, [one["GroupMemberships"] for one in members]


def _access(sso: Any, instance: dict[str, Any]) -> object:  # noqa: ANN401 - a boto3 client
    of_instance = {"InstanceArn": instance["InstanceArn"]}
    found = []
    for arn in sso.list_permission_sets(**of_instance)["PermissionSets"]:
        of_set = {**of_instance, "PermissionSetArn": arn}
        accounts = sso.list_accounts_for_provisioned_permission_set(**of_set)["AccountIds"]
        found.append(
            (
                sso.describe_permission_set(**of_set)["PermissionSet"],
                sso.list_managed_policies_in_permission_set(**of_set)["AttachedManagedPolicies"],
                sso.get_inline_policy_for_permission_set(**of_set)["InlinePolicy"],
                [
                    sso.list_account_assignments(**of_set, AccountId=one)["AccountAssignments"]
                    for one in sorted(accounts)
                ],
            )
        )
    return of_instance, found
