"""Access models in a folder that is checked with all that is in it: a stack's file, or a folder alone."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from identity_center_cli.verbs.check.model_judging import is_model, lines_of
from identity_center_cli.verbs.check.sources import YAML, entered

_OF_A_MODEL_ALONE: Final = re.compile(
    r"(?:permissionSets|mfaRequirement|accountAccess|permissionSetDefaults):"
)
"""Keys that other YAML files hardly begin a line with; `users:` and `groups:` stand in many."""
_NAMES_FOLDER: Final = re.compile(r"\s*identity-center:modelFolder:\s*[\"']?(?P<folder>[^\"'#\s]+)")


def models_within(folder: Path) -> list[Path]:
    """Return the models below a folder, each once: a folder that a stack's file names is that file's."""
    files, folders = [], []
    for root, inner, names in os.walk(folder):
        inner[:] = entered(inner)
        here = Path(root)
        files += [here / name for name in sorted(names) if name.endswith(YAML) and is_model(here / name)]
        if here != folder and _is_folder_of_model(here):
            folders.append(here)
    named = {each.resolve() for file in files for each in _folders_named(file)}
    return [*files, *(each for each in folders if each.resolve() not in named)]


def belongs_to(models: list[Path], place: str) -> bool:
    """Say whether a file is part of a model that is judged as a whole."""
    path = Path(place)
    parts = {
        each for model in models for each in ([model] if model.is_dir() else [model, *_folders_named(model)])
    }
    return path in parts or path.parent in parts


def _is_folder_of_model(folder: Path) -> bool:
    files = sorted(each for end in YAML for each in folder.glob(f"*{end}"))
    return any(_OF_A_MODEL_ALONE.match(line) for file in files for line in lines_of(file))


def _folders_named(file: Path) -> Iterator[Path]:
    for line in lines_of(file):
        if found := _NAMES_FOLDER.match(line):
            yield file.parent / found["folder"]
