"""What `identity-center check` is given: files, folders and standard input, and what each of them holds."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final, TextIO

from identity_guard.pack.all_rules import EVERY
from identity_guard.pack.configuration import ALL, LEVEL, LEVELS

STANDARD_INPUT: Final = "-"
SUFFIXES: Final = (".json", ".jsonl", ".ndjson")
"""Files of a folder that are looked at; others hold nothing that this command reads."""
YAML: Final = (".yaml", ".yml")
NOT_READ: Final = (
    "it is YAML, which is read as an access model only: give its folder, or a stack's file; policies are "
    "read as JSON"
)
LEFT_OUT: Final = frozenset({"node_modules", "__pycache__"})
"""Folders of programs' own, beside those whose name begins with a dot."""


class Kind(Enum):
    """What a file holds, in the words of messages."""

    DOCUMENT = "IAM policy document"
    TRUST = "trust policy"
    STATE = "exported Pulumi state"
    EVENTS = "engine event stream"
    CONFIGURATION = "configuration of the policy pack"
    MODEL = "access model"


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to check."""

    place: str
    """The path as it was given or found; `-` for standard input."""
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Unread:
    """One thing that could not be read, and why."""

    place: str
    why: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file of a folder that holds something else."""

    place: str
    why: str


def find_sources(places: list[str], standard_input: TextIO) -> Iterator[Source | Unread | PassedOver]:
    """Go through everything that is named, each file once, folders with all that is in them."""
    for place in dict.fromkeys(places):
        if place == STANDARD_INPUT:
            yield _named(place, _recognise(place, _read_stream(standard_input)))
        elif Path(place).is_dir():
            yield from _in_folder(Path(place))
        else:
            yield _named(place, _read(Path(place)))


def _named(place: str, found: Source | Unread | PassedOver) -> Source | Unread:
    """Count what somebody asked for by name, and which is nothing to check, as not read."""
    return Unread(place, found.why) if isinstance(found, PassedOver) else found


def _in_folder(folder: Path) -> Iterator[Source | Unread | PassedOver]:
    failed: list[OSError] = []
    count = 0
    for root, folders, files in os.walk(folder, onerror=failed.append):
        folders[:] = sorted(each for each in folders if not each.startswith(".") and each not in LEFT_OUT)
        for name in sorted(files):
            if name.endswith(SUFFIXES):
                count += 1
                yield _read(Path(root, name))
            elif name.endswith(YAML):
                yield PassedOver(str(Path(root, name)), NOT_READ)
    for error in failed:
        yield Unread(str(error.filename), f"the folder cannot be read: {error.strerror}")
    if not count:
        yield Unread(str(folder), f"the folder has no file to check ({', '.join(SUFFIXES)})")


def _read(path: Path) -> Source | Unread | PassedOver:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return Unread(str(path), "it is not UTF-8 text")
    except OSError as error:
        return Unread(str(path), f"{error.strerror}")
    return _recognise(str(path), text)


def _read_stream(stream: TextIO) -> str | None:
    try:
        return stream.read()
    except UnicodeDecodeError:
        return None


def _recognise(place: str, text: str | None) -> Source | Unread | PassedOver:
    """Tell what a text is by its content, never by its name."""
    if text is None:
        return Unread(place, "it is not UTF-8 text")
    if not text.strip():
        return Unread(place, "it is empty")
    try:
        found = json.loads(text)
    except RecursionError:
        return Unread(place, "it is nested too deeply")
    except ValueError as error:
        return _recognise_lines(place, text, error)
    kind = _kind_of(found)
    return PassedOver(place, _OTHER) if kind is None else Source(place, kind, text)


_OTHER: Final = (
    f"it holds none of what is checked: {', '.join(kind.value for kind in Kind)}; a policy of a resource, "
    "such as a bucket's, is not judged"
)


def _recognise_lines(place: str, text: str, error: ValueError) -> Source | Unread:
    """Tell an event stream, of one object a line, from a text that is no JSON at all."""
    first = next(line for line in text.splitlines() if line.strip())
    try:
        event = json.loads(first)
    except ValueError:
        event = None
    if isinstance(event, dict) and "sequence" in event:
        return Source(place, Kind.EVENTS, text)
    return Unread(place, f"it is not JSON: {error}")


def _kind_of(found: object) -> Kind | None:
    if not isinstance(found, Mapping):
        return None
    if "sequence" in found and any(str(name).endswith("Event") for name in found):
        return Kind.EVENTS
    if "deployment" in found:
        return Kind.STATE
    if "Statement" in found:
        return _kind_of_document(found["Statement"])
    names = {rule.name for rule in EVERY} | {ALL}
    # Whoever misspells one name has mostly written another right; one alone is told by its settings.
    if found and (names & set(found) or all(_is_like_a_setting(value) for value in found.values())):
        return Kind.CONFIGURATION
    return None


def _is_like_a_setting(value: object) -> bool:
    return value in LEVELS if isinstance(value, str) else isinstance(value, dict) and LEVEL in value


def _kind_of_document(statements: Any) -> Kind | None:  # noqa: ANN401 - as it was written
    every = [statements] if isinstance(statements, Mapping) else statements
    if not isinstance(every, list):
        return Kind.DOCUMENT
    parts = [each for each in every if isinstance(each, Mapping)]
    principals = any("Principal" in each or "NotPrincipal" in each for each in parts)
    resources = any("Resource" in each or "NotResource" in each for each in parts)
    if principals and resources:
        return None
    return Kind.TRUST if principals else Kind.DOCUMENT
