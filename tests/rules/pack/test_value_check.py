"""What the configuration's schemas allow, at each of their edges."""

from typing import Any

import pytest

from identity_guard.pack.configuration import mistakes_of

OBJECT: dict[str, Any] = {
    "type": "object",
    "properties": {"owner": {"type": "string", "minLength": 2}},
    "required": ["owner"],
}


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ("", {"type": "string"}),
        ("ab", {"type": "string", "minLength": 2}),
        ("a1", {"type": "string", "pattern": "^[a-z][0-9]$"}),
        ("low", {"type": "string", "enum": ["low", "high"]}),
        (2, {"type": "number", "minimum": 2}),
        (2.5, {"type": "number", "minimum": 2}),
        (-3, {"type": "number"}),
        (True, {"type": "boolean"}),
        ([], {"type": "array"}),
        ([1, 2], {"type": "array", "minItems": 2, "maxItems": 2}),
        ([1, 2, 3, 4], {"type": "array", "minItems": 2}),
        ([], {"type": "array", "maxItems": 2}),
        ({"owner": "ab"}, OBJECT),
        ({"owner": "ab", "more": 1}, OBJECT),
        ({"owner": "ab", "more": 1}, {**OBJECT, "additionalProperties": True}),
        ({"owner": "ab"}, {**OBJECT, "additionalProperties": False}),
        ("anything", {}),
    ],
)
def test_what_a_schema_allows_has_no_mistake(value: object, schema: dict[str, Any]) -> None:
    """A configuration that is right, refused, stops every update of a stack."""
    assert list(mistakes_of(value, schema, "p")) == []


@pytest.mark.parametrize(
    ("value", "schema", "mistake"),
    [
        (1, {"type": "string"}, "p: expected a string"),
        ("1", {"type": "array"}, "p: expected an array"),
        ([], {"type": "object"}, "p: expected an object"),
        ("1", {"type": "number"}, "p: expected a number"),
        (True, {"type": "number"}, "p: expected a number"),
        (1, {"type": "boolean"}, "p: expected a boolean"),
        ("a", {"type": "string", "minLength": 2}, "p: the text is too short"),
        (
            "b1c",
            {"type": "string", "pattern": "^[a-z][0-9]$"},
            "p: expected a text that matches ^[a-z][0-9]$",
        ),
        ("mid", {"type": "string", "enum": ["low", "high"]}, "p: expected one of `low`, `high`"),
        (1.5, {"type": "number", "minimum": 2}, "p: expected at least 2"),
        ([1], {"type": "array", "minItems": 2}, "p: the list has 1 members, which is too few or too many"),
        ([1, 2], {"type": "array", "maxItems": 1}, "p: the list has 2 members, which is too few or too many"),
        (["x", 1], {"type": "array", "items": {"type": "string"}}, "p[1]: expected a string"),
        ({}, OBJECT, "p: `owner` is missing"),
        ({"owner": "a"}, OBJECT, "p.owner: the text is too short"),
        ({"owner": "ab", "more": 1}, {**OBJECT, "additionalProperties": False}, "p: there is no `more`"),
    ],
)
def test_what_a_schema_forbids_is_told_with_its_place(
    value: object, schema: dict[str, Any], mistake: str
) -> None:
    """A misspelt or impossible setting that is taken leaves a guard switched off unseen."""
    assert list(mistakes_of(value, schema, "p")) == [mistake]


def test_all_mistakes_come_together() -> None:
    """Who repairs a configuration wants to run once, not once a mistake."""
    told = list(mistakes_of([1, "ab", "c"], {"type": "array", "maxItems": 2, "items": {"minLength": 2}}, "p"))

    assert told == ["p: the list has 3 members, which is too few or too many", "p[2]: the text is too short"]
