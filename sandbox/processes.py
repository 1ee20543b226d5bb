"""Whether a process that is not our child still runs."""

import os
from pathlib import Path


def is_running(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and was not yet collected (a zombie) does not.

    Some machines' first process collects orphans late or never, so that a signal alone would find them.
    """
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _state(pid) != "Z"


def _state(pid: int) -> str:
    """Return the state letter of Linux's /proc/PID/stat; empty where there is no such file (macOS)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return ""
    # The name in brackets may itself hold brackets and spaces.
    return text.rpartition(")")[2].split()[0]
