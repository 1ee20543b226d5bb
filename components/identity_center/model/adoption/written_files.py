"""Additions to a model as texts of its files: what a person wrote stays as it is, comments included."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from identity_center.model.reading.folder import POLICIES

from .open_file import OpenFile, scalar
from .proposal import Place, Proposal, Said
from .shared_parts import ON_ONE_LINE, lines_of

#: Where a part goes that no file has yet: as `identity-center init` lays out a model.
_FILE_OF: Final = {
    "users": "people.yaml",
    "groups": "people.yaml",
    "externalUsers": "people.yaml",
    "externalGroups": "people.yaml",
    "permissionSetDefaults": "permission-sets.yaml",
    "permissionSets": "permission-sets.yaml",
    "externalPermissionSets": "permission-sets.yaml",
    "assignments": "assignments.yaml",
    "applications": "applications.yaml",
    "accountAccess": "applications.yaml",
    "accessControlAttributes": "applications.yaml",
    "additionalRegions": "applications.yaml",
}
#: In this order in a file.
_ORDER: Final = tuple(_FILE_OF)
HEADER: Final = (
    "# Written by `identity-center adopt`. Change it as you like: adopt adds to it, and rewrites nothing.\n"
)
#: A longer inline policy gets a file of its own.
_LONGEST_DOCUMENT: Final = 25
_WIDEST: Final = 110


def written_files(
    proposal: Proposal, files: Mapping[str, str], account_names: Mapping[str, str], header: str = HEADER
) -> dict[str, str]:
    """Return the text of each file of the model that is new or gets more, by its path in the folder.

    `files` are the texts of the files that the folder has, those of policies among them; a new one
    begins with `header`. Raises UnchangeableFileError.
    """
    documents = _Documents(files)
    parts = {name: text for name, text in files.items() if not name.startswith(f"{POLICIES}/")}
    writing = _Writing(parts, account_names, header)
    for place, said in sorted(proposal.mappings.items(), key=lambda pair: _ORDER.index(pair[0][0])):
        writing.add_mapping(place, {key: documents.outside(value) for key, value in said.items()})
    for place, items in sorted(proposal.lists.items(), key=lambda pair: _ORDER.index(pair[0][0])):
        writing.add_items(place, items)
    return {**writing.texts(), **documents.texts}


@dataclass
class _Documents:
    """Long inline policies, in files of their own; the same document has one file."""

    files: Mapping[str, str]
    texts: dict[str, str] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def outside(self, entry: object) -> Any:  # noqa: ANN401 - an entry of any part
        """Return an entry with its long document in a file."""
        if not isinstance(entry, dict) or lines_of(entry.get("inlinePolicy")) <= _LONGEST_DOCUMENT:
            return entry
        text = json.dumps(entry["inlinePolicy"], indent=2, ensure_ascii=False) + "\n"
        name = self._names.setdefault(text, self._free(entry["name"], text))
        self.texts[name] = text
        return {**entry, "inlinePolicy": {"file": name}}

    def _free(self, name: str, text: str) -> str:
        """Return a file that is not there yet, or holds this text already."""
        names = (f"{POLICIES}/{name}{more}.json" for more in ("", *(f"-{n}" for n in range(2, 1000))))
        return next(each for each in names if {**self.files, **self.texts}.get(each, text) == text)


class _Writing:
    """The files of one folder, on their way to hold more."""

    def __init__(self, files: Mapping[str, str], account_names: Mapping[str, str], header: str) -> None:
        self._old, self._accounts, self._header = files, account_names, header
        self._open: dict[str, OpenFile] = {}

    def add_mapping(self, place: Place, said: Said) -> None:
        file = self._file(place, inside=bool(place[1:]))
        if file.root.get(place[0]) is None:
            file.insert(place[0], CommentedMap())
        holder: Any = file.root
        for part in place:
            if holder.get(part) is None:
                holder[part] = CommentedMap()
            holder = holder[part]
        for key, value in said.items():
            holder[scalar(key)] = self._node(value, (*place, key))

    def add_items(self, place: Place, items: Iterable[Any]) -> None:
        file = self._file(place, inside=bool(place[2:]))
        if file.root.get(place[0]) is None:
            file.insert(place[0], CommentedMap() if place[1:] else CommentedSeq())
        holder: Any = file.root
        for part in place[:-1]:
            holder = holder[part]
        if holder.get(place[-1]) is None:
            holder[place[-1]] = CommentedSeq()
        for item in items:
            holder[place[-1]].append(self._node(item, place))

    def _file(self, place: Place, *, inside: bool) -> OpenFile:
        """Return the file that has the place, or one where such things are looked for.

        What goes `inside` an entry goes where the entry is.

        A file that would come back in another spelling gets nothing that can stand in another file as well.
        """
        for name in [*self._open, *(name for name in self._old if name not in self._open)]:
            opened = self._opened(name)
            if opened.has(place[:2] if inside else place[:1]) and (inside or opened.comes_back):
                return opened
        stem = _FILE_OF[place[0]].removesuffix(".yaml")
        names = (f"{stem}{more}.yaml" for more in ("", *(f"-{number}" for number in range(2, 1000))))
        return next(opened for name in names if (opened := self._opened(name)).comes_back)

    def _opened(self, name: str) -> OpenFile:
        if name not in self._open:
            self._open[name] = OpenFile(name, self._old.get(name), self._header)
        return self._open[name]

    def texts(self) -> dict[str, str]:
        """Return the files that have more than before."""
        return {name: file.text() for name, file in self._open.items() if file.touched}

    def _node(self, value: object, place: Place) -> Any:  # noqa: ANN401 - a node of ruamel's
        if isinstance(value, dict):
            return self._mapping(value, place)
        if isinstance(value, list | tuple):
            return self._list(value, place)
        return scalar(value) if isinstance(value, str) else value

    def _mapping(self, value: Said, place: Place) -> CommentedMap:
        made = CommentedMap()
        for key, each in value.items():
            made[scalar(key)] = self._node(each, (*place, key))
        short = len(value) == 1 and all(isinstance(each, str) for each in value.values())
        if short and place[-1] in ("inlinePolicy", "permissionsBoundary"):
            made.fa.set_flow_style()
        return made

    def _list(self, value: "list[Any] | tuple[Any, ...]", place: Place) -> CommentedSeq:
        made = CommentedSeq([self._node(each, place) for each in value])
        plain = all(isinstance(each, str | int | float) for each in value)
        if place == ("assignments", "accounts"):
            for index, each in enumerate(value):
                if isinstance(each, str) and each in self._accounts:
                    made.yaml_add_eol_comment(_one_line(self._accounts[each]), index, column=0)
        elif plain and len(value) <= ON_ONE_LINE and sum(len(str(each)) + 2 for each in value) < _WIDEST - 30:
            made.fa.set_flow_style()
        return made


def _one_line(name: str) -> str:
    return " ".join(name.split())
