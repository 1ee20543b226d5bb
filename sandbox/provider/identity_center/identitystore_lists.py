"""The two lookups that list a whole directory: every user, every group."""

from collections.abc import Mapping
from typing import Any

from sandbox.provider.identity_center.identitystore import GROUP, USER
from sandbox.provider.rows.call import Call
from sandbox.provider.rows.schema import Invoke, Property, block, list_of, text
from sandbox.provider.rows.shaping import from_aws

#: Where the resource has one object, the lookup has a list, and the name's is called otherwise
#: (pulumi_aws.identitystore.outputs.GetUsersUserResult).
_LISTED = {"addresses": "addresses", "emails": "emails", "name": "names", "phoneNumbers": "phoneNumbers"}
_STORE = {"identityStoreId": text(required=True)}


def _users_properties() -> dict[str, Property]:
    fields = {**USER.inputs, **USER.outputs}
    listed = {plural: list_of(fields[single]) for single, plural in _LISTED.items()}
    return {name: given for name, given in fields.items() if name not in _LISTED} | listed


def _user(row: Mapping[str, Any]) -> dict[str, Any]:
    read = from_aws({**USER.inputs, **USER.outputs}, row)
    for single, plural in _LISTED.items():
        value = read.pop(single, None)
        read[plural] = [value] if value else []
    return {**read, "externalIds": read.get("externalIds", [])}


def _get_users(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    store = asked["identityStoreId"]
    rows = call.pages("ListUsers", "Users", service="identitystore", IdentityStoreId=store)
    return {**asked, "users": [_user(row) for row in rows], "region": call.region}


def _get_groups(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    store = asked["identityStoreId"]
    rows = call.pages("ListGroups", "Groups", service="identitystore", IdentityStoreId=store)
    groups = [from_aws({**GROUP.inputs, **GROUP.outputs}, row) for row in rows]
    for group in groups:
        group.pop("arn", None)
        group.setdefault("externalIds", [])
    return {**asked, "groups": groups, "region": call.region}


_GROUP_FIELDS = {name: given for name, given in {**GROUP.inputs, **GROUP.outputs}.items() if name != "arn"}

INVOKES = (
    Invoke(
        token="aws:identitystore/getUsers:getUsers",  # noqa: S106 - a function token
        source="TF internal/service/identitystore/users_data_source.go (all pages)",
        inputs=_STORE,
        outputs={"users": list_of(block(_users_properties()))},
        run=_get_users,
        regional=True,
    ),
    Invoke(
        token="aws:identitystore/getGroups:getGroups",  # noqa: S106 - a function token
        source="TF internal/service/identitystore/groups_data_source.go (all pages)",
        inputs=_STORE,
        outputs={"groups": list_of(block(_GROUP_FIELDS))},
        run=_get_groups,
        regional=True,
    ),
)
