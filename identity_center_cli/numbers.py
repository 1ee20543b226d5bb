"""Numbers that options take."""

import argparse
from typing import Final

#: Further back than AWS is old; still further there is no date.
_MOST_DAYS: Final = 10_000


def positive(text: str) -> float:
    """Read a number above 0. Raises argparse.ArgumentTypeError."""
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"`{text}` is not a number above 0")
    return number


def whole(text: str) -> int:
    """Read a whole number, 0 or more. Raises argparse.ArgumentTypeError."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"`{text}` is not a whole number: 0 or more")
    return int(text)


def days(text: str) -> int:
    """Read a number of days, 1 or more. Raises argparse.ArgumentTypeError."""
    if not (text.isdecimal() and 0 < int(text) <= _MOST_DAYS):
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of days: 1 or more")
    return int(text)
