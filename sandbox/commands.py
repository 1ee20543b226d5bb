"""The command that comes first on PATH inside the sandbox."""

import shlex
from pathlib import Path

from sandbox.home import Home, interpreter


def write_commands(home: Home, cli: Path) -> None:
    """Write `pulumi`, which runs the real one."""
    command = shlex.join([interpreter(), "-P", "-m", "sandbox.pulumi_command", str(cli)])
    text = f'#!/bin/sh\n# Written by the sandbox.\nexec {command} "$@"\n'
    home.commands.mkdir(parents=True, exist_ok=True)
    file = home.commands / "pulumi"
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return
    # Renamed into place: another command of this sandbox may be starting it.
    temporary = file.with_suffix(".new")
    temporary.write_text(text, encoding="utf-8")
    temporary.chmod(0o755)
    temporary.rename(file)
