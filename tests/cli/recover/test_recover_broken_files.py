"""What a kill or a full disk breaks beside AWS: the files of a backend in a folder."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from identity_center_cli.engine import Engine
from identity_center_cli.verbs.recover.broken_files import repairs

SECRETS = {"type": "passphrase", "state": {"salt": "v1:a"}}


def _state(*names: str) -> str:
    latest = {
        "manifest": {"version": "v3"},
        "secrets_providers": SECRETS,
        "resources": [{"urn": name, "inputs": {"list": [1, {"a": "}],"}]}} for name in names],
        "metadata": {},
    }
    return json.dumps({"version": 3, "checkpoint": {"stack": "organization/p/dev", "latest": latest}},
                      separators=(",", ":"))  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a backend's folder with a stack of three resources."""
    _write(tmp_path / "stacks/p/dev.json", _state("a", "b", "c"))
    _write(tmp_path / "stacks/p/dev.json.attrs", "{}")
    return tmp_path


def _write(file: Path, text: str, age: int = 0) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    os.utime(file, (1_000_000 - age, 1_000_000 - age))
    return file


def _urns(file: Path) -> list[str]:
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    assert read["checkpoint"]["stack"] == "organization/p/dev"
    assert read["checkpoint"]["latest"]["secrets_providers"] == SECRETS
    return [each["urn"] for each in read["checkpoint"]["latest"]["resources"]]


def test_where_nothing_is_broken_nothing_is_touched(folder: Path) -> None:
    """A repair of what is whole would lose the last update."""
    assert repairs(folder) == []


def test_what_a_kill_left_empty_beside_the_state_goes(folder: Path) -> None:
    """Every command of Pulumi ends with "failed to load checkpoint: EOF", and the state itself is whole."""
    _write(folder / "stacks/p/dev.json.attrs", "")

    (repair,) = repairs(folder)
    repair.make()

    assert "dev.json.attrs was left empty" in repair.said
    assert not (folder / "stacks/p/dev.json.attrs").exists()
    assert _urns(folder / "stacks/p/dev.json") == ["a", "b", "c"]


def test_a_state_that_breaks_off_is_its_newest_whole_copy_again(folder: Path) -> None:
    """An older state is right as far as it goes: a recovery asks AWS about the rest."""
    state = folder / "stacks/p/dev.json"
    _write(state, _state("a", "b", "c")[:-40])
    _write(folder / "stacks/p/dev.json.bak", _state("a", "b")[:-40], age=1)
    _write(folder / "history/p/dev/dev-2.checkpoint.json", _state("a", "b"), age=2)
    _write(folder / "backups/p/dev/dev.1.json", _state("a"), age=3)
    _write(folder / "history/p/other/other-2.checkpoint.json", _state("z"))

    (repair,) = repairs(folder)
    repair.make()

    assert repair.said.endswith("dev-2.checkpoint.json")
    assert _urns(state) == ["a", "b"]
    assert (folder / "stacks/p/dev.json.broken").read_text(encoding="utf-8") == _state("a", "b", "c")[:-40]
    assert not (folder / "stacks/p/dev.json.attrs").exists()


@pytest.mark.parametrize("cut", range(1, len(_state("a", "b", "c")), 7))
def test_without_a_copy_the_beginning_is_kept(folder: Path, cut: int) -> None:
    """On the first update there is none: what is whole of the state stands, in its order."""
    state, whole = folder / "stacks/p/dev.json", _state("a", "b", "c")
    _write(state, whole[:cut])

    (repair,) = repairs(folder)
    repair.make()

    latest = json.loads(state.read_text(encoding="utf-8"))["checkpoint"]["latest"]
    kept = [each["urn"] for each in latest["resources"]]
    assert kept == ["a", "b", "c"][: whole[:cut].count('{"a":"}],"}]}}')]
    assert not kept or latest["secrets_providers"] == SECRETS
    assert repairs(folder) == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [("file:///srv/our%20states", Path("/srv/our states/.pulumi")), ("s3://a-bucket", None)],
)
def test_only_a_backend_in_a_folder_has_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, expected: Path | None
) -> None:
    """Of a bucket nothing is broken in this way."""
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(f"#!/bin/sh\necho '{json.dumps({'url': url})}'\n", encoding="utf-8")
    pulumi.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")

    assert Engine(tmp_path, "dev").folder_of_states() == expected
