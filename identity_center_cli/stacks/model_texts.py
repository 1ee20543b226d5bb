"""The files of a model's folder as texts, read and written whole."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from identity_center.model.reading.folder import POLICIES

#: Files of a model's folder that something is added to, or written beside.
_SUFFIXES: Final = frozenset({".yaml", ".yml", ".json"})


def texts_of(folder: Path) -> dict[str, str]:
    """Return the texts of a model's files by their paths in the folder, those of policies among them."""
    paths = sorted(each for each in folder.rglob("*") if each.suffix in _SUFFIXES and each.is_file())
    named = {each.relative_to(folder).as_posix(): each for each in paths}
    shown = {
        name: path for name, path in named.items() if not any(p.startswith(".") for p in name.split("/"))
    }
    kept = {name: path for name, path in shown.items() if path.suffix != ".json" or name.startswith(POLICIES)}
    return {name: path.read_text(encoding="utf-8") for name, path in kept.items()}


def write_texts(folder: Path, texts: Mapping[str, str]) -> None:
    """Write files whole, each in the place of an earlier one."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.new")
        new.write_text(text, encoding="utf-8")
        new.replace(path)
