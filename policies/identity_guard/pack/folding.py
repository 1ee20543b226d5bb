"""Messages of the pack, folded to lines that fit where a preview is read.

The engine hands a pack pipes, writes each line of a message below its policy's name, and a terminal breaks
what is too long in the middle of words. What somebody copies is never broken: a command or name between
backquotes, and the exception that a refusal offers.
"""

import os
import re
import textwrap
from collections.abc import Mapping
from typing import Final

ENGINES_INDENT: Final = 10
"""What the engine puts before each line (pulumi 3.260: pkg/backend/display/progress.go, printPolicies)."""
USUAL: Final = 100
"""Columns, that indent included, where nobody says how wide the terminal is."""
NARROWEST: Final = 40
"""A terminal narrower than this is not helped by folding."""
COLUMNS: Final = "IDENTITY_CENTER_COLUMNS"
"""Not the shell's own COLUMNS, which jobs export that write into files. The program reads the same one."""
_FURTHER_IN: Final = "    "
_WHOLE: Final = re.compile(r"`[^`]+`|\{.*\}$")
_BLANK: Final = "\N{NO-BREAK SPACE}"


def columns(environment: Mapping[str, str] = os.environ) -> int:
    """Return how wide a message may be, the engine's indent included."""
    told = environment.get(COLUMNS, "")
    return int(told) if told.isdecimal() and int(told) else USUAL


def folded(message: str, wide: int) -> str:
    """Fold each line of a message, what follows further in than its beginning."""
    room = max(NARROWEST, wide - ENGINES_INDENT)
    return "\n".join(part for line in message.split("\n") for part in _parts_of(line, room))


def _parts_of(line: str, room: int) -> list[str]:
    if len(line) <= room:
        return [line]
    indent = line[: len(line) - len(line.lstrip())] + _FURTHER_IN
    kept = _WHOLE.sub(lambda whole: whole[0].replace(" ", _BLANK), line)
    parts = textwrap.wrap(
        kept, room, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return [part.replace(_BLANK, " ") for part in parts]
