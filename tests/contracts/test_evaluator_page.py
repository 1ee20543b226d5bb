"""The page about the evaluator shows what the evaluator says."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parents[2] / "docs" / "evaluator.md"


def test_the_example_prints_what_the_page_shows() -> None:
    """A successor reads this page first: output that nobody prints any more leads them astray."""
    text = PAGE.read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (shown,) = re.findall(r"```python\n.*?```\n\n```\n(.*?)```", text, re.DOTALL)

    ended = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True)

    assert ended.stdout == shown
