"""What `make mutation` is told by path and by line has to be there: it is run by hand, and seldom."""

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from tests.mutation.modules import CHECKOUT, PACKAGE, PARTS, STAGES, Survivor, modules, part_of, survivors


@cache
def lines_by_function(module: str) -> dict[str, list[str]]:
    """Return the lines of a module by the function or class around them, "" at the top of it."""
    text = (CHECKOUT / module).read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines()]
    return {"": lines, **{name: lines[first - 1 : last] for name, first, last in _named(ast.parse(text), "")}}


def _named(tree: ast.AST, around: str) -> Iterator[tuple[str, int, int]]:
    for child in ast.iter_child_nodes(tree):
        name = around
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            name = f"{around}.{child.name}".lstrip(".")
            yield name, child.lineno, child.end_lineno or child.lineno
        yield from _named(child, name)


@pytest.mark.parametrize("row", survivors(), ids=lambda row: f"{row.module}:{row.function}:{row.line}")
def test_a_survivor_with_a_reason_is_where_its_row_says(row: Survivor) -> None:
    """A row of a line that is gone excuses nothing; the line in its new place would count as unnoticed."""
    assert (CHECKOUT / row.module).is_file(), f"{row.module} is gone: move the row, or remove it"
    functions = lines_by_function(row.module)
    assert row.function in functions, f"{row.function} is gone: move the row, or remove it"
    assert row.line in functions[row.function], f"`{row.line}` is gone: correct the row, or remove it"


def test_each_module_that_decides_is_changed() -> None:
    """A folder that is added or moved would be left out without a word, and its tests never tried."""
    left_out = {"testing"}
    folders = {path.name for path in (CHECKOUT / PACKAGE).iterdir() if (path / "__init__.py").is_file()}
    assert folders - left_out == {folder for part in PARTS.values() for folder in part}
    assert {part_of(module) for module in modules(CHECKOUT)} == set(PARTS) == set(STAGES)


def test_the_tests_that_bear_on_a_part_are_there() -> None:
    """Of a folder that is gone no test would run, and every change would survive."""
    named = {folder for stages in STAGES.values() for stage in stages for folder in stage}
    assert [folder for folder in sorted(named) if not [*(CHECKOUT / folder).glob("test_*.py")]] == []
