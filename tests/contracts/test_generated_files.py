"""The JSON Schemas and the references are what the models and components say today."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic.alias_generators import to_camel

from identity_center.model.language.declaration import AccessDeclaration
from identity_center.resources import COMPONENTS
from identity_center.resources.serving import ServedComponents
from tools.docs import component_reference
from tools.docs.__main__ import stale
from tools.docs.access_model_reference import reference
from tools.docs.access_model_schema import model_schema, stack_schema


def test_no_generated_file_is_stale() -> None:
    """An editor that completes a key which the program refuses is worse than none, and so is a page."""
    assert stale() == [], "run: make docs"


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


def test_the_reference_of_the_components_has_all_of_them_with_an_example_that_runs() -> None:
    """The program of the examples is the one that the engine tests make, change and destroy."""
    page, schema = component_reference.reference(), _served()
    calls = component_reference.examples(component_reference.EXAMPLES.read_text(encoding="utf-8"))

    assert calls.keys() == {component.__name__ for component in COMPONENTS}
    for token in (*schema["resources"], *schema["types"]):
        assert f"\n## {token.rsplit(':', 1)[-1]}\n" in page
    assert all(call in page for call in calls.values())
    assert "| value." not in page, "every type has words"


def test_every_rule_of_the_reference_is_about_an_argument() -> None:
    """A rule under a wrong name would be shown nowhere, and nobody would miss it."""
    schema, page = _served(), component_reference.reference()
    rows = {token.rsplit(":", 1)[-1]: kind.get("properties", {}) for token, kind in schema["types"].items()}
    rows |= {token.rsplit(":", 1)[-1]: kind["inputProperties"] for token, kind in schema["resources"].items()}

    for owner, rules in component_reference.RULES.items():
        assert {to_camel(name) for name in rules} <= rows[owner].keys(), owner
    assert "| PT1H30M or as 1 hour 30 minutes: PT1H is the shortest, PT12H the longest |" in page


def _served() -> Any:  # noqa: ANN401  # JSON
    return json.loads(ServedComponents(list(COMPONENTS), "identity-center").schema or "")
