"""The model's copy of the table of partitions, which the pack owns since it has to run alone."""

from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).parents[2]
OWNER: Final = _ROOT / "policies" / "identity_guard" / "iam" / "catalogue" / "partitions.py"
COPY: Final = _ROOT / "components" / "identity_center" / "model" / "aws" / "partition_table.py"


def copied() -> str:
    """Return the table with a line above it that says where to change it."""
    name = OWNER.relative_to(_ROOT).as_posix()
    return (
        f"# A copy of {name}, written by `make docs`: change that file.\n{OWNER.read_text(encoding='utf-8')}"
    )
