"""`docs/when-things-fail.md` and the tests of failures: each case has its test, and each test its case."""

import ast
from collections.abc import Iterator

from tests.engine.bad_days.page_of_failures import PAGE, TESTS, cases

CASES = list(cases(PAGE.read_text(encoding="utf-8")))
HOLDS_THE_PAGE = frozenset({"is_as_on_the_page", "is_over"})


def _tests() -> Iterator[ast.FunctionDef]:
    for file in TESTS:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield node


def _called(test: ast.FunctionDef) -> set[str]:
    calls = [node.func for node in ast.walk(test) if isinstance(node, ast.Call)]
    return {call.id if isinstance(call, ast.Name) else getattr(call, "attr", "") for call in calls}


def test_the_page_names_each_test_of_a_failure_and_no_other() -> None:
    """A case that no test holds is a promise, and a test without a case helps nobody at night."""
    named = {test.partition("[")[0] for case in CASES for test in case.tests}

    assert named == {test.name for test in _tests()}


def test_what_the_page_shows_is_what_a_test_saw() -> None:
    """Words that nobody said are searched for in vain."""
    checked = {test.name for test in _tests() if HOLDS_THE_PAGE & _called(test)}

    for case in CASES:
        if case.shown:
            assert any(test.partition("[")[0] in checked for test in case.tests), case.title


def test_each_case_says_what_was_shown() -> None:
    """A reader looks for the words on the screen."""
    assert len([case for case in CASES if case.shown]) >= 12
