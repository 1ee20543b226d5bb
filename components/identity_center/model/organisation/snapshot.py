"""A snapshot of the organisation in a committed file, for previews that must not ask AWS."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

from identity_center.model.language.entry import Entry, Items
from identity_center.model.language.keys.values import parse_date
from identity_center.model.mistakes import WrongValueError

from .organisation import (
    AccountState,
    LimitingPolicies,
    LimitingPolicy,
    MemberAccount,
    Organisation,
    PolicyKind,
    Unit,
)

#: A snapshot older than this is spoken of as old: accounts come and go by the week in large organisations.
OLD_AFTER_DAYS = 30
_FORMAT = 1


class UnusableSnapshotError(Exception):
    """A file that is no snapshot of an organisation."""


class _Unit(Entry):
    id: str
    name: str
    parent: str | None = None


class _Account(Entry):
    id: str = Field(pattern=r"^[0-9]{12}$")
    name: str
    state: str
    unit: str | None = None
    tags: dict[str, str] | None = None


def _kind(value: object) -> object:
    return PolicyKind(value) if isinstance(value, str) else value


_Kind = Annotated[PolicyKind, BeforeValidator(_kind)]


class _Policy(Entry):
    id: str
    name: str
    kind: _Kind
    document: dict[str, Any]
    targets: Items[str]


class _Policies(Entry):
    enabled: Items[_Kind]
    attached: Items[_Policy]


class _Snapshot(Entry):
    format: int = Field(ge=_FORMAT, le=_FORMAT)
    taken_at: str
    management_account_id: str = Field(pattern=r"^[0-9]{12}$")
    units: Items[_Unit]
    accounts: Items[_Account]
    organisation_id: str | None = None
    policies: _Policies | None = None


def write_snapshot(organisation: Organisation, taken_at: datetime) -> str:
    """Write the organisation as JSON: the same organisation at the same time is the same text.

    It holds ids, names, states and tags of accounts, units and, where they were read, service and resource
    control policies; no e-mail address.
    """
    accounts = sorted((organisation.accounts or {}).values(), key=lambda account: account.account_id)
    paths = organisation.unit_paths
    units = sorted(organisation.units.values(), key=lambda unit: (paths[unit.unit_id], unit.unit_id))
    document: dict[str, Any] = {
        "format": _FORMAT,
        "takenAt": f"{taken_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "managementAccountId": organisation.management_account_id,
        "units": [{"id": u.unit_id, "name": u.name, "parent": u.parent_id} for u in units],
        "accounts": [
            {
                "id": account.account_id,
                "name": account.name,
                "state": account.state.value,
                "unit": account.unit_id,
                "tags": None if account.tags is None else dict(sorted(account.tags.items())),
            }
            for account in accounts
        ],
    }
    if organisation.organisation_id is not None:
        document["organisationId"] = organisation.organisation_id
    if organisation.limits is not None:
        document["policies"] = _written(organisation.limits)
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _written(limits: LimitingPolicies) -> dict[str, Any]:
    return {
        "enabled": sorted(kind.value for kind in limits.enabled),
        "attached": [
            {
                "id": each.policy_id,
                "name": each.name,
                "kind": each.kind.value,
                "document": json.loads(each.text),
                "targets": sorted(each.targets),
            }
            for each in sorted(limits.policies, key=lambda policy: (policy.kind.value, policy.policy_id))
        ],
    }


def _limits(read: _Policies | None) -> LimitingPolicies | None:
    if read is None:
        return None
    return LimitingPolicies(
        frozenset(read.enabled),
        tuple(
            LimitingPolicy(
                each.id,
                each.name,
                each.kind,
                json.dumps(each.document, ensure_ascii=False),
                frozenset(each.targets),
            )
            for each in read.attached
        ),
    )


def read_snapshot(text: str) -> Organisation:
    """Read what `write_snapshot` wrote. Raises UnusableSnapshotError, which says what is wrong."""
    try:
        read = _Snapshot.model_validate(json.loads(text))
        taken_at = datetime.fromisoformat(read.taken_at)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UnusableSnapshotError(f"{place}: {first['msg']}") from error
    except ValueError as error:
        raise UnusableSnapshotError(str(error)) from error
    if taken_at.tzinfo is None or parse_date(read.taken_at[:10]) is None:
        raise UnusableSnapshotError("takenAt: is not a time with its offset from UTC")
    accounts = [MemberAccount(a.id, a.name, AccountState.of(a.state), a.unit, a.tags) for a in read.accounts]
    units = [Unit(u.id, u.name, u.parent) for u in read.units]
    if read.management_account_id not in {account.account_id for account in accounts}:
        raise UnusableSnapshotError("accounts: the management account is not among them")
    found = Organisation.of(read.management_account_id, accounts, units, taken_at)
    return replace(found, organisation_id=read.organisation_id, limits=_limits(read.policies))


def age_of(taken_at: datetime, day: date) -> tuple[str, bool]:
    """Say how old a snapshot is on a day, and whether that is old."""
    days = (day - taken_at.astimezone(UTC).date()).days
    words = "today" if days == 0 else f"{days} day{'s' * (days != 1)} ago"
    return (
        f"taken on {taken_at:%Y-%m-%d}, {words if days >= 0 else 'in the future'}",
        not 0 <= days <= OLD_AFTER_DAYS,
    )


@dataclass(frozen=True)
class NamedSnapshot:
    """A snapshot that a model names, and what a reader of the run should know of it."""

    organisation: Organisation
    words: str
    """Which file it is, and how old."""
    is_old: bool


def named_snapshot(name: str, root: Path, day: date) -> NamedSnapshot:
    """Read the snapshot that a model names, relative to its project. Raises WrongValueError."""
    path = (root / name).resolve()
    if not path.is_relative_to(root.resolve()):
        raise WrongValueError("is outside the project", "name a file in the project's folder")
    remedy = "write it again: `identity-center organisation snapshot`"
    try:
        organisation = read_snapshot(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise WrongValueError(f"`{name}` cannot be read ({type(error).__name__})", remedy) from error
    except UnusableSnapshotError as error:
        raise WrongValueError(f"`{name}` is no snapshot of an organisation ({error})", remedy) from error
    words, old = age_of(organisation.taken_at, day) if organisation.taken_at else ("of an unknown time", True)
    text = f"targets are resolved in the organisation of `{name}`, {words}; AWS was not asked"
    return NamedSnapshot(organisation, text, old)
