"""The file that an audit of root users leaves: for the policy pack, which never asks AWS, and the next run.

The pack reads it without this package, so its form is fixed; tests/live/root/test_root_audit.py holds both.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from identity_center_cli.aws import clock
from identity_center_cli.aws.private_file import write_json
from identity_center_cli.aws.root.audit import AuditedOrganisation, RootAudit
from identity_center_cli.aws.root.posture import RootKey, RootPosture, Standing

KIND: Final = "identity-center/root-audit"
VERSION: Final = 1


class UnusableAuditError(Exception):
    """A file that is no audit of root users, or of another organisation."""


def to_json(audit: RootAudit) -> dict[str, Any]:
    """Write an audit as the file has it."""
    return {
        "kind": KIND,
        "version": VERSION,
        "organizationId": audit.organization_id,
        "managementAccountId": audit.management_account_id,
        "features": None if audit.features is None else list(audit.features),
        "readAt": clock.written(audit.read_at),
        "accounts": {
            account_id: posture_to_json(posture) for account_id, posture in sorted(audit.postures.items())
        },
    }


def posture_to_json(posture: RootPosture) -> dict[str, Any]:
    """Write one account. null stands for what was not seen."""
    keys = posture.access_keys
    return {
        "name": posture.account_name,
        "management": posture.management,
        "readAt": clock.written(posture.read_at),
        "seenThrough": posture.seen_through,
        "accessKeyPresent": posture.has_access_key,
        "accessKeys": None if keys is None else [_key_to_json(key) for key in keys],
        "passwordPresent": posture.has_password,
        "mfa": posture.has_mfa,
        "signingCertificates": posture.certificates,
        "lastUsed": _optional(posture.last_used),
        "centrallyManaged": posture.centrally_managed,
        "standing": posture.standing.value,
        "flaws": list(posture.flaws),
        "unseen": list(posture.unseen),
    }


def _key_to_json(key: RootKey) -> dict[str, Any]:
    return {"id": key.identifier, "active": key.active, "lastUsed": _optional(key.last_used)}


def _optional(time: datetime | None) -> str | None:
    return None if time is None else clock.written(time)


def save(audit: RootAudit, path: Path) -> None:
    """Write the file whole or not at all, for its owner's eyes only."""
    write_json(to_json(audit), path)


def load_postures(path: Path) -> tuple[str, dict[str, RootPosture]]:
    """Read the organisation's id and its postures. Raises UnusableAuditError."""
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        if read["kind"] != KIND or read["version"] != VERSION:
            raise UnusableAuditError(f"{path} is no root audit of version {VERSION}")
        accounts: Mapping[str, Any] = read["accounts"]
        return str(read["organizationId"]), {key: _posture(key, row) for key, row in accounts.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnusableAuditError(f"{path} is no root audit ({type(error).__name__})") from error


def _posture(account_id: str, row: Mapping[str, Any]) -> RootPosture:
    keys = row["accessKeys"]
    return RootPosture(
        account_id,
        row["name"],
        row["management"],
        clock.read(row["readAt"]),
        seen_through=row["seenThrough"],
        has_access_key=row["accessKeyPresent"],
        access_keys=None if keys is None else tuple(_key(key) for key in keys),
        has_password=row["passwordPresent"],
        has_mfa=row["mfa"],
        certificates=row["signingCertificates"],
        last_used=_time(row["lastUsed"]),
        centrally_managed=row["centrallyManaged"],
        unseen=tuple(row["unseen"]),
    )


def _key(row: Mapping[str, Any]) -> RootKey:
    return RootKey(row["id"], row["active"], _time(row["lastUsed"]))


def _time(text: str | None) -> datetime | None:
    return None if text is None else clock.read(text)


def still_good(path: Path, organisation: AuditedOrganisation, most: timedelta) -> dict[str, RootPosture]:
    """Return what an earlier run saw whole, no longer ago than `most`: a second run need not read it again.

    Raises UnusableAuditError where the file is no audit, or one of another organisation.
    """
    organization_id, postures = load_postures(path)
    if organization_id != organisation.organization_id:
        raise UnusableAuditError(f"{path} is of organisation {organization_id}, not of the caller's")
    now = clock.now()
    accounts = {each.account_id for each in organisation.accounts if each.active}
    return {
        account_id: posture
        for account_id, posture in postures.items()
        if account_id in accounts
        and posture.standing is not Standing.UNKNOWN
        and timedelta(0) <= now - posture.read_at <= most
    }
