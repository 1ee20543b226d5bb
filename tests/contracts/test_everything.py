"""The models of the engine tests use every key that the language has, so that none goes unmade."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from identity_center.model.reading.folder import MergedModel, read_folder
from identity_center.model.reading.load import load
from identity_center.model.reading.sources import NoPlaces
from tools.docs.access_model_schema import model_schema

EVERYTHING = Path(__file__).parents[1] / "everything"
#: What the tests set when they run: the instance has another ARN each time, and a snapshot would keep them
#: from reading the organisation.
SET_BY_TESTS = {"instanceArn", "organisationSnapshot"}


def stack(name: str) -> dict[str, Any]:
    """Return the model that stands in the file of a stack."""
    config = yaml.safe_load((EVERYTHING / f"Pulumi.{name}.yaml").read_text(encoding="utf-8"))["config"]
    return {key.split(":")[1]: value for key, value in config.items() if key.startswith("identity-center")}


def everything() -> MergedModel:
    """Return the whole model of the tests."""
    files, mistakes = read_folder(EVERYTHING / "access")
    assert mistakes == ()
    return MergedModel.of(stack("dev"), NoPlaces(), files)


def used(schema: dict[str, Any], value: Any, root: dict[str, Any]) -> Iterator[str]:  # noqa: ANN401  # JSON
    """Yield `Definition.property` for every property of the schema that the value has."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        for key in value if isinstance(value, dict) else ():
            yield f"{name}.{key}"
        yield from used(root["$defs"][name], value, root)
        return
    for option in schema.get("anyOf", ()):
        yield from used(option, value, root)
    if isinstance(value, list):
        for item in value:
            yield from used(schema.get("items", {}), item, root)
    if isinstance(value, dict):
        by_pattern = list(schema.get("patternProperties", {}).values())
        other = by_pattern[0] if by_pattern else schema.get("additionalProperties")
        for key, item in value.items():
            below = schema.get("properties", {}).get(key, other)
            if isinstance(below, dict):
                yield from used(below, item, root)


def test_the_model_of_the_engine_tests_is_sound() -> None:
    """It is the example of what a whole organisation writes."""
    merged = everything()

    assert merged.mistakes == []
    assert load(merged.values).mistakes == ()
    assert load(stack("external")).mistakes == ()


def test_every_property_of_the_schema_occurs_in_it() -> None:
    """A key that no test makes is a key that may make nothing."""
    schema, values = model_schema(), everything().values
    known = {
        f"{name}.{key}"
        for name, definition in schema["$defs"].items()
        for key in definition.get("properties", {})
    }

    # What is said of an external identity provider cannot stand beside what is said of the others.
    other = stack("external")
    assert set(schema["properties"]) - {*values, *other} == SET_BY_TESTS
    found = {*used(schema, values, schema), *used(schema, other, schema)}
    assert sorted(known - found) == []
