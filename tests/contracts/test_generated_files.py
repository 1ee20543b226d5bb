"""The JSON Schemas and the reference are what the models say today."""

from collections.abc import Iterator
from typing import Any

import pytest

from identity_center.model.declaration import AccessDeclaration
from identity_center.model.reference import REFERENCE, reference
from identity_center.model.schema import MODEL_SCHEMA, STACK_SCHEMA, as_text, model_schema, stack_schema

RENEW = "run: python -m identity_center.model.schema"


@pytest.mark.parametrize(
    ("path", "current"),
    [
        (MODEL_SCHEMA, as_text(model_schema())),
        (STACK_SCHEMA, as_text(stack_schema())),
        (REFERENCE, reference()),
    ],
    ids=["model", "stack file", "reference"],
)
def test_a_generated_file_is_current(path: Any, current: str) -> None:  # noqa: ANN401  # a path
    """An editor that completes a key which the program refuses is worse than none."""
    assert path.read_text(encoding="utf-8") == current, RENEW


def objects(schema: Any, place: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401  # JSON
    """Yield every schema of an object with keys of its own, and where it stands."""
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("type") == "object":
            yield place, schema
        for key, item in schema.items():
            yield from objects(item, f"{place}/{key}")
    if isinstance(schema, list):
        for index, item in enumerate(schema):
            yield from objects(item, f"{place}/{index}")


def test_every_object_is_closed_and_every_property_described() -> None:
    """An open object lets a misspelt key pass; without a description an editor shows nothing."""
    found = list(objects(model_schema()))

    assert len(found) > 15
    assert [place for place, schema in found if schema.get("additionalProperties") is not False] == []
    assert [
        f"{place}/{name}"
        for place, schema in found
        for name, definition in schema["properties"].items()
        if not definition.get("description")
    ] == []


def test_the_schemas_know_every_key_of_the_model() -> None:
    """The top level is what people write first."""
    keys = [field.alias for field in AccessDeclaration.model_fields.values()]

    assert list(model_schema()["properties"]) == keys
    assert list(stack_schema()["properties"]["config"]["properties"]) == [
        f"identity-center:{key}" for key in keys
    ]


def test_the_reference_names_every_property() -> None:
    """A key that no page mentions is found by reading the source only."""
    page = reference()
    names = {name for _, schema in objects(model_schema()) for name in schema["properties"]}

    assert [name for name in sorted(names) if f"`{name}`" not in page] == []
    assert "value." not in page.replace("its value.", ""), "every type has words"
