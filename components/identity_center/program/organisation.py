"""The organisation that targets are resolved in: of a snapshot, of the provider, or read live."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeAlias

import pulumi

from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.language.settings import AwsSettings
from identity_center.model.language.targets import Reading, readings_needed
from identity_center.model.mistakes import Mistake
from identity_center.model.organisation.organisation import Organisation, UnreadOrganisationError
from identity_center.model.organisation.snapshot import UnusableSnapshotError, age_of, read_snapshot
from identity_center.resources.refusal import RefusedLookupError

from .aws_settings import read_aws_settings
from .lookups import read_organisation

Reader: TypeAlias = Callable[[AwsSettings, frozenset[Reading]], Organisation]
"""Reads accounts, and the units and tags that are needed. Raises UnreadOrganisationError."""

_SNAPSHOT = ("organisationSnapshot",)


def find_organisation(
    declared: AccessDeclaration, root: Path, day: date, reader: Reader | None
) -> tuple[Organisation | None, tuple[Mistake, ...]]:
    """Return the organisation with all that the targets need of it, or why it cannot be had.

    A snapshot wins, and then AWS is not asked. The provider tells the accounts; for units and tags, which it
    tells with a call for each, `reader` is used. Raises RefusedLookupError where AWS does not say.
    """
    if declared.organisation_snapshot is not None:
        return _of_snapshot(declared.organisation_snapshot, root, day)
    needed = readings_needed(target for entry in declared.assignments for target in entry.accounts)
    if needed <= {Reading.ACCOUNTS}:
        return read_organisation(), ()
    if reader is None:
        raise RefusedLookupError(
            "this program has nothing to read units and tags of accounts with",
            "name a snapshot of the organisation under `organisationSnapshot`",
        )
    try:
        return reader(read_aws_settings(), needed), ()
    except UnreadOrganisationError as error:
        raise RefusedLookupError(error.problem, error.remedy) from error


def _of_snapshot(name: str, root: Path, day: date) -> tuple[Organisation | None, tuple[Mistake, ...]]:
    path = (root / name).resolve()
    if not path.is_relative_to(root.resolve()):
        return None, (Mistake(_SNAPSHOT, "is outside the project", "name a file in the project's folder"),)
    remedy = "write it again: `identity-center organisation snapshot`"
    try:
        organisation = read_snapshot(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        return None, (Mistake(_SNAPSHOT, f"`{name}` cannot be read ({type(error).__name__})", remedy),)
    except UnusableSnapshotError as error:
        return None, (Mistake(_SNAPSHOT, f"`{name}` is no snapshot of an organisation ({error})", remedy),)
    if organisation.taken_at is not None:
        words, old = age_of(organisation.taken_at, day)
        text = f"targets are resolved in the organisation of `{name}`, {words}; AWS was not asked"
        (pulumi.log.warn if old else pulumi.log.info)(text)
    return organisation, ()
