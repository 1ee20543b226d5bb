"""The Identity Center directory: users, groups and memberships, by botocore's model of ``identitystore``.

Written whole instead of extending moto's backend: moto 5.2 has no update, takes any identity store id (a
misspelt one makes a new store), accepts a membership twice and keeps the memberships of a deleted user.
"""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, cast

from moto.core.base_backend import BaseBackend
from moto.identitystore import urls
from moto.identitystore.models import identitystore_backends

from sandbox.aws.accounts.delegated_administrator import administered_by
from sandbox.aws.identity_center.identitystore_attributes import GROUP, USER, Kind, changed
from sandbox.aws.modelled import ModelledResponse, now, page, take_place
from sandbox.aws.refusals.table import refuse
from sandbox.pace import current

_RESERVED = {"administrator", "awsadministrators"}


class Store:
    """What one identity store holds: each kind by id, in the order of creation."""

    def __init__(self) -> None:
        self.users: dict[str, dict[str, Any]] = {}
        self.groups: dict[str, dict[str, Any]] = {}
        self.memberships: dict[str, dict[str, Any]] = {}


class IdentityStore(BaseBackend):
    """The identity stores of one account and region; Identity Center makes them (``open_store``)."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.stores: dict[str, Store] = {}

    @property
    def _url_module(self) -> Any:  # noqa: ANN401 - moto's own property, whose type is a module
        return urls

    def open_store(self, store_id: str) -> None:
        """Make the empty store of a new instance of Identity Center."""
        self.stores[store_id] = Store()

    # Users

    def create_user(self, asked: dict[str, Any]) -> dict[str, Any]:
        """CreateUser; Identity Center wants user name, display name, given and family name."""
        store = self._store(asked)
        user = self._made(asked, USER, store.users.values())
        store.users[user["UserId"]] = user
        return _identity(user, USER)

    def describe_user(self, asked: dict[str, Any]) -> dict[str, Any]:
        """DescribeUser."""
        return self._user(asked)

    def update_user(self, asked: dict[str, Any]) -> dict[str, Any]:
        """UpdateUser: operations on attribute paths, all or none."""
        return self._updated(asked, self._store(asked).users, self._user(asked), USER)

    def delete_user(self, asked: dict[str, Any]) -> None:
        """DeleteUser; the memberships of the user go with it."""
        store, user = self._store(asked), self._user(asked)
        _same_revision(asked, user)
        del store.users[user["UserId"]]
        _forget(store, lambda row: row["MemberId"]["UserId"] == user["UserId"])

    def list_users(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListUsers, with the filter on UserName that the API has."""
        return page(
            asked, "Users", _filtered(asked, self._store(asked).users.values(), "UserName", "ListUsers")
        )

    def get_user_id(self, asked: dict[str, Any]) -> dict[str, Any]:
        """GetUserId by user name or e-mail address."""
        return self._found(asked, self._store(asked).users.values(), USER)

    # Groups

    def create_group(self, asked: dict[str, Any]) -> dict[str, Any]:
        """CreateGroup; Identity Center wants a display name, unique in the store."""
        store = self._store(asked)
        group = self._made(asked, GROUP, store.groups.values())
        store.groups[group["GroupId"]] = group
        return _identity(group, GROUP)

    def describe_group(self, asked: dict[str, Any]) -> dict[str, Any]:
        """DescribeGroup."""
        return self._group(asked)

    def update_group(self, asked: dict[str, Any]) -> dict[str, Any]:
        """UpdateGroup: operations on attribute paths, all or none."""
        return self._updated(asked, self._store(asked).groups, self._group(asked), GROUP)

    def delete_group(self, asked: dict[str, Any]) -> None:
        """DeleteGroup; the memberships of the group go with it."""
        store, group = self._store(asked), self._group(asked)
        _same_revision(asked, group)
        del store.groups[group["GroupId"]]
        _forget(store, lambda row: row["GroupId"] == group["GroupId"])

    def list_groups(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListGroups, with the filter on DisplayName that the API has."""
        groups = self._store(asked).groups.values()
        return page(asked, "Groups", _filtered(asked, groups, "DisplayName", "ListGroups"))

    def get_group_id(self, asked: dict[str, Any]) -> dict[str, Any]:
        """GetGroupId by display name."""
        return self._found(asked, self._store(asked).groups.values(), GROUP)

    # Memberships

    def create_group_membership(self, asked: dict[str, Any]) -> dict[str, Any]:
        """CreateGroupMembership: one user, one group, once."""
        store, group = self._store(asked), self._group(asked)
        user = self._user({**asked, **asked["MemberId"]})
        if any(_joins(row, user["UserId"], group["GroupId"]) for row in store.memberships.values()):
            refuse("duplicate-membership")
        membership = {
            "IdentityStoreId": asked["IdentityStoreId"],
            "GroupId": group["GroupId"],
            "MemberId": {"UserId": user["UserId"]},
        } | self._birth("Membership", "membership")
        store.memberships[membership["MembershipId"]] = membership
        return {key: membership[key] for key in ("IdentityStoreId", "MembershipId", "MembershipArn")}

    def describe_group_membership(self, asked: dict[str, Any]) -> dict[str, Any]:
        """DescribeGroupMembership."""
        return self._membership(asked)

    def delete_group_membership(self, asked: dict[str, Any]) -> None:
        """DeleteGroupMembership."""
        del self._store(asked).memberships[self._membership(asked)["MembershipId"]]

    def list_group_memberships(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListGroupMemberships of one group."""
        group = self._group(asked)["GroupId"]
        rows = self._store(asked).memberships.values()
        return page(asked, "GroupMemberships", [row for row in rows if row["GroupId"] == group])

    def list_group_memberships_for_member(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListGroupMembershipsForMember of one user."""
        user = self._user({**asked, **asked["MemberId"]})["UserId"]
        rows = self._store(asked).memberships.values()
        return page(asked, "GroupMemberships", [row for row in rows if row["MemberId"]["UserId"] == user])

    def get_group_membership_id(self, asked: dict[str, Any]) -> dict[str, Any]:
        """GetGroupMembershipId of one user in one group."""
        group, user = _bare(asked["GroupId"]), _bare(asked["MemberId"].get("UserId", ""))
        for row in self._store(asked).memberships.values():
            if _joins(row, user, group):
                return {key: row[key] for key in ("IdentityStoreId", "MembershipId", "MembershipArn")}
        return refuse("membership-not-found")

    def is_member_in_groups(self, asked: dict[str, Any]) -> dict[str, Any]:
        """IsMemberInGroups: one answer for each group asked about."""
        user = self._user({**asked, **asked["MemberId"]})["UserId"]
        rows = self._store(asked).memberships.values()
        return {
            "Results": [
                {
                    "GroupId": group,
                    "MemberId": {"UserId": user},
                    "MembershipExists": any(_joins(row, user, _bare(group)) for row in rows),
                }
                for group in asked["GroupIds"]
            ]
        }

    # Parts

    def _store(self, asked: Mapping[str, Any]) -> Store:
        store = self.stores.get(_bare(asked["IdentityStoreId"]))
        return store if store is not None else refuse("unknown-identity-store")

    def _user(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        user = self._store(asked).users.get(_bare(asked.get("UserId", "")))
        return user if user is not None and not is_too_new(user) else refuse("user-not-found")

    def _group(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        group = self._store(asked).groups.get(_bare(asked["GroupId"]))
        return group if group is not None and not is_too_new(group) else refuse("group-not-found")

    def _membership(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        row = self._store(asked).memberships.get(_bare(asked["MembershipId"]))
        return row if row is not None else refuse("membership-not-found")

    def _birth(self, kind: str, word: str) -> dict[str, Any]:
        """Return what every new thing of the directory has: its id, its ARN, when and by whom it was made."""
        made = str(uuid.uuid4())
        moment, by = now(), f"arn:{self.partition}:iam::{self.account_id}:root"
        return {
            f"{kind}Id": made,
            f"{kind}Arn": f"arn:{self.partition}:identitystore:::{word}/{made}",
            "CreatedAt": moment, "UpdatedAt": moment, "CreatedBy": by, "UpdatedBy": by,
        }  # fmt: skip

    def _made(self, asked: dict[str, Any], kind: Kind, others: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        _acceptable(asked, kind, others)
        return {**asked, **self._birth(kind.name, kind.word), **kind.given, "Revision": "1"}

    def _updated(
        self, asked: dict[str, Any], rows: dict[str, dict[str, Any]], old: dict[str, Any], kind: Kind
    ) -> dict[str, Any]:
        _same_revision(asked, old)
        new = changed(old, asked["Operations"], kind)
        _acceptable(new, kind, (row for row in rows.values() if row is not old))
        new |= {"UpdatedAt": now(), "Revision": str(int(old["Revision"]) + 1)}
        rows[old[kind.id]] = new
        return _identity(new, kind)

    def _found(
        self, asked: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], kind: Kind
    ) -> dict[str, Any]:
        wanted = asked["AlternateIdentifier"].get("UniqueAttribute")
        if wanted is not None:
            read = kind.unique.get(wanted["AttributePath"].lower())
            if read is None:
                refuse("unknown-attribute", path=wanted["AttributePath"], operation=f"Get{kind.id}")
            for row in rows:
                if str(wanted["AttributeValue"]).lower() in read(row):
                    return {key: row[key] for key in ("IdentityStoreId", kind.id, kind.arn)}
        foreign = asked["AlternateIdentifier"].get("ExternalId")
        for row in rows if foreign is not None else ():
            if {"Issuer": foreign["Issuer"], "Id": foreign["Id"]} in row.get("ExternalIds", []):
                return {key: row[key] for key in ("IdentityStoreId", kind.id, kind.arn)}
        return refuse(f"{kind.word}-not-found")


def is_too_new(row: Mapping[str, Any]) -> bool:
    """Say whether a user or group was made so lately that AWS does not find it yet (``sandbox.pace``)."""
    pace = current()
    return bool(pace.consistent_after and now() < row["CreatedAt"] + pace.here(pace.consistent_after))


def _bare(identifier: str) -> str:
    """Take an id in both forms that the model allows: alone, or at the end of an ARN."""
    return identifier.rsplit("/", 1)[-1]


def _identity(row: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
    return {key: row[key] for key in ("IdentityStoreId", kind.id, kind.arn, "Revision")}


def _joins(row: Mapping[str, Any], user: str, group: str) -> bool:
    return bool(row["MemberId"]["UserId"] == user and row["GroupId"] == group)


def _forget(store: Store, of: Any) -> None:  # noqa: ANN401 - a predicate on rows
    store.memberships = {key: row for key, row in store.memberships.items() if not of(row)}


def _same_revision(asked: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    wanted = asked.get("Revision")
    if wanted is not None and wanted != row["Revision"]:
        refuse("stale-revision", revision=wanted)


def _acceptable(row: Mapping[str, Any], kind: Kind, others: Iterable[Mapping[str, Any]]) -> None:
    """Refuse what lacks a required attribute, has a reserved name, or repeats what must be unique."""
    missing = [name for name, read in kind.required.items() if not read(row)]
    if missing:
        sentences = ", ".join(f"{name}: The attribute {name} is required" for name in missing)
        refuse("required-attributes", attributes=sentences)
    if str(row[kind.named]).lower() in _RESERVED:
        refuse("reserved-name", attribute=kind.named)
    for other in others:
        for path, read in kind.unique.items():
            if set(read(row)) & set(read(other)):
                refuse(kind.duplicate[path])


def _filtered(
    asked: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], attribute: str, operation: str
) -> list[Mapping[str, Any]]:
    chosen = list(rows)
    for condition in asked.get("Filters", []):
        if condition["AttributePath"].lower() != attribute.lower():
            refuse("unknown-attribute", path=condition["AttributePath"], operation=operation)
        chosen = [row for row in chosen if str(row[attribute]).lower() == condition["AttributeValue"].lower()]
    return chosen


def directory(account: str, region: str) -> IdentityStore:
    """Return the directories of an account and region."""
    return cast("IdentityStore", identitystore_backends[account][region])


class IdentityStoreResponse(ModelledResponse):
    """Answers the requests to ``identitystore``."""

    service = "identitystore"

    def backend(self) -> object:
        """Return the directories of the request's account and region, or those that it administers."""
        return directory(administered_by(self.current_account, self.partition), self.region)


def install() -> None:
    """Put this service in the place of moto's."""
    take_place(identitystore_backends, IdentityStore, urls, IdentityStoreResponse)
