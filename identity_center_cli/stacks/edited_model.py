"""A date in a file of a model, written anew: no other byte of the file changes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from identity_center.model.mistakes import KeyPath, Position
from identity_center.model.reading.sources import Sources
from identity_center.model.reading.yaml_file import parse_yaml
from identity_center_cli.stacks.snapshots import UnusableModelError

_DATE: Final = re.compile(r""""[^"\n]*"|'[^'\n]*'|\d{4}-\d{2}-\d{2}(?!\S*[T:])""")


@dataclass(frozen=True)
class Dated:
    """A file with a new date in it, that nobody has written yet."""

    path: Path
    text: str

    def write(self) -> None:
        """Write the file whole, in the place of the old one."""
        new = self.path.with_name(f".{self.path.name}.new")
        new.write_bytes(self.text.encode())
        new.replace(self.path)


def with_date(sources: Sources, place: Path, entry: KeyPath, key: str, day: str) -> Dated:
    """Give an entry of a model a date under a key, where it has one and where it has none.

    Raises UnusableModelError where the file would say anything else as well.
    """
    at = sources.places.position(entry, at_key=False)
    if at is None:
        raise UnusableModelError(f"{place}: where the entry stands is not known, so nothing was written")
    path = _file(sources, place, at)
    old = path.read_bytes().decode()
    had = sources.places.position((*entry, key), at_key=False)
    new = _replaced(old, had, day) if had and had != at and _says(sources, entry, key) else None
    new = new or _inserted(old, at, f'{key}: "{day}"')
    if list(_differences(parse_yaml(old, at.file).value, parse_yaml(new, at.file).value)) != [(key, day)]:
        raise UnusableModelError(
            f'{at}: the date cannot be written without changing more; write `{key}: "{day}"` by hand'
        )
    return Dated(path, new)


def _file(sources: Sources, place: Path, at: Position) -> Path:
    if place.is_file() and at.file == place.name:
        return place
    return sources.policy_folder / Path(at.file).relative_to(sources.policy_folder.name)


def _says(sources: Sources, entry: KeyPath, key: str) -> bool:
    held: Any = sources.values
    for part in entry:
        held = held[part]
    return key in held


def _offset(text: str, at: Position) -> int:
    lines = text.splitlines(keepends=True)
    return sum(map(len, lines[: at.line - 1])) + at.column - 1


def _replaced(text: str, at: Position, day: str) -> str | None:
    start = _offset(text, at)
    found = _DATE.match(text, start)
    return None if found is None else f'{text[:start]}"{day}"{text[found.end() :]}'


def _inserted(text: str, at: Position, said: str) -> str:
    """Put a key before the first one of an entry, as that one is written."""
    start = _offset(text, at)
    if text.startswith("{", start):
        return f"{text[: start + 1]}{said}, {text[start + 1 :]}"
    line = next(iter(text[start:].splitlines(keepends=True)), "")
    ending = "\r\n" if line.endswith("\r\n") else "\n"
    return f"{text[:start]}{said}{ending}{' ' * (at.column - 1)}{text[start:]}"


def _differences(old: object, new: object, key: str = "") -> Iterator[tuple[str, object]]:
    """Yield each key whose value is another one, with the new value."""
    if isinstance(old, dict) and isinstance(new, dict):
        for each in dict.fromkeys((*old, *new)):
            yield from _differences(old.get(each), new.get(each), str(each))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for before, after in zip(old, new, strict=True):
            yield from _differences(before, after, key)
    elif old != new:
        yield key, new
