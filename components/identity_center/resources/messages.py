"""What is told to people through the engine, wrapped to the terminal that they read it on.

The engine hands a program pipes and writes its messages out as they are, so that a terminal breaks them in
the middle of words. Whether the engine itself writes to a terminal is asked of Linux, by the engine's
process; elsewhere IDENTITY_CENTER_COLUMNS tells the width. Into a pipe or a file goes one line for each
thing that is said.
"""

import os
import re
import textwrap
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

import pulumi

#: What the engine puts before each line of a message. Source: pulumi/pkg/backend/display/progress.go.
_ENGINES_INDENT: Final = 4
_ENGINES_PREFIX: Final = len("warning: ")
_ENGINE: Final = "pulumi"
#: Not the shell's own COLUMNS: a job that exports it writes into a file all the same.
COLUMNS: Final = "IDENTITY_CENTER_COLUMNS"
#: Between the engine and a program there is the language host, and perhaps a wrapper.
_ANCESTORS: Final = 4
#: A terminal narrower than this is not helped by wrapping.
_NARROWEST: Final = 40


def info(text: str, resource: pulumi.Resource | None = None) -> None:
    """Tell something, of a resource where one is given."""
    pulumi.log.info(wrapped(text, width()), resource)


def warn(text: str, resource: pulumi.Resource | None = None) -> None:
    """Tell something that may have to be looked at."""
    pulumi.log.warn(wrapped(text, width()), resource)


def error(text: str) -> None:
    """Tell why the run ends."""
    pulumi.log.error(wrapped(text, width()))


def listed(headline: str, lines: Sequence[str]) -> str:
    """Put lines under a headline."""
    return "\n  ".join([headline, *lines])


def wrapped(text: str, columns: int | None) -> str:
    """Break lines between words, each under its own beginning; None leaves them as they are."""
    if columns is None:
        return text
    room = max(_NARROWEST, columns) - _ENGINES_INDENT
    lines = text.split("\n")
    return "\n".join(
        _folded(line, room - _ENGINES_PREFIX * (number == 0)) for number, line in enumerate(lines)
    )


def _folded(line: str, room: int) -> str:
    indent = " " * (len(line) - len(line.lstrip()))
    folded = textwrap.wrap(
        line,
        room,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
    return "\n".join(folded)


@cache
def width() -> int | None:
    """Return the columns of the terminal that the engine writes to; None where it writes to none."""
    told = os.environ.get(COLUMNS, "")
    if told.isdecimal() and int(told):
        return int(told)
    engine = _engine(Path("/proc"))
    return None if engine is None else _columns(engine / "fd" / "1")


def _engine(processes: Path) -> Path | None:
    """Find the engine among the processes that started this one."""
    parent = str(os.getppid())
    for _ in range(_ANCESTORS):
        process = processes / parent
        try:
            if (process / "comm").read_text(encoding="utf-8").strip() == _ENGINE:
                return process
            status = (process / "status").read_text(encoding="utf-8")
        except OSError:
            return None  # no Linux, or a process of somebody else
        found = re.search(r"^PPid:\s*(\d+)", status, re.MULTILINE)
        parent = found[1] if found else "0"
    return None


def _columns(output: Path) -> int | None:
    try:
        opened = os.open(output.readlink(), os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        return None  # a pipe, which has no name, or a file that may not be read
    try:
        return os.get_terminal_size(opened).columns or None
    except OSError:
        return None  # a file
    finally:
        os.close(opened)
