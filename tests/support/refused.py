"""A run that ends with what is wrong told, by the exit status that keeps the engine from adding to it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from identity_center.program.run import ALREADY_TOLD


@dataclass
class Refusal:
    """What a run was refused with."""

    text: str = ""

    def __str__(self) -> str:
        """Return what the user is told."""
        return self.text


@contextmanager
def run_refused(match: str = "") -> Iterator[Refusal]:
    """Insist that the program is refused within, and give what it says afterwards."""
    refusal = Refusal()
    with pytest.raises(SystemExit) as caught:
        yield refusal
    assert caught.value.code == ALREADY_TOLD, "the engine adds a line of its own to any other status"
    refusal.text = str(caught.value.__cause__)
    assert re.search(match, refusal.text)
