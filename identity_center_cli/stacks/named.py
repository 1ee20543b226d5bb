"""What people call people, permission sets and accounts, and which of them they mean."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from identity_center.model.language.clock import clock
from identity_center.model.mistakes import suggestion
from identity_center.model.organisation.organisation import Organisation
from identity_center.model.organisation.snapshot import named_snapshot
from identity_center_cli.stacks.snapshots import read_organisation

if TYPE_CHECKING:
    # What reads a model takes long to load, and names need none of it.
    from identity_center.model.access.grants import Access
    from identity_center_cli.stacks.written_model import WrittenModel

PERSON: Final = "person"
PERMISSION_SET: Final = "permission set"
ACCOUNT: Final = "account"


class UnknownNameError(ValueError):
    """Nothing is called so, or several things are."""


def find(wanted: str, kind: str, names: Mapping[str, Iterable[str | None]]) -> str:
    """Return the key whose key or names are what is wanted, in any case of its letters.

    `names` are those that each key goes by. Raises UnknownNameError with the nearest name, or the keys meant.
    """
    by_name: dict[str, dict[str, str]] = {}
    for key, others in names.items():
        for name in filter(None, (key, *others)):
            by_name.setdefault(name.casefold(), {})[key] = name
    found = by_name.get(wanted.casefold(), {})
    if wanted in names:
        return wanted
    if len(found) == 1:
        return next(iter(found))
    if found:
        meant = ", ".join(f"`{key}`" for key in found)
        raise UnknownNameError(f"several {kind}s are called `{wanted}`; say which: {meant}")
    # What people are called besides their keys is nobody else's business.
    known = set(names) if kind == PERSON else {name for each in by_name.values() for name in each.values()}
    raise UnknownNameError(f"no {kind} is called `{wanted}`; {suggestion(wanted, known, kind=kind)}")


def people_of(access: "Access") -> dict[str, tuple[str | None, ...]]:
    """Return what the users of a model go by, by key."""
    own = {
        key: (each.user_name, each.display_name, each.email) for key, each in access.declared.users.items()
    }
    elsewhere = {
        key: (each.user_name, each.display_name, each.email)
        for key, each in access.declared.external_users.items()
    }
    return {**elsewhere, **own}


def sets_of(access: "Access") -> dict[str, tuple[str | None, ...]]:
    """Return what the permission sets of a model go by, by key."""
    return {key: (name,) for key, name in access.set_names.items()}


def accounts_of(organisation: Organisation | None) -> dict[str, tuple[str | None, ...]]:
    """Return what the accounts go by, by number; none where nobody knows the organisation."""
    accounts = (organisation and organisation.accounts) or {}
    return {number: (each.name,) for number, each in accounts.items()}


def organisation_of(written: "WrittenModel", snapshot: Path | None) -> Organisation | None:
    """Return the organisation of a snapshot, or of the one that the model names; None where neither is there.

    Raises UnusableModelError, and WrongValueError where the model names none that can be read.
    """
    if snapshot is not None:
        return read_organisation(snapshot)
    name = written.assembled.access.declared.organisation_snapshot
    if name is None:
        return None
    return named_snapshot(name, written.sources.root, clock(os.environ).day).organisation
