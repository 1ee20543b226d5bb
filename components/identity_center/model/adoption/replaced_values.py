"""Other values for what a model says already, as texts of its files: nothing else of a file changes."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString, SingleQuotedScalarString
from ruamel.yaml.tokens import CommentToken

from identity_center.model.reading.folder import POLICIES

from .new_values import NewValue
from .open_file import OpenFile, UnchangeableFileError, scalar
from .proposal import Place

_INLINE: Final = "inlinePolicy"
#: A comment on the line of what it is about, and nothing behind it.
_BESIDE: Final = re.compile(r"#[^\n]*\n?")
_QUOTED: Final = (DoubleQuotedScalarString, SingleQuotedScalarString)


def with_new_values(files: Mapping[str, str], new: Iterable[NewValue]) -> dict[str, str]:
    """Return the text of each file in which entries get other values, by its path in the folder.

    `files` are the texts of the files that the folder has. Of a mapping or list only what differs is written.
    Raises UnchangeableFileError where an entry stands in none of them, where a file would come back in
    another spelling, or where a comment would be lost.
    """
    replacing = _Replacing(files)
    for each in new:
        replacing.replace(each.place, each.value)
    return replacing.texts()


class _Replacing:
    """The files of one folder, on their way to say something else."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._old = files
        self._open: dict[str, OpenFile] = {}
        self._documents: dict[str, str] = {}

    def replace(self, place: Place, value: object) -> None:
        holder: Any = self._file(place).root
        for part in place[:-1]:
            if part not in holder:
                _insert(holder, part, CommentedMap())
            holder = holder[part]
        old = holder.get(place[-1])
        if place[-1] == _INLINE and isinstance(old, dict) and set(old) == {"file"}:
            self._document(old["file"], value)
        elif place[-1] == _INLINE and isinstance(old, str):
            holder[place[-1]] = _as_json(old, value)
        else:
            _put(holder, place[-1], value)

    def _document(self, name: str, value: object) -> None:
        """Write the file of a policy: JSON as adoption writes it, YAML as it was but for what differs."""
        if name.endswith(".json"):
            self._documents[name] = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
            return
        whole = {"document": self._opened(name).root}
        _put(whole, "document", value)

    def _file(self, place: Place) -> OpenFile:
        for name in self._old:
            if not name.startswith(f"{POLICIES}/") and self._opened(name).has(place[:2]):
                return self._opened(name)
        raise UnchangeableFileError(f"no file of the folder has {'.'.join(place[:2])}")

    def _opened(self, name: str) -> OpenFile:
        if name not in self._old:
            raise UnchangeableFileError(f"{name} is no file of the folder")
        if name not in self._open:
            self._open[name] = OpenFile(name, self._old[name], "")
        return self._open[name]

    def texts(self) -> dict[str, str]:
        changed = {name: file for name, file in self._open.items() if file.touched}
        for name in changed:
            # As it is, the file has to come back line by line: then what differs is what was put into it.
            OpenFile(name, self._old[name], "").text()
        texts = {**{name: file.changed_text() for name, file in changed.items()}, **self._documents}
        return {name: text for name, text in texts.items() if text != self._old.get(name)}


def _put(holder: Any, key: "str | int", value: object) -> None:  # noqa: ANN401 - a node of ruamel's
    """Give a key of a mapping, or an item of a list, a value: what is equal stays as it is written."""
    old = holder[key] if isinstance(key, int) else holder.get(key)
    if isinstance(old, dict) and isinstance(value, dict):
        _put_into_mapping(old, value)
    elif isinstance(old, CommentedSeq) and isinstance(value, list):
        _put_into_list(old, value)
    elif old is None and isinstance(key, str):
        _insert(holder, key, _node(value))
    elif not _says(old, value):
        holder[key] = (
            type(old)(value) if isinstance(old, _QUOTED) and isinstance(value, str) else _node(value)
        )


def _put_into_mapping(old: Any, value: Mapping[str, Any]) -> None:  # noqa: ANN401 - a node of ruamel's
    for gone in [key for key in old if key not in value]:
        del old[gone]
    for key, each in value.items():
        _put(old, key, each)


def _put_into_list(old: CommentedSeq, value: list[Any]) -> None:
    """Keep the items that stay; of as many objects as before each becomes the one in its place."""
    if len(old) == len(value) and all(isinstance(each, dict) for each in value):
        for index, each in enumerate(value):
            _put(old, index, each)
        return
    for index in reversed(range(len(old))):
        if not any(_says(old[index], each) for each in value):
            del old[index]
    for each in value:
        if not any(_says(kept, each) for kept in old):
            old.append(_node(each))


def _says(old: object, value: object) -> bool:
    """Tell whether a node says a value; a date without quotes, such as a policy's version, says its text."""
    return old == value or (isinstance(value, str) and not isinstance(old, bool) and str(old) == value)


def _insert(holder: Any, key: str, value: object) -> None:  # noqa: ANN401 - a node of ruamel's
    """Put a key behind the others of an entry; before them where a comment stands behind the last one."""
    if _is_followed_by_more(holder):
        holder.insert(0, key, value)
    else:
        holder[key] = value


def _is_followed_by_more(holder: Any) -> bool:  # noqa: ANN401 - a node of ruamel's
    """Tell whether blank lines or comments follow an entry: ruamel keeps them with its last key."""
    while isinstance(holder, CommentedMap | CommentedSeq) and holder:
        last = len(holder) - 1 if isinstance(holder, CommentedSeq) else list(holder)[-1]
        tokens = (token for token in holder.ca.items.get(last) or () if isinstance(token, CommentToken))
        if any(_BESIDE.fullmatch(token.value) is None for token in tokens):
            return True
        holder = holder[last]
    return getattr(holder, "comment", None) is not None


def _node(value: object) -> Any:  # noqa: ANN401 - a node of ruamel's
    if isinstance(value, dict):
        return CommentedMap({scalar(key): _node(each) for key, each in value.items()})
    if isinstance(value, list):
        return CommentedSeq([_node(each) for each in value])
    return scalar(value) if isinstance(value, str) else value


def _as_json(old: str, value: object) -> str:
    """Write a document as JSON text where it was one: on several lines where it had several."""
    if "\n" in old.strip():
        made: str = LiteralScalarString(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
        return made
    return json.dumps(value, ensure_ascii=False)
