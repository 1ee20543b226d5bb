"""Users and groups of IAM."""

from collections.abc import Mapping
from typing import Any

from sandbox.provider import checks
from sandbox.provider.iam.names import path
from sandbox.provider.rows.call import Call
from sandbox.provider.rows.schema import (
    AutoName,
    Built,
    Identity,
    ListIdentity,
    ResourceType,
    flag,
    set_of,
    text,
    texts_by_key,
)
from sandbox.provider.rows.shaping import from_aws
from sandbox.provider.rows.tagging import changed_tags

_GONE = ("NoSuchEntity",)
_CHARACTERS = checks.pattern(r"[0-9A-Za-z=,.@\-_+]+", "letters, digits and any of = , . @ - _ +")


# Users


def _create_user(call: Call, want: dict[str, Any]) -> None:
    call.send("CreateUser", want)
    call.made({"name": want["name"]})


def _read_user(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    user = call.ask("GetUser", UserName=at["name"])["User"]
    boundary = user.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return from_aws({**USER.inputs, **USER.outputs}, {**user, "PermissionsBoundary": boundary})


def _update_user(call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]) -> None:
    name = want["name"]
    if changed & {"name", "path"}:
        call.ask("UpdateUser", UserName=old["name"], NewUserName=name, NewPath=want["path"])
        call.made({"name": name})
    if "permissionsBoundary" in changed:
        if want.get("permissionsBoundary"):
            boundary = want["permissionsBoundary"]
            call.ask("PutUserPermissionsBoundary", UserName=name, PermissionsBoundary=boundary)
        else:
            call.ask("DeleteUserPermissionsBoundary", UserName=name)
    gone, new = changed_tags(old, want)
    if gone:
        call.ask("UntagUser", UserName=name, TagKeys=gone)
    if new:
        call.ask("TagUser", UserName=name, Tags=new)


def _delete_user(call: Call, state: Mapping[str, Any]) -> None:
    user = state["name"]
    for group in call.pages("ListGroupsForUser", "Groups", UserName=user):
        call.ask("RemoveUserFromGroup", UserName=user, GroupName=group["GroupName"])
    if state.get("forceDestroy"):
        _strip(call, user)
    call.ask("DeleteUser", UserName=user)


def _strip(call: Call, user: str) -> None:
    """Take away what a user signs in with, whoever made it (forceDestroy)."""
    for key in call.pages("ListAccessKeys", "AccessKeyMetadata", UserName=user):
        call.ask("DeleteAccessKey", UserName=user, AccessKeyId=key["AccessKeyId"])
    for device in call.pages("ListMFADevices", "MFADevices", UserName=user):
        call.ask("DeactivateMFADevice", UserName=user, SerialNumber=device["SerialNumber"])
    call.ask_tolerating(_GONE, "DeleteLoginProfile", UserName=user)


USER = ResourceType(
    token="aws:iam/user:User",  # noqa: S106 - a type token
    source="TF internal/service/iam/user.go (a new name or path renames in place)",
    built_on=Built.SDK,
    read_at="d0205e6",
    service="iam",
    id=Identity(("name",), ""),
    inputs={
        "forceDestroy": flag(default=False, aws="-"),
        "name": text(computed=True, aws="UserName", checks=(_CHARACTERS,)),
        "path": path(),
        "permissionsBoundary": text(checks=(checks.length(0, 2048),)),
        "tags": texts_by_key(),
    },
    outputs={"arn": text(), "uniqueId": text(aws="UserId")},
    create=_create_user,
    read=_read_user,
    update=_update_user,
    delete=_delete_user,
    gone=_GONE,
    autoname=AutoName(),
    regional=False,
)


# Groups


def _create_group(call: Call, want: dict[str, Any]) -> None:
    call.send("CreateGroup", want)
    call.made({"name": want["name"]})


def _read_group(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    group = call.ask("GetGroup", GroupName=at["name"])["Group"]
    return from_aws({**GROUP.inputs, **GROUP.outputs}, group)


def _update_group(call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]) -> None:
    del changed
    call.ask("UpdateGroup", GroupName=old["name"], NewGroupName=want["name"], NewPath=want["path"])
    call.made({"name": want["name"]})


def _delete_group(call: Call, state: Mapping[str, Any]) -> None:
    call.ask("DeleteGroup", GroupName=state["name"])


GROUP = ResourceType(
    token="aws:iam/group:Group",  # noqa: S106 - a type token
    source="TF internal/service/iam/group.go (a new name or path renames in place)",
    built_on=Built.SDK,
    read_at="d0205e6",
    service="iam",
    id=Identity(("name",), ""),
    inputs={"name": text(computed=True, aws="GroupName", checks=(_CHARACTERS,)), "path": path()},
    outputs={"arn": text(), "uniqueId": text(aws="GroupId")},
    create=_create_group,
    read=_read_group,
    update=_update_group,
    delete=_delete_group,
    gone=_GONE,
    autoname=AutoName(),
    regional=False,
)


# A user's groups


def _join(call: Call, user: str, groups: set[str]) -> None:
    for group in sorted(groups):
        call.ask("AddUserToGroup", UserName=user, GroupName=group)


def _leave(call: Call, user: str, groups: set[str]) -> None:
    for group in sorted(groups):
        call.ask_tolerating(_GONE, "RemoveUserFromGroup", UserName=user, GroupName=group)


def _create_membership(call: Call, want: dict[str, Any]) -> None:
    call.made({"user": want["user"], "groups": want["groups"]})
    _join(call, want["user"], set(want["groups"]))


def _read_membership(call: Call, at: Mapping[str, Any]) -> dict[str, Any] | None:
    rows = call.pages("ListGroupsForUser", "Groups", UserName=at["user"])
    # Only the groups that this resource speaks of: others may add the user to more.
    return {
        "user": at["user"],
        "groups": [row["GroupName"] for row in rows if row["GroupName"] in at["groups"]],
    }


def _update_membership(
    call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]
) -> None:
    del changed
    before, after = set(old["groups"]), set(want["groups"])
    _leave(call, old["user"], before - after)
    _join(call, old["user"], after - before)
    call.made({"user": old["user"], "groups": want["groups"]})


def _delete_membership(call: Call, state: Mapping[str, Any]) -> None:
    _leave(call, state["user"], set(state["groups"]))


USER_GROUP_MEMBERSHIP = ResourceType(
    token="aws:iam/userGroupMembership:UserGroupMembership",  # noqa: S106 - a type token
    source="TF internal/service/iam/user_group_membership.go (its id is random; this is its import id)",
    built_on=Built.SDK,
    read_at="d0205e6",
    service="iam",
    id=ListIdentity(("user", "groups"), "/"),
    inputs={
        "groups": set_of(text(), required=True),
        "user": text(required=True, force_new=True),
    },
    create=_create_membership,
    read=_read_membership,
    update=_update_membership,
    delete=_delete_membership,
    gone=_GONE,
    regional=False,
)

RESOURCES = (USER, GROUP, USER_GROUP_MEMBERSHIP)
