"""The snapshot of an organisation that stands for the one of a run, read without what reads a model."""

from pathlib import Path

from identity_center.model.mistakes import why_unread
from identity_center.model.organisation.organisation import Organisation
from identity_center.model.organisation.snapshot import UnusableSnapshotError, read_snapshot


class UnusableModelError(ValueError):
    """The files of a model cannot be read, or have mistakes: then nobody knows what they would grant."""


def read_organisation(path: Path) -> Organisation:
    """Read a snapshot of the organisation. Raises UnusableModelError where it is none."""
    try:
        return read_snapshot(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableModelError(f"{path} cannot be read: {why_unread(error)}") from error
    except UnusableSnapshotError as error:
        raise UnusableModelError(f"{path} is no snapshot of an organisation ({error})") from error
