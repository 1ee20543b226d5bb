"""`identity-center adopt` into a folder, and what the folder then says."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from identity_center_cli.main import main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of a model that is not there yet, in a folder to run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "access"


def adopt(folder: Path, *options: str) -> int:
    """Adopt into a folder."""
    return main(["adopt", "--into", str(folder), "--requests-per-second", "10000", *options])


def written(folder: Path) -> dict[str, str]:
    """Return the texts of a model's files by name."""
    return {path.name: path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()}


def model(folder: Path) -> dict[str, Any]:
    """Return what all files say together."""
    return {part: value for text in written(folder).values() for part, value in yaml.safe_load(text).items()}
