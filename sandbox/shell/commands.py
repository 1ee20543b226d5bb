"""What a user meets inside the sandbox: a `pulumi` that comes first on PATH, and a shell."""

import shlex
from pathlib import Path

from sandbox.home import Home, interpreter


def write_commands(home: Home, cli: Path) -> None:
    """Write `pulumi`, which runs the real one."""
    command = shlex.join([interpreter(), "-P", "-m", "sandbox.shell.pulumi_command", str(cli)])
    text = f'#!/bin/sh\n# Written by the sandbox.\nexec {command} "$@"\n'
    home.commands.mkdir(parents=True, exist_ok=True)
    _write(home.commands / "pulumi", text, 0o755)


def shell_command(home: Home, shell: str, path: str) -> list[str]:
    """Return the command that opens a shell whose PATH begins with the sandbox's folders.

    bash reads the user's own start file, which often puts folders of its own first; the sandbox's come before
    them again. Other shells get PATH from the environment alone.
    """
    if Path(shell).name != "bash":
        return [shell]
    start = home.path / "bashrc"
    text = f"""# Written by the sandbox.
[ -f ~/.bashrc ] && . ~/.bashrc
export PATH={shlex.quote(path)}:"$PATH"
PS1="(sandbox) ${{PS1-}}"
"""
    _write(start, text, 0o644)
    return [shell, "--rcfile", str(start)]


def _write(file: Path, text: str, mode: int) -> None:
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return
    # Renamed into place: another command of this sandbox may be reading it.
    temporary = file.with_suffix(".new")
    temporary.write_text(text, encoding="utf-8")
    temporary.chmod(mode)
    temporary.rename(file)
