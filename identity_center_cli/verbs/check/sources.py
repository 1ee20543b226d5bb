"""What `identity-center check` is given: files, folders and standard input.

Of a folder nothing is passed over in silence: what is not looked at is listed, one line for each file that
may hold access, and one for all files of a kind that holds none.
"""

import codecs
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TextIO

from identity_center_cli.readers.written import MOST_JSON

from .kinds import NOTHING, WHAT_IS_CHECKED, PassedOver, Source, Unread, recognise

STANDARD_INPUT: Final = "-"
YAML: Final = (".yaml", ".yml")
SUFFIXES: Final = (".json", ".jsonl", ".ndjson", *YAML, ".template", ".tfstate")
"""Files of a folder that are looked at."""
LEFT_OUT: Final = frozenset({"node_modules", "__pycache__"})
"""Folders of programs' own, beside those whose name begins with a dot."""
NOT_READ: Final[Mapping[str, str]] = {
    ".tf": "Terraform's language is not read: check the plan, `terraform show -json PLAN`",
    ".tofu": "OpenTofu's language is not read: check the plan, `tofu show -json PLAN`",
    ".tfplan": "a plan is read as `terraform show -json` prints it",
    ".bicep": "it is not about AWS",
}
"""Files that say what access there is in a form that is not read, by their ends."""

_BYTE_ORDER: Final = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
"""Shells of Windows write what a command prints in UTF-16, with this mark."""

Found = Source | Unread | PassedOver


def find_sources(places: list[str], standard_input: TextIO) -> Iterator[Found]:
    """Go through everything that is named, each file once, folders with all that is in them."""
    for place in dict.fromkeys(places):
        if place == STANDARD_INPUT:
            yield from map(_named, _of_text(place, _read_stream(standard_input)))
        elif Path(place).is_dir():
            yield from _in_folder(Path(place))
        else:
            yield from map(_named, _read(Path(place)))


def _named(found: Found) -> Source | Unread:
    """Count what somebody asked for by name, and which is nothing to check, as not read."""
    if not isinstance(found, PassedOver):
        return found
    return Unread(found.place, f"{found.why}: {WHAT_IS_CHECKED}" if found.why == NOTHING else found.why)


def _in_folder(folder: Path) -> Iterator[Found]:
    failed: list[OSError] = []
    count = 0
    others: Counter[str] = Counter()
    for root, folders, files in os.walk(folder, onerror=failed.append):
        yield from _not_entered(Path(root), folders)
        folders[:] = entered(folders)
        for name in sorted(files):
            found = _in_file(Path(root, name))
            count += name.lower().endswith(SUFFIXES)
            if found is None:
                others[Path(name).suffix or name] += 1
            else:
                yield from found
    for error in failed:
        yield Unread(str(error.filename), f"the folder cannot be read: {error.strerror}")
    if others:
        yield PassedOver(str(folder), _of_other_kinds(others))
    if not count:
        yield Unread(str(folder), f"the folder has no file to check ({', '.join(SUFFIXES)})")


def _not_entered(root: Path, folders: list[str]) -> Iterator[PassedOver]:
    """Yield the folders below one that are not looked into."""
    for each in sorted(folders):
        if each not in entered(folders):
            yield PassedOver(str(root / each), "a folder of a program's own; name it to have it checked")
        elif (root / each).is_symlink():
            why = "a link to a folder is not followed; name the folder itself to have it checked"
            yield PassedOver(str(root / each), why)


def _in_file(path: Path) -> list[Found] | None:
    """Return what a file of a folder comes to; None where it is of a kind that holds no access."""
    if path.name.lower().endswith(SUFFIXES):
        return _read(path)
    why = NOT_READ.get(path.suffix.lower())
    if why is None and _may_hold_access(path):
        why = "it may hold a policy; name it to have it checked"
    return None if why is None else [PassedOver(str(path), why)]


def _may_hold_access(path: Path) -> bool:
    """Say whether a file of another kind looks like a policy, or like a template of one, by its beginning."""
    if path.suffix.lower() in _PROGRAMS or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING)
    except OSError:
        return True
    return all(mark in beginning for mark in (b"Statement", b"Effect"))


_BEGINNING: Final = 65_536
_PROGRAMS: Final = frozenset(
    {
        ".md",
        ".rst",
        ".py",
        ".ts",
        ".js",
        ".go",
        ".java",
        ".cs",
        ".rb",
        ".rego",
        ".html",
        ".ipynb",
        ".lock",
        ".snap",
    }
)
"""Texts and programs, which quote policies and hold none."""


def entered(folders: list[str]) -> list[str]:
    """Return the folders that are looked into."""
    return sorted(each for each in folders if not each.startswith(".") and each not in LEFT_OUT)


def _of_other_kinds(others: Counter[str]) -> str:
    listed = ", ".join(f"{number} of {suffix}" for suffix, number in sorted(others.items()))
    many = "file is" if others.total() == 1 else "files are"
    return f"{others.total()} {many} of a kind that holds no access ({listed})"


def _read(path: Path) -> list[Found]:
    try:
        size = path.stat().st_size
        if size > MOST_JSON:
            return [Unread(str(path), f"it has {size} bytes, and {MOST_JSON} are read at most")]
        if not path.is_file():
            return [Unread(str(path), "it is no file")]
        return _of_text(str(path), _decoded(path.read_bytes()))
    except OSError as error:
        return [Unread(str(path), f"{error.strerror}")]


def _of_text(place: str, text: str | None) -> list[Found]:
    if text is None:
        return [Unread(place, "it is not UTF-8 text")]
    return list(recognise(place, text))


def _decoded(content: bytes) -> str | None:
    """Return the text; None where it is none."""
    encoding = next((name for mark, name in _BYTE_ORDER if content.startswith(mark)), "utf-8-sig")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _read_stream(stream: TextIO) -> str | None:
    """Read standard input as a file is read: a shell of Windows pipes UTF-16 as well."""
    binary = getattr(stream, "buffer", None)
    return stream.read() if binary is None else _decoded(binary.read())
