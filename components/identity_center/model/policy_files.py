"""Inline policies in files of their own, read from the folder of the model and from nowhere else."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from .errors import KeyPath, Mistake
from .inline_policy import InlinePolicy, checked_document
from .load import Loaded
from .permission_sets import PermissionSetParameters
from .wrong_value import WrongValueError
from .yaml_file import read_yaml, within


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
