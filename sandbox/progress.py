"""Says what a long step is doing and since when."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

#: Seconds between two lines where the output is not a terminal.
SECONDS_BETWEEN_LINES = 15.0
#: Seconds between two drawings of the one line on a terminal.
SECONDS_BETWEEN_DRAWINGS = 0.5


def clock(seconds: float) -> str:
    """Write a duration as minutes and seconds.

    >>> clock(75)
    '1:15'
    """
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


@contextmanager
def long_step(
    what: str, doing: Callable[[], str] = lambda: "", stream: TextIO | None = None
) -> Iterator[None]:
    """Show `what`, what it is `doing` now and the time since it began, until the block ends.

    On a terminal one line is drawn again and again; elsewhere a line is printed now and then.
    """
    out = stream or sys.stderr
    terminal = out.isatty()
    began = time.monotonic()
    ended = threading.Event()

    def show() -> None:
        detail = doing()
        line = f"{what}{': ' if detail else ''}{detail} ({clock(time.monotonic() - began)})"
        out.write(f"\r\x1b[K{line}" if terminal else f"{line}\n")
        out.flush()

    def keep_showing() -> None:
        while not ended.wait(SECONDS_BETWEEN_DRAWINGS if terminal else SECONDS_BETWEEN_LINES):
            show()

    show()
    thread = threading.Thread(target=keep_showing, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        show()
        if terminal:
            out.write("\n")
