"""The root user of each account: what it signs in with, as the sandbox keeps it.

AWS has no API that gives a root user a password, a device or a key (a key needs root's own credentials), so
tests set them through the sandbox's door; reading and deleting go through IAM's API (``root_access.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID as MANAGEMENT_ACCOUNT_ID
from moto.iam.models import iam_backends

PARTITION = "aws"


@dataclass
class RootKey:
    """An access key of a root user."""

    identifier: str
    created: str = "2024-03-01T09:00:00Z"
    last_used: str | None = None
    service: str = "ec2"
    region: str = "us-east-1"
    active: bool = True


@dataclass
class RootUser:
    """What the root user of one account has."""

    password_made: str | None = None
    """When its password was made; None where it has none."""
    password_last_used: str | None = None
    mfa_devices: list[str] = field(default_factory=list)
    """Serial numbers."""
    access_keys: list[RootKey] = field(default_factory=list)
    certificates: list[str] = field(default_factory=list)
    """Ids of its signing certificates."""


def _at_the_start(account_id: str) -> RootUser:
    """Return the root user that an account starts with: those of two members are not as they should be."""
    device = f"arn:aws:iam::{account_id}:mfa/root-account-mfa-device"
    if account_id == MANAGEMENT_ACCOUNT_ID:
        return RootUser("2023-05-01T08:00:00Z", "2025-02-11T07:30:00Z", [device])
    if account_id == "666666666666":
        key = RootKey("AKIAROOTOFSHOPSTAGIN", last_used="2026-01-15T10:00:00Z")
        return RootUser("2023-06-01T08:00:00Z", "2024-01-02T08:00:00Z", [device], [key])
    if account_id == "777777777777":
        return RootUser("2023-06-01T08:00:00Z", "2026-10-05T18:00:00Z")
    return RootUser()


def root_user(account_id: str) -> RootUser:
    """Return the root user of an account; moto's reset gives it its start again."""
    state = vars(iam_backends[account_id][PARTITION])
    found: RootUser = state.setdefault("sandbox_root_user", None) or _at_the_start(account_id)
    state["sandbox_root_user"] = found
    return found


def set_root_user(account_id: str, wanted: Mapping[str, Any]) -> None:
    """Give an account's root user what ``wanted`` says, in the names of ``RootUser``; the rest it has not."""
    keys = [RootKey(**key) for key in wanted.get("access_keys", [])]
    vars(iam_backends[account_id][PARTITION])["sandbox_root_user"] = RootUser(
        **{**wanted, "access_keys": keys}
    )
