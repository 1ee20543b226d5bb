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


@pytest.mark.parametrize(
    ("document", "problem", "remedy"),
    [
        (
            {"Effect": "allow", "Actions": "s3:*", "Resource": "*"},
            (
                "Statement[0] has no key `Actions` (did you mean `Action`?); "
                "Statement[0] has no `Effect` that IAM knows"
            ),
            "write Effect: Allow or Effect: Deny",
        ),
        (
            {"Efect": "Allow", "Action": "s3:*", "NotAction": "s3:*", "Resource": 1},
            (
                "Statement[0] has no key `Efect` (did you mean `Effect`?); "
                "Statement[0] has both of `Action` and `NotAction` (write exactly one of the two); "
                "Statement[0].Resource is neither a text nor a list of texts"
            ),
            "write one or the other",
        ),
        (
            {"Effect": "Allow", "Action": "s3:*", "Resources": "*"},
            "Statement[0] has no key `Resources`",
            "did you mean `Resource`?",
        ),
    ],
)
def test_all_mistakes_of_a_document_are_told_at_once(
    document: dict[str, object], problem: str, remedy: str
) -> None:
    """Who mends the key and runs again should not be told of the effect only then."""
    policy = {"Version": "2012-10-17", "Statement": [document]}
    loaded = load({"permissionSets": {"reading": {"name": "Reading", "inlinePolicy": policy}}})

    assert [(each.problem, each.remedy) for each in loaded.mistakes] == [(problem, remedy)]


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({"Version": "2012-10-17", "Statment": []}, "the document has no key `Statment`"),
        (
            {"Versoin": "2012-10-17", "Statement": []},
            "the document has no key `Versoin` (did you mean `Version`?); has no statements",
        ),
    ],
)
def test_a_misspelt_key_is_one_mistake(document: dict[str, object], problem: str) -> None:
    """Told as two, the lack of the right key sends people looking for a second line."""
    loaded = load({"permissionSets": {"reading": {"name": "Reading", "inlinePolicy": document}}})

    assert [each.problem for each in loaded.mistakes] == [problem]
