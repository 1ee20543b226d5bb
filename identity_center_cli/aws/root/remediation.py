"""Deletes what a member's root user signs in with: access keys, signing certificates, the login profile.

In a root session with the task policy IAMDeleteRootUserCredentials (IAM user guide, "Perform a privileged
task on an AWS Organizations member account"). MFA devices stay: without credentials there is nothing that
they protect. Each action is written to a log before it is taken, so that what was done can be told even where
a run broke off.
"""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from identity_center_cli.aws import clock
from identity_center_cli.aws.answers import NO_ANSWER, reason
from identity_center_cli.aws.root.reading import certificate_ids

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient


class Kind(Enum):
    """What is deleted, and by which action."""

    ACCESS_KEY = "iam:DeleteAccessKey"
    CERTIFICATE = "iam:DeleteSigningCertificate"
    PASSWORD = "iam:DeleteLoginProfile"  # noqa: S105  # an action's name


WORDS = {Kind.ACCESS_KEY: "access key", Kind.CERTIFICATE: "signing certificate", Kind.PASSWORD: "password"}


@dataclass(frozen=True, slots=True)
class Credential:
    """One thing that root signs in with."""

    kind: Kind
    identifier: str = ""
    """Of a key or certificate."""
    last_used: datetime | None = None
    """None where AWS records no use; of certificates it records none."""

    def used_within(self, days: int) -> bool:
        """Say whether it was used in the last days: something may still need it."""
        return self.last_used is not None and clock.now() - self.last_used < timedelta(days=days)

    def __str__(self) -> str:
        """Say what it is and when it was last used."""
        name = f"{WORDS[self.kind]} {self.identifier}".strip()
        if self.kind is Kind.CERTIFICATE:
            return name
        used = (
            f"last used {self.last_used:%Y-%m-%d}" if self.last_used else "never used, as far as AWS records"
        )
        return f"{name} ({used})"


def credentials_of(iam: "IAMClient") -> tuple[Credential, ...]:
    """Read what root has, in a root session. Raises ClientError: what was not seen is not deleted."""
    keys = [
        Credential(Kind.ACCESS_KEY, key["AccessKeyId"], _key_used(iam, key["AccessKeyId"]))
        for page in iam.get_paginator("list_access_keys").paginate()
        for key in page["AccessKeyMetadata"]
    ]
    certificates = [Credential(Kind.CERTIFICATE, each) for each in certificate_ids(iam)]
    return (*keys, *certificates, *_password(iam))


def _key_used(iam: "IAMClient", key_id: str) -> datetime | None:
    return iam.get_access_key_last_used(AccessKeyId=key_id)["AccessKeyLastUsed"].get("LastUsedDate")


def _password(iam: "IAMClient") -> tuple[Credential, ...]:
    try:
        iam.get_login_profile()
    except iam.exceptions.NoSuchEntityException:
        return ()
    return (Credential(Kind.PASSWORD, last_used=iam.get_user()["User"].get("PasswordLastUsed")),)


class ActionLog:
    """A file to which each action is written, and on disk, before it is taken; and how it ended."""

    def __init__(self, path: Path, caller: str) -> None:
        """Append to a file, in the name of the caller's ARN."""
        self._path = path
        self._caller = caller

    def write(self, account_id: str, credential: Credential, state: str) -> None:
        """Write one line. Raises OSError: an action that cannot be logged is not taken."""
        line = {
            # The machine's own time: a day that is set for a trial has no place in a log of what was done.
            "time": clock.written(datetime.now(UTC)),
            "by": self._caller,
            "account": account_id,
            "action": credential.kind.value,
            "credential": credential.identifier,
            "state": state,
        }
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with open(descriptor, "a", encoding="utf-8") as file:  # noqa: PTH123  # of a descriptor, for its mode
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(descriptor)


def delete(iam: "IAMClient", account_id: str, credential: Credential, log: ActionLog) -> str:
    """Delete one credential; return why it failed, or an empty text."""
    log.write(account_id, credential, "about to")
    try:
        _delete(iam, credential)
    except NO_ANSWER as error:
        log.write(account_id, credential, f"failed: {reason(error)}")
        return f"{credential.kind.value}: {reason(error)}"
    log.write(account_id, credential, "done")
    return ""


def _delete(iam: "IAMClient", credential: Credential) -> None:
    if credential.kind is Kind.ACCESS_KEY:
        iam.delete_access_key(AccessKeyId=credential.identifier)
    elif credential.kind is Kind.CERTIFICATE:
        iam.delete_signing_certificate(CertificateId=credential.identifier)
    else:
        iam.delete_login_profile()
