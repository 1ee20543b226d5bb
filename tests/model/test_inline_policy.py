"""Inline policies as JSON text that hardly anybody writes: each is a mistake with a place, never a crash."""

import pytest

from identity_center.model.reading.load import load

_DIGITS = "1" * 5_000


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is not JSON (line 1, column 1 of the text)"),
        ("[" * 100_000, "is nested too deeply"),
        # Python refuses to read a whole number of more than 4,300 digits, by an error of its own.
        (f'{{"Version": "2012-10-17", "Statement": {_DIGITS}}}', "has a number that is too long"),
    ],
    ids=["empty", "deep", "long number"],
)
def test_a_text_that_cannot_be_read_is_a_mistake_of_its_key(text: str, problem: str) -> None:
    """A traceback would hide every other mistake of the run."""
    loaded = load({"permissionSets": {"reading": {"name": "Reading", "inlinePolicy": text}}})

    assert [(each.path, each.problem) for each in loaded.mistakes] == [
        (("permissionSets", "reading", "inlinePolicy"), problem)
    ]
