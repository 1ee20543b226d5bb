"""What was seen of people's sign-ins and of root users: files that `mfa evidence` and `root audit` left.

A report has no clock, so that the same input is the same bytes: it has the day of each reading, and the page
tells how long ago that is.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from .contents import Account, Person, Report

SIGN_INS: Final = "identity-center/mfa-evidence"
ROOT: Final = "identity-center/root-audit"


class UnusableEvidenceError(ValueError):
    """A file that should hold what was seen of sign-ins, or of root users, does not."""


def with_sign_ins(report: Report, file: Path) -> Report:
    """Add when people last signed in, and whether with MFA. Raises UnusableEvidenceError, OSError."""
    found = _read(file, SIGN_INS)
    by_id: Mapping[str, Any] = found["people"]
    by_name = {str(each["userName"]).casefold(): each for each in by_id.values() if each.get("userName")}
    day = str(found["readAt"])[:10]

    def seen(person: Person) -> Person:
        one = by_id.get(person.key) or by_name.get((person.user_name or "").casefold())
        if one is None:
            return person
        last = str(one["lastSeen"])[:10] if one.get("lastSeen") else f"not within {found['days']} days"
        return replace(person, last_sign_in=last, mfa=f"{one['evidence']}, as of {day}")

    return replace(report, people=tuple(map(seen, report.people)))


def with_root_audit(report: Report, file: Path) -> Report:
    """Add how root users of accounts stand. Raises UnusableEvidenceError, OSError."""
    audited: Mapping[str, Any] = _read(file, ROOT)["accounts"]
    known = {each.id: each for each in report.accounts}

    def seen(account_id: str) -> Account:
        account = known.get(account_id, Account(account_id))
        one = audited.get(account_id)
        if one is None:
            return account
        words = "; ".join([str(one["standing"]), *map(str, one["flaws"])])
        return replace(
            account, name=account.name or one["name"], root=words, root_seen=str(one["readAt"])[:10]
        )

    return replace(report, accounts=tuple(map(seen, sorted({*known, *audited}))))


def _read(file: Path, kind: str) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UnusableEvidenceError(f"{file} is not JSON") from error
    if not isinstance(found, dict) or found.get("kind") != kind or found.get("version") != 1:
        raise UnusableEvidenceError(f"{file} is no {kind} of a form that this version reads")
    return found
