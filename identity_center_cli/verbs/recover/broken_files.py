"""Files of a backend in a folder that a kill or a full disk broke: found, and put right.

Pulumi puts a state in place at once, and yet two things break it (gocloud.dev 0.46.1):

- Beside each file stands one that ends in `.attrs`, with a type and a checksum. It is written in place:
  killed meanwhile, it is empty, and each command ends with "failed to load checkpoint: EOF"
  (`fileblob/attrs.go`). Without it the state is read as it is.
- On a full disk the half that could be written is put in the place of the state (`blob.go`, `WriteAll`, which
  closes what failed), and each command ends with "unexpected end of JSON input".
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_ATTRIBUTES: Final = ".attrs"
_BROKEN: Final = ".broken"


@dataclass(frozen=True)
class Repair:
    """A file, and what it is to be."""

    file: Path
    whole: bytes | None
    """None: it goes."""
    said: str

    def make(self) -> None:
        """Put it right; what a state was stays beside it."""
        if self.whole is None:
            self.file.unlink(missing_ok=True)
            return
        self.file.with_name(f"{self.file.name}{_ATTRIBUTES}").unlink(missing_ok=True)
        self.file.replace(self.file.with_name(f"{self.file.name}{_BROKEN}"))
        new = self.file.with_name(f"{self.file.name}.new")
        new.write_bytes(self.whole)
        new.replace(self.file)


def repairs(folder: Path) -> list[Repair]:
    """Return what is broken in a backend's folder of files, and what puts it right."""
    emptied = [each for each in sorted(folder.rglob(f"*{_ATTRIBUTES}")) if not each.stat().st_size]
    states = [each for each in sorted((folder / "stacks").rglob("*.json")) if not _is_whole(each)]
    return [
        *(Repair(each, None, f"{each} was left empty, and goes: Pulumi writes it anew") for each in emptied),
        *(_restored(folder, each) for each in states),
    ]


def _restored(folder: Path, state: Path) -> Repair:
    copies = [each for each in _copies(folder, state) if _is_whole(each)]
    if copies:
        newest = max(copies, key=lambda each: each.stat().st_mtime_ns)
        return Repair(state, newest.read_bytes(), f"{state} breaks off: its last whole copy is {newest}")
    whole = json.dumps(_beginning(state.read_text(encoding="utf-8", errors="replace"), _stack(folder, state)))
    return Repair(state, whole.encode(), f"{state} breaks off, and has no whole copy: its beginning is kept")


def _copies(folder: Path, state: Path) -> Iterator[Path]:
    """Yield what Pulumi has written of a stack beside its state: before each update, and after each."""
    stack = state.relative_to(folder / "stacks").with_suffix("")
    yield state.with_name(f"{state.name}.bak")
    yield from (folder / "backups" / stack).glob("*.json")
    yield from (folder / "history" / stack).glob("*.checkpoint.json")


def _is_whole(file: Path) -> bool:
    try:
        return isinstance(json.loads(file.read_bytes()).get("checkpoint"), dict)
    except (OSError, ValueError, AttributeError):
        return False


def _stack(folder: Path, state: Path) -> str:
    return f"organization/{state.relative_to(folder / 'stacks').with_suffix('').as_posix()}"


def _beginning(text: str, stack: str) -> dict[str, Any]:
    """Return a state of what is whole of one that breaks off: what a resource needs stands before it."""
    latest: dict[str, Any] = {"manifest": {}, "resources": list(_items(text, '"resources":['))}
    secrets = list(_items(text, '"secrets_providers":'))
    if secrets:
        latest["secrets_providers"] = secrets[0]
    return {"version": 3, "checkpoint": {"stack": stack, "latest": latest}}


def _items(text: str, after: str) -> Iterator[Any]:
    """Yield the JSON values that follow a text, with commas between them, until one is not whole."""
    _before, found, rest = text.partition(after)
    is_followed = bool(found)
    while is_followed:
        try:
            item, end = json.JSONDecoder().raw_decode(rest)
        except ValueError:
            return
        yield item
        is_followed, rest = rest[end : end + 1] == ",", rest[end + 1 :].lstrip()
