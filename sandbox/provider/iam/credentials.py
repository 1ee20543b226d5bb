"""What a user of IAM signs in with: passwords and access keys, shown once and secret from then on."""

import secrets
import string
from collections.abc import Mapping
from typing import Any

from sandbox.provider import checks
from sandbox.provider.iam.secrets import ses_smtp_password
from sandbox.provider.rows.call import Call
from sandbox.provider.rows.schema import Built, Identity, Property, ResourceType, flag, number, text
from sandbox.provider.rows.shaping import moment

_GONE = ("NoSuchEntity",)


def _refused_pgp(value: str) -> str | None:
    del value
    return "the stand-in encrypts nothing with PGP: leave it out, and the value is a secret output"


def _pgp_key() -> Property:
    return text(force_new=True, aws="-", checks=(_refused_pgp,))


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
    built_on=Built.SDK,
    read_at="d0205e6",
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
    built_on=Built.SDK,
    read_at="d0205e6",
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

RESOURCES = (USER_LOGIN_PROFILE, ACCESS_KEY)
