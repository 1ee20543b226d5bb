"""Users and groups of IAM, and what a user signs in with."""

import secrets
import string
from collections.abc import Mapping
from typing import Any

from sandbox.provider import checks
from sandbox.provider.call import Call
from sandbox.provider.iam_names import path
from sandbox.provider.iam_secrets import ses_smtp_password
from sandbox.provider.schema import (
    AutoName,
    Identity,
    ListIdentity,
    Property,
    ResourceType,
    flag,
    number,
    set_of,
    text,
    texts_by_key,
)
from sandbox.provider.shaping import from_aws, moment
from sandbox.provider.tagging import changed_tags

_GONE = ("NoSuchEntity",)
_CHARACTERS = checks.pattern(r"[0-9A-Za-z=,.@\-_+]+", "letters, digits and any of = , . @ - _ +")


def _refused_pgp(value: str) -> str | None:
    del value
    return "the stand-in encrypts nothing with PGP: leave it out, and the value is a secret output"


def _pgp_key() -> Property:
    return text(force_new=True, aws="-", checks=(_refused_pgp,))


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


# Passwords


def _password(length: int) -> str:
    """Return a password with at least one character of each class (TF GeneratePassword)."""
    classes = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "!@#$%^&*()_+-=[]{}|'")
    while True:
        drawn = "".join(secrets.choice("".join(classes)) for _ in range(length))
        if all(set(drawn) & set(one) for one in classes):
            return drawn


def _create_profile(call: Call, want: dict[str, Any]) -> None:
    password = _password(want["passwordLength"])
    call.ask(
        "CreateLoginProfile",
        UserName=want["user"],
        Password=password,
        PasswordResetRequired=bool(want.get("passwordResetRequired")),
    )
    call.made({"user": want["user"]}, password=password)


def _read_profile(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    found = call.ask("GetLoginProfile", UserName=at["user"])["LoginProfile"]
    return {"user": at["user"], "passwordResetRequired": found.get("PasswordResetRequired", False)}


def _delete_profile(call: Call, state: Mapping[str, Any]) -> None:
    call.ask("DeleteLoginProfile", UserName=state["user"])


USER_LOGIN_PROFILE = ResourceType(
    token="aws:iam/userLoginProfile:UserLoginProfile",  # noqa: S106 - a type token
    source="TF internal/service/iam/user_login_profile.go (the password is drawn by the provider)",
    service="iam",
    id=Identity(("user",), ""),
    inputs={
        "passwordLength": number(default=20, force_new=True, aws="-", checks=(checks.between(5, 128),)),
        "passwordResetRequired": flag(computed=True, force_new=True),
        "pgpKey": _pgp_key(),
        "user": text(required=True, force_new=True),
    },
    outputs={
        "encryptedPassword": text(),
        "keyFingerprint": text(),
        "password": text(secret=True),
    },
    create=_create_profile,
    read=_read_profile,
    delete=_delete_profile,
    gone=_GONE,
    regional=False,
    kept=("password",),
)


# Access keys


def _create_key(call: Call, want: dict[str, Any]) -> None:
    made = call.ask("CreateAccessKey", UserName=want["user"])["AccessKey"]
    secret = made["SecretAccessKey"]
    smtp = ses_smtp_password(secret, call.clients.options.region)
    call.made({"id": made["AccessKeyId"], "user": want["user"]}, secret=secret, sesSmtpPasswordV4=smtp)
    if want["status"] != "Active":
        call.ask(
            "UpdateAccessKey", UserName=want["user"], AccessKeyId=made["AccessKeyId"], Status=want["status"]
        )


def _read_key(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    user = at.get("user") or call.prior.get("user")
    if user is None:
        # An import has the key alone: ListAccessKeys wants its user.
        user = call.ask("GetAccessKeyLastUsed", AccessKeyId=at["id"]).get("UserName")
    if user is None:
        return None
    for row in call.pages("ListAccessKeys", "AccessKeyMetadata", UserName=user):
        if row["AccessKeyId"] == at["id"]:
            return {
                "id": at["id"],
                "user": user,
                "status": row["Status"],
                "createDate": moment(row["CreateDate"]),
            }
    return None


def _update_key(call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]) -> None:
    del changed
    call.ask("UpdateAccessKey", UserName=old["user"], AccessKeyId=old["id"], Status=want["status"])


def _delete_key(call: Call, state: Mapping[str, Any]) -> None:
    call.ask("DeleteAccessKey", UserName=state["user"], AccessKeyId=state["id"])


ACCESS_KEY = ResourceType(
    token="aws:iam/accessKey:AccessKey",  # noqa: S106 - a type token
    source="TF internal/service/iam/access_key.go",
    service="iam",
    id=Identity(("id",), ""),
    inputs={
        "pgpKey": _pgp_key(),
        "status": text(default="Active", checks=(checks.one_of("Active", "Inactive"),)),
        "user": text(required=True, force_new=True),
    },
    outputs={
        "createDate": text(),
        "encryptedSecret": text(),
        "encryptedSesSmtpPasswordV4": text(),
        "keyFingerprint": text(),
        "secret": text(secret=True),
        "sesSmtpPasswordV4": text(secret=True),
    },
    create=_create_key,
    read=_read_key,
    update=_update_key,
    delete=_delete_key,
    gone=_GONE,
    regional=False,
    kept=("secret", "sesSmtpPasswordV4"),
)

RESOURCES = (USER, GROUP, USER_GROUP_MEMBERSHIP, USER_LOGIN_PROFILE, ACCESS_KEY)
