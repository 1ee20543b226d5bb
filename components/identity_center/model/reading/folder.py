"""A model that is spread over the stack's file and a folder of YAML files: one model, with all its places."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import yaml

from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.language.keys.key_facts import keys_of
from identity_center.model.language.permission_sets import PermissionSetParameters
from identity_center.model.language.policies import InlinePolicy, checked_document
from identity_center.model.mistakes import KeyPath, Mistake, Position, Positions, WrongValueError

from .load import Loaded
from .yaml_file import YamlFile, read_yaml, within

#: Files below a folder of this name are policies, not parts of the model.
POLICIES = "policies"
#: Parts that are lists; all others are mappings, or said once.
_LISTS = frozenset(key.alias for key in keys_of(AccessDeclaration) if key.container is tuple)
_SUFFIXES = frozenset({".yaml", ".yml"})


def read_folder(folder: Path) -> tuple[tuple[YamlFile, ...], tuple[Mistake, ...]]:
    """Read all YAML files of a folder and below it, in the order of their names.

    Left out are files and folders whose names begin with a dot, and what is below `policies`.
    """
    files: list[YamlFile] = []
    mistakes: list[Mistake] = []
    for path in sorted(_model_files(folder)):
        name = (Path(folder.name) / path.relative_to(folder)).as_posix()
        real = within(folder, path)
        if real is None:
            problem = "is a link to a file outside the folder of the model"
            mistakes.append(Mistake((), problem, "put the file itself there", place=Position(1, 1, name)))
        elif not real.is_file():
            problem = "is no file" if real.exists() else "is a link to a file that is not there"
            mistakes.append(Mistake((), problem, "put the file there", place=Position(1, 1, name)))
        else:
            read = read_yaml(real, name)
            mistakes += read.mistakes
            files.append(read)
    if not files and not mistakes:
        mistakes.append(
            Mistake(("modelFolder",), f"`{folder.name}` has no YAML files", "name the folder of the model")
        )
    return tuple(files), tuple(mistakes)


def _model_files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") for part in parts)
        if path.suffix in _SUFFIXES and not hidden and POLICIES not in parts[:-1] and not path.is_dir():
            yield path


@dataclass
class MergedModel:
    """The parts of all sources together. Mappings and lists are put together, all else may be said once."""

    stack: Positions
    """Knows the places of what the stack's configuration says."""
    values: dict[str, object] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    complete: bool = True
    """Whether all was read; where not, what seems to be missing may be in the rest."""
    _owners: dict[KeyPath, tuple[YamlFile, int]] = field(default_factory=dict)
    """By part, part and key, or part and place: the file, and how many items stood before its own."""

    @classmethod
    def of(
        cls, stack_values: Mapping[str, object], stack: Positions, files: Sequence[YamlFile]
    ) -> "MergedModel":
        """Put the files, in their order, to what the stack says."""
        merged = cls(stack, dict(stack_values))
        for file in files:
            merged._add_file(file)
        merged.complete = not any(file.unread for file in files)
        return merged

    def position(self, path: KeyPath, *, at_key: bool) -> Position | None:
        """Return where `path` stands, or None where its value came from no file."""
        owner = self._owners.get(path[:2]) or self._owners.get(path[:1])
        if owner is None:
            return self.stack.position(path, at_key=at_key)
        file, before = owner
        if before and len(path) > 1 and isinstance(path[1], int):
            path = (path[0], path[1] - before, *path[2:])
        return file.position(path, at_key=at_key)

    def _add_file(self, file: YamlFile) -> None:
        if file.value is None:
            return  # an empty file
        if not isinstance(file.value, dict):
            self._wrong(file, file.root, "is not a mapping", "write `users:`, `groups:` and so on")
            return
        for part, value in file.value.items():
            self._add_part(file, part, value)

    def _add_part(self, file: YamlFile, part: str, value: object) -> None:
        have = self.values.get(part)
        if part.startswith("identity-center:"):
            bare = part.removeprefix("identity-center:")
            self._wrong(file, _key_node(file, part), f"`{part}` has a namespace", f"write `{bare}`")
        elif part not in self.values:
            self.values[part] = list(value) if isinstance(value, list) else value
            self._owners[(part,)] = (file, 0)
            self._own(file, part, value, 0)
        elif isinstance(have, dict) and isinstance(value, dict):
            self._own(file, part, value, 0, have)
            self.values[part] = {**value, **have}
        elif isinstance(have, list) and isinstance(value, list):
            self._own(file, part, value, len(have))
            self.values[part] = [*have, *value]
        else:
            self._not_together(file, part, value)

    def _not_together(self, file: YamlFile, part: str, value: object) -> None:
        """Blame the source whose value is of the wrong kind, and keep the other's."""
        kind: type = list if part in _LISTS else dict
        owner = self._owners.get((part,))
        words = "a list" if kind is list else "a mapping"
        if isinstance(value, kind) and owner is not None:
            self.values[part] = value
            self._owners[(part,)] = (file, 0)
            self._own(file, part, value, 0)
            file = owner[0]
        node = _key_node(file, part)
        if isinstance(value, kind) or isinstance(self.values[part], kind):
            self._wrong(file, node, f"`{part}` is not {words}", f"write {words}, as in the other file")
        else:
            self._wrong(file, node, f"`{part}` is in another file already", "keep one of them")

    def _own(
        self, file: YamlFile, part: str, value: object, before: int, have: Mapping[str, object] | None = None
    ) -> None:
        """Note whose the keys or places are; a key that another source has is a mistake."""
        if isinstance(value, list):
            for index in range(len(value)):
                self._owners[part, before + index] = (file, before)
        for key in value if isinstance(value, dict) else ():
            if key in (have or {}):
                other = self._owners.get((part, key))
                where = other[0].name if other else "the stack's file"
                node = _key_node(file, part, key)
                self._wrong(file, node, f"the key `{key}` is in {where} as well", "keep one of them")
            else:
                self._owners[part, key] = (file, 0)

    def _wrong(self, file: YamlFile, node: yaml.Node | None, problem: str, remedy: str) -> None:
        self.mistakes.append(Mistake((), problem, remedy, place=file.place(node)))


