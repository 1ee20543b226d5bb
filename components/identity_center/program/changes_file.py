"""The file that tells machines what a run says to people, beside the project file; it is not committed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi

from identity_center.model.access.change_sentences import FILE
from identity_center.resources import messages


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
        text = json.dumps(self._document, indent=2, ensure_ascii=False) + "\n"
        try:
            self._file.write_text(text, encoding="utf-8")
        except OSError as error:
            messages.warn(f"{FILE} could not be written: {error.strerror}")

    def refuse(self, why: str) -> None:
        """Say that the run was refused: what it would have changed stays in the file, and does not happen."""
        headline, *lines = why.split("\n")
        self.write({"comparison": "refused", "problem": headline, "mistakes": lines})
