"""What a user meets inside the sandbox."""

import subprocess
from pathlib import Path

import pytest

from sandbox.home import Home
from sandbox.shell.commands import shell_command, write_commands


def test_the_sandboxs_pulumi_comes_before_the_one_that_a_start_file_puts_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pulumi's own installer puts its folder first in ~/.bashrc."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".bashrc").write_text("export PATH=/installed/first:$PATH\n", encoding="utf-8")
    home = Home(tmp_path / "sandbox")
    write_commands(home, Path("/cli/pulumi"))

    command = shell_command(home, "/bin/bash", f"{home.commands}:/usr/bin:/bin")
    shown = subprocess.run(
        [*command, "-i", "-c", "command -v pulumi"], check=False, capture_output=True, text=True
    )

    assert shown.stdout.strip() == str(home.commands / "pulumi")


def test_a_shell_without_such_files_is_opened_as_it_is(tmp_path: Path) -> None:
    """Nobody has to use bash."""
    assert shell_command(Home(tmp_path), "/usr/bin/fish", "/x") == ["/usr/bin/fish"]
