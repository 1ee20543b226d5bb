"""How the help of a verb reads: a description as wide as the terminal, then calls that one can copy."""

import argparse
import shutil
import textwrap
from typing import Final

TITLE: Final = "examples:"
WIDEST: Final = 100


def with_examples(verb: argparse.ArgumentParser, *calls: str) -> argparse.ArgumentParser:
    """End a verb's help with examples, each on a line of its own."""
    width = min(shutil.get_terminal_size().columns - 2, WIDEST)
    # argparse would wrap the examples, too, or neither.
    verb.formatter_class = argparse.RawDescriptionHelpFormatter
    verb.description = textwrap.fill(" ".join((verb.description or "").split()), width)
    verb.epilog = "\n".join([TITLE, *(f"  {call}" for call in calls)])
    return verb
