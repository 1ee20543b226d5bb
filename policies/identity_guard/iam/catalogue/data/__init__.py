"""The catalogue's data files, which an installation has or says that it lacks."""

from pathlib import Path
from typing import Final

DATA_FOLDER: Final = Path(__file__).parent
FILES: Final = (
    "actions.json.gz",
    "condition_keys.json.gz",
    "escalation_paths.json",
    "managed_policies.json.gz",
    "resource_types.json.gz",
)


class MissingDataError(RuntimeError):
    """A file that belongs to the pack is not there: nothing can be judged without it."""

    def __init__(self, paths: list[Path]) -> None:
        """Name the files and what to do."""
        listed = ", ".join(str(path) for path in paths)
        super().__init__(f"this installation of identity_guard lacks {listed}; install it again")


def read_file(name: str) -> bytes:
    """Read one of the files. Raises MissingDataError."""
    path = DATA_FOLDER / name
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise MissingDataError([path]) from None


def require_all() -> None:
    """Raise MissingDataError with every file that is not there, before anything is judged without it."""
    missing = [DATA_FOLDER / name for name in FILES if not (DATA_FOLDER / name).is_file()]
    if missing:
        raise MissingDataError(missing)
