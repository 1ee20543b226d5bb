"""The model and the programs that the README and the documentation show are right: people copy them."""

import ast
import re
from pathlib import Path

import pytest

from identity_center.model.reading.load import load
from identity_center.model.reading.yaml_file import parse_yaml

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]


def test_the_model_of_the_readme_is_sound() -> None:
    """An example with a mistake teaches the mistake."""
    text = (
        README.read_text(encoding="utf-8").split("## A larger model")[1].split("```yaml\n")[1].split("```")[0]
    )
    read = parse_yaml(text, "README.md")

    assert read.mistakes == ()
    assert isinstance(read.value, dict)
    assert load(read.value).mistakes == ()
    assert len(read.value) == 9


def programs(page: Path) -> list[str]:
    """Return the Python programs that a page shows."""
    return re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def is_of_the_page(statement: ast.Import | ast.ImportFrom, text: str) -> bool:
    """Say whether a page itself shows the file that is imported: `sessions.py`."""
    return isinstance(statement, ast.ImportFrom) and f"`{statement.module}.py`" in text


@pytest.mark.parametrize("page", [each for each in PAGES if programs(each)], ids=lambda page: page.name)
def test_what_the_programs_of_a_page_import_is_there(page: Path) -> None:
    """A name that has moved stops whoever copies the program at its first line."""
    text = page.read_text(encoding="utf-8")
    for program in programs(page):
        statements = ast.parse(program).body
        imports = [each for each in statements if isinstance(each, ast.Import | ast.ImportFrom)]
        assert imports
        imports = [each for each in imports if not is_of_the_page(each, text)]
        exec(compile(ast.Module([*imports], []), page.name, "exec"), {})  # noqa: S102 - our own pages
