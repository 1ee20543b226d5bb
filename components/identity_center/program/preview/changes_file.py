"""The file that tells machines what a run says to people, beside the project file; it is not committed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi

from identity_center.model.access.change_sentences import FILE
from identity_center.resources import messages


def _written(document: Mapping[str, Any]) -> str:
    """Write a line for each thing that is said: Python's own indentation takes seconds for a large model."""

    def value(each: object) -> str:
        if not isinstance(each, list) or not each:
            return json.dumps(each, ensure_ascii=False)
        return "[\n" + ",\n".join(f"    {json.dumps(one, ensure_ascii=False)}" for one in each) + "\n  ]"

    return (
        "{\n"
        + ",\n".join(f"  {json.dumps(name)}: {value(each)}" for name, each in document.items())
        + "\n}\n"
    )


class ChangesFile:
    """`access-changes.json` of one run: what an earlier run left there goes first."""

    def __init__(self, root: Path) -> None:
        self._file = root / FILE
        self._document: dict[str, Any] = {"stack": pulumi.get_stack()}
        try:
            self._file.unlink(missing_ok=True)
        except OSError as error:
            messages.warn(f"{FILE} is of an earlier run and could not be removed: {error.strerror}")

    def write(self, said: Mapping[str, object]) -> None:
        """Put more into it."""
        self._document |= said
        text = _written(self._document)
        try:
            self._file.write_text(text, encoding="utf-8")
        except OSError as error:
            messages.warn(f"{FILE} could not be written: {error.strerror}")

    def refuse(self, why: str) -> None:
        """Say that the run was refused: what it would have changed stays in the file, and does not happen."""
        headline, *lines = why.split("\n")
        self.write({"comparison": "refused", "problem": headline, "mistakes": lines})