def _key_node(file: YamlFile, *path: str) -> yaml.Node | None:
    pair = file.pair(path)
    return pair[0] if pair else None


# Inline policies in files of their own, read from the folder of the model and from nowhere else.


def with_policy_files(loaded: Loaded, folder: Path) -> tuple[Loaded, tuple[Mistake, ...]]:
    """Put the documents of files in their places; a file that cannot be used is a mistake."""
    declared, mistakes = loaded.declaration, list[Mistake]()
    sets = {
        key: _with_document(entry, ("permissionSets", key), folder, mistakes)
        for key, entry in declared.permission_sets.items()
    }
    defaults = declared.permission_set_defaults
    if defaults is not None:
        defaults = _with_document(defaults, ("permissionSetDefaults",), folder, mistakes)
    changed = declared.model_copy(update={"permission_sets": sets, "permission_set_defaults": defaults})
    return replace(loaded, declaration=changed), tuple(mistakes)


_Parameters = TypeVar("_Parameters", bound=PermissionSetParameters)


def _with_document(entry: _Parameters, path: KeyPath, folder: Path, mistakes: list[Mistake]) -> _Parameters:
    inline = entry.inline_policy
    if inline is None or inline.file is None:
        return entry
    found = _document(inline.file, (*path, "inlinePolicy", "file"), folder)
    if isinstance(found, Mistake):
        mistakes.append(found)
        return entry
    return entry.model_copy(update={"inline_policy": InlinePolicy(document=found)})


def _document(name: str, path: KeyPath, folder: Path) -> Mapping[str, object] | Mistake:
    file = within(folder, folder / name)
    if file is None:
        return Mistake(path, f"`{name}` is outside the folder of the model", "put the file into the folder")
    if not file.is_file():
        return Mistake(path, f"there is no file `{name}` in the folder of the model", "correct the name")
    read = read_yaml(file, name)
    for mistake in read.mistakes:
        return Mistake(path, f"`{name}` cannot be used: {mistake.place}: {mistake.problem}", mistake.remedy)
    try:
        return checked_document(read.value)
    except WrongValueError as error:
        return Mistake(path, f"`{name}`: {error.problem}", error.remedy)
