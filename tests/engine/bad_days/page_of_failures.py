"""`docs/when-things-fail.md` held against what happens: a case is there, in the words that were said."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sandbox.home import CHECKOUT

PAGE: Final = CHECKOUT / "docs" / "when-things-fail.md"
TESTS: Final = tuple(
    Path(__file__).with_name(name) for name in ("test_bad_days.py", "test_falls.py", "test_recover.py")
)
_NAMED: Final = re.compile(r"`(test_\w+(?:\[[^\]`]+\])?)`")
#: What differs from run to run, or is left out on the page for its length.
_ANYTHING: Final = "…"


@dataclass(frozen=True)
class Case:
    """One section of the page that names tests."""

    title: str
    tests: tuple[str, ...]
    shown: tuple[str, ...]
    """The lines of its blocks that a command said."""


def cases(text: str) -> Iterator[Case]:
    """Read the sections of the page; a section may name no test."""
    for section in re.split(r"^##+ ", text, flags=re.MULTILINE)[1:]:
        blocks = re.findall(r"^```text\n(.*?)^```", section, flags=re.MULTILINE | re.DOTALL)
        lines = tuple(line for block in blocks for line in block.splitlines() if not line.startswith("$ "))
        yield Case(section.partition("\n")[0], tuple(_NAMED.findall(section)), lines)


def is_as_on_the_page(test: str, *outputs: str) -> None:
    """Insist that a case of the page names a test, and that each line it shows was said."""
    mine = [case for case in cases(PAGE.read_text(encoding="utf-8")) if test in case.tests]
    assert mine, f"{PAGE.name} has no case that names {test}"
    said = " ".join(" ".join(outputs).split())
    for case in mine:
        for line in case.shown:
            assert re.search(_pattern(line), said), f"{PAGE.name}, {case.title}: nobody said:\n{line}\n{said}"


def _pattern(line: str) -> str:
    words = " ".join(line.split())
    return ".*?".join(re.escape(part) for part in words.split(_ANYTHING))
