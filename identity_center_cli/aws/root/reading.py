"""Reads the root user of one account, fact by fact: one that is refused leaves the others standing.

In a root session IAM answers about root itself (task policy IAMAuditRootUserCredentials). Through a role, and
in the management account, GetAccountSummary tells what there is, and the credential report when it was used.
Sources: IAM API reference, GetAccountSummary and GetCredentialReport; IAM user guide, "Generate credential
reports" (the row `<root_account>`; a report is up to four hours old, so presence is taken from the summary).
"""

import csv
import io
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from identity_center_cli.aws.answers import Unseen
from identity_center_cli.aws.root.posture import RootKey

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient

#: How often to ask for a credential report that is being made, and how long to wait in between, in seconds.
REPORT_ATTEMPTS: Final = 8
REPORT_WAIT: Final = 1.0
_NOT_READY: Final = ("ReportInProgress", "ReportNotPresent", "ReportExpired")
_ROOT_ROW: Final = "<root_account>"

Facts = dict[str, Any]
"""Fields of RootPosture."""


def read_as_root(iam: "IAMClient", unseen: Unseen) -> Facts:
    """Read root's credentials in a root session."""
    keys = unseen.ask("iam:ListAccessKeys", lambda: _keys(iam, unseen))
    devices = unseen.ask("iam:ListMFADevices", lambda: _mfa_devices(iam))
    user = unseen.ask("iam:GetUser", lambda: iam.get_user()["User"])
    password_used = user.get("PasswordLastUsed") if user else None
    return {
        "access_keys": keys,
        "has_access_key": None if keys is None else bool(keys),
        "has_password": unseen.ask("iam:GetLoginProfile", lambda: _has_login_profile(iam)),
        "has_mfa": None if devices is None else devices > 0,
        "certificates": unseen.ask("iam:ListSigningCertificates", lambda: len(certificate_ids(iam))),
        "last_used": _latest(password_used, *(key.last_used for key in keys or ())),
    }


def _keys(iam: "IAMClient", unseen: Unseen) -> tuple[RootKey, ...]:
    return tuple(
        RootKey(
            key["AccessKeyId"],
            key["Status"] == "Active",
            unseen.ask("iam:GetAccessKeyLastUsed", lambda key=key: _last_used(iam, key["AccessKeyId"])),  # type: ignore[misc]  # a default binds the loop's key
        )
        for page in iam.get_paginator("list_access_keys").paginate()
        for key in page["AccessKeyMetadata"]
    )


def _last_used(iam: "IAMClient", key_id: str) -> datetime | None:
    return iam.get_access_key_last_used(AccessKeyId=key_id)["AccessKeyLastUsed"].get("LastUsedDate")


def _mfa_devices(iam: "IAMClient") -> int:
    return sum(len(page["MFADevices"]) for page in iam.get_paginator("list_mfa_devices").paginate())


def certificate_ids(iam: "IAMClient") -> tuple[str, ...]:
    """Return the ids of root's signing certificates, in a root session."""
    pages = iam.get_paginator("list_signing_certificates").paginate()
    return tuple(each["CertificateId"] for page in pages for each in page["Certificates"])


def _has_login_profile(iam: "IAMClient") -> bool:
    try:
        iam.get_login_profile()
    except iam.exceptions.NoSuchEntityException:
        return False
    return True


def read_as_account(iam: "IAMClient", unseen: Unseen) -> Facts:
    """Read root's credentials in its own account, with the rights to its summary and credential report."""
    told = unseen.ask("iam:GetAccountSummary", lambda: iam.get_account_summary()["SummaryMap"])
    summary: dict[str, int] = {str(name): count for name, count in (told or {}).items()}
    found = unseen.ask("iam:GetCredentialReport", lambda: _root_row(iam))
    if found == {}:
        unseen.reasons.append("iam:GetCredentialReport: the report has no row of root")
    row = found or {}
    keys = _reported_keys(row) if row else None
    # A key that was made inactive is in the summary and not active in the report.
    present = _flag(summary, "AccountAccessKeysPresent")
    return {
        "access_keys": keys,
        "has_access_key": present,
        "has_password": _password(summary, row),
        "has_mfa": _flag(summary, "AccountMFAEnabled"),
        "certificates": _certificates(summary),
        "last_used": _latest(_time(row.get("password_last_used")), *(key.last_used for key in keys or ())),
    }


def _flag(summary: Mapping[str, int], name: str) -> bool | None:
    return bool(summary[name]) if name in summary else None


def _certificates(summary: Mapping[str, int]) -> int | None:
    return summary.get("AccountSigningCertificatesPresent")


def _password(summary: Mapping[str, int], row: Mapping[str, str]) -> bool | None:
    """Take the summary's word, else the report's: `not_supported` there says nothing."""
    told = _flag(summary, "AccountPasswordPresent")
    if told is not None:
        return told
    return {"true": True, "false": False}.get(row.get("password_enabled", ""))


def _root_row(iam: "IAMClient") -> dict[str, str]:
    """Return the report's row of root. Raises ClientError where the report does not get ready."""
    for attempt in range(REPORT_ATTEMPTS):
        iam.generate_credential_report()
        try:
            content = iam.get_credential_report()["Content"]
        except ClientError as error:
            if error.response["Error"]["Code"] not in _NOT_READY or attempt == REPORT_ATTEMPTS - 1:
                raise
            time.sleep(REPORT_WAIT)
            continue
        rows = csv.DictReader(io.StringIO(content.decode()))
        return next((row for row in rows if row["user"] == _ROOT_ROW), {})
    raise AssertionError("unreachable: the last attempt returns or raises")


def _reported_keys(row: Mapping[str, str]) -> tuple[RootKey, ...]:
    return tuple(
        RootKey(f"access key {number}", active=True, last_used=_time(row.get(f"{prefix}_last_used_date")))
        for number in (1, 2)
        if row.get(f"{(prefix := f'access_key_{number}')}_active") == "true"
    )


def _time(text: str | None) -> datetime | None:
    """Read a report's time: `N/A`, `no_information` and `not_supported` are none."""
    try:
        return datetime.fromisoformat(text or "").astimezone(UTC)
    except ValueError:
        return None


def _latest(*times: datetime | None) -> datetime | None:
    return max((each.astimezone(UTC) for each in times if each is not None), default=None)
