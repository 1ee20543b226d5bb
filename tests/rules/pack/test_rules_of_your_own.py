"""A team's own rule runs beside the pack's, and docs/testing-your-rules.md shows how it is tested."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from identity_guard.pack.all_rules import RULES, with_own
from identity_guard.stack.phase import Phase
from identity_guard.testing.in_process_engine import InProcessEngine

ROOT: Final = Path(__file__).parents[3]
PAGE: Final = ROOT / "docs" / "testing-your-rules.md"


def written_out(folder: Path, rule: str | None = None) -> Path:
    """Write the page's rule and its test into a folder, as whoever copies them does."""
    shown, test, _ = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (folder / "sessions.py").write_text(rule or shown, encoding="utf-8")
    file = folder / "test_sessions.py"
    file.write_text(test, encoding="utf-8")
    return file


def run_tests(file: Path) -> subprocess.CompletedProcess[str]:
    """Run a file of tests in a process of its own, where nothing of this project's tests is loaded."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", ".", file.name]
    return subprocess.run(command, cwd=file.parent, capture_output=True, text=True, check=False)


def test_the_example_of_the_page_runs(tmp_path: Path) -> None:
    """Whoever begins with a page that does not run gives up on rules of their own."""
    ended = run_tests(written_out(tmp_path))

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "3 passed" in ended.stdout


def test_the_example_fails_where_the_rule_is_wrong(tmp_path: Path) -> None:
    """A harness that passes whatever the rule does would be worse than none."""
    rule = PAGE.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    ended = run_tests(written_out(tmp_path, rule.replace('"PT4H")', '"PT4H", "PT8H")')))

    assert ended.returncode == 1
    assert "1 failed, 2 passed" in ended.stdout


def test_a_name_of_the_pack_is_refused() -> None:
    """Two rules of one name would share a level: whoever softens one softens the other unknowingly."""
    with pytest.raises(ValueError, match="`no-root-level-access`"):
        InProcessEngine(Phase.PREVIEW, own=[RULES[0]])


def test_what_rules_leave_to_others_is_told_after_all_of_them() -> None:
    """What an own rule cannot decide would be lost if `undecided` were asked before it."""
    assert [rule.name for rule in with_own([])][-2:] == ["identity-advice", "undecided"]
