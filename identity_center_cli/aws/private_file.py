"""Files that a command leaves: whole or not at all, and for their owner's eyes only."""

import json
import os
from pathlib import Path


def write_json(content: object, path: Path) -> None:
    """Write a JSON file in the place of an earlier one."""
    temporary = path.with_name(f".{path.name}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123  # of a descriptor, for its mode
        json.dump(content, file, indent=2)
        file.write("\n")
    temporary.replace(path)
