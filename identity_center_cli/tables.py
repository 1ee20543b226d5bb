"""Tables of the verbs: for a terminal, whole where no terminal is, and as CSV that a spreadsheet may open."""

import csv
import io
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.table import Table

_WIDTH_OF_A_FILE: Final = 10_000
"""Characters: more than any row has, so that each has a line of its own where no terminal is."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV Injection)."""


def print_table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print a table of which no cell is cut: a terminal's is folded, a file's has a line for each row."""
    from rich.console import Console  # noqa: PLC0415  # a verb that prints no table does not wait for it

    table = _table(headings)
    for row in rows:
        table.add_row(*row)
    width = None if sys.stdout.isatty() else _WIDTH_OF_A_FILE
    # Text of people's choosing is never read as markup.
    Console(markup=False, highlight=False, width=width).print(table)


def _table(headings: Iterable[str]) -> "Table":
    from rich.table import Table  # noqa: PLC0415  # as above

    table = Table()
    for heading in headings:
        # A narrow terminal would get half of an id.
        table.add_column(heading, overflow="fold")
    return table


def as_csv(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return the rows as RFC 4180 has them, but with the line ends of text files."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(map(harmless, row) for row in rows)
    return out.getvalue()


def harmless(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would calculate."""
    return f"'{text}" if text.startswith(_FORMULA) else text
