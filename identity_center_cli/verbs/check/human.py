"""What was found, for people who read a terminal."""

import re
import shutil
import textwrap
from collections.abc import Iterator
from typing import Final

from identity_center_cli.verbs.check.judging import Checked, Result
from identity_center_cli.verbs.check.kinds import NOTHING, WHAT_IS_CHECKED, PassedOver

USUAL: Final = 110
"""Columns where there is no terminal, as in a pipeline's log."""
NARROWEST: Final = 60
MOST_LISTED: Final = 10
"""Files that hold nothing of access are listed up to this number: a repository has thousands."""
_COMMAND: Final = re.compile(r"identity-center (?=[a-z]+ ).*$")
_BLANK: Final = "\N{NO-BREAK SPACE}"


def to_lines(checked: Checked, *, everything: bool) -> Iterator[str]:
    """Yield the lines of a report, and of each message all it counts where `everything` is asked for."""
    for each in checked.results:
        yield from _of_result(each, everything=everything)
    for found in checked.unread:
        yield f"{found.place}: COULD NOT BE READ: {found.why}"
    yield from _passed_over(checked.passed_over, everything=everything)
    refused = sum(each.level == "mandatory" for each in checked.results)
    undecided = sum(each.undecided for each in checked.results)
    yield (
        f"{len(checked.read)} read, {len(checked.unread)} could not be read; {refused} refused, "
        f"{undecided} undecided, {len(checked.results) - refused - undecided} advised"
    )


def _passed_over(others: list[PassedOver], *, everything: bool) -> Iterator[str]:
    """Yield what was not checked; of many files of one folder's tree that hold nothing, the first ones."""
    nothing = [each for each in others if each.why == NOTHING]
    folded = set() if everything or len(nothing) <= MOST_LISTED else {*map(id, nothing[MOST_LISTED:])}
    for other in others:
        if id(other) not in folded:
            yield f"{other.place}: not checked: {other.why}"
    if folded:
        yield f"{len(folded)} more files: not checked: {NOTHING} (`--all` lists them)"
    if nothing:
        yield from wrapped(f"checked are: {WHAT_IS_CHECKED}")


def place_of(result: Result) -> str:
    """Write where something stands, as compilers do."""
    parts = [result.place, result.line, result.column if result.line is not None else None]
    return ":".join(str(each) for each in parts if each is not None)


def said(result: Result) -> str:
    """Say how it counts."""
    return "undecided" if result.undecided and result.level == "advisory" else result.level


def _of_result(result: Result, *, everything: bool) -> Iterator[str]:
    yield f"{place_of(result)}: [{said(result)}] {result.rule}"
    if result.name:
        yield f"    {result.name}"
    elif result.urn and result.urn.startswith("urn:"):
        yield f"    {result.urn}"
    for line in result.message.splitlines():
        yield from wrapped(f"    {line}")
    if everything:
        yield from (f"      all: {line}" for line in result.everything)


def wrapped(line: str) -> Iterator[str]:
    """Break a line so that it fits the terminal, what follows further in; never in a command to copy."""
    inside = " " * (len(line) - len(line.lstrip()) + 4)
    width = max(NARROWEST, shutil.get_terminal_size((USUAL, 0)).columns)
    whole = _COMMAND.sub(lambda command: command[0].replace(" ", _BLANK), line)
    lines = textwrap.wrap(
        whole, width, subsequent_indent=inside, break_long_words=False, break_on_hyphens=False
    )
    yield from (each.replace(_BLANK, " ") for each in lines)
