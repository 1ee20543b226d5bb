"""Files that a command leaves: whole or not at all, and for their owner's eyes only."""

import json
import os
from pathlib import Path


def write_json(content: object, path: Path) -> None:
    """Write a JSON file in the place of an earlier one."""
    write_text(json.dumps(content, indent=2) + "\n", path)


def write_text(text: str, path: Path) -> None:
    """Write a text in the place of an earlier one."""
    temporary = path.with_name(f".{path.name}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    # A file that an interrupted run left keeps its mode through O_CREAT.
    os.fchmod(descriptor, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123  # of a descriptor, for its mode
        file.write(text)
    temporary.replace(path)
