"""Answers of a reading, kept as they come, so that an interrupted one goes on where it ended.

A file of JSON lines, for its owner's eyes only: the first says of which instance it is and since when, each
other one is an answer. A line that broke off with the machine is the last one, and is asked again.
"""

import json
import os
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Final, Self, TextIO

FORMAT: Final = 1


class UnusableKeptAnswersError(Exception):
    """A file of kept answers that this reading cannot go on from."""


class KeptAnswers:
    """The answers by what was asked; thread-safe."""

    def __init__(self, path: Path | None, header: dict[str, Any], *, resume: bool) -> None:
        """Open the file, or keep answers in memory only. Raises UnusableKeptAnswersError."""
        self.header = {"format": FORMAT, **header}
        self._answers: dict[str, Any] = {}
        self._lock = Lock()
        self._path = path
        self._file: TextIO | None = None
        if path is None:
            return
        if resume and path.exists():
            self._read(path)
        self._file = self._begun(path)

    def _read(self, path: Path) -> None:
        lines = path.read_text(encoding="utf-8").splitlines()
        try:
            header = json.loads(lines[0])
        except (IndexError, ValueError) as error:
            raise UnusableKeptAnswersError(
                f"{path} holds no kept answers; delete it and read anew"
            ) from error
        ours = {key: value for key, value in self.header.items() if key != "startedAt"}
        if {key: header.get(key) for key in ours} != ours:
            raise UnusableKeptAnswersError(
                f"{path} is of another instance or version; delete it and read anew"
            )
        self.header = header
        for number, line in enumerate(lines[1:], start=2):
            try:
                kept = json.loads(line)
            except ValueError as error:
                if number == len(lines):
                    break
                raise UnusableKeptAnswersError(
                    f"{path}:{number} is damaged; delete it and read anew"
                ) from error
            self._answers[kept["asked"]] = kept["answer"]

    def _begun(self, path: Path) -> TextIO:
        """Write what is known whole again: a broken last line must not run into the next one."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.fchmod(descriptor, 0o600)
        file = open(descriptor, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - of a descriptor, for its mode; closed in __exit__
        file.write(json.dumps(self.header) + "\n")
        file.writelines(
            json.dumps({"asked": asked, "answer": answer}) + "\n" for asked, answer in self._answers.items()
        )
        file.flush()
        return file

    def __len__(self) -> int:
        """Return how many answers are known."""
        return len(self._answers)

    def __enter__(self) -> Self:
        """Use the file while the block runs."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file; it stays, for a reading that goes on."""
        if self._file is not None:
            self._file.close()

    def get(self, asked: str) -> Any:  # noqa: ANN401 - whatever AWS said
        """Return the answer to this, or None."""
        return self._answers.get(asked)

    def keep(self, asked: str, answer: Any) -> None:  # noqa: ANN401 - whatever AWS said
        """Keep an answer, in the file at once."""
        with self._lock:
            self._answers[asked] = answer
            if self._file is not None:
                self._file.write(json.dumps({"asked": asked, "answer": answer}) + "\n")
                self._file.flush()

    def forget(self) -> None:
        """Delete the file: the reading is whole."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)
