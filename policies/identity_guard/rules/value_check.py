"""Values of the pack's configuration against the schemas of its settings.

Before a run the engine does the same; this is for a file that is checked without one. It knows the words of
JSON Schema that the settings use, and a test holds the settings to these.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "string": str,
    "number": (int, float),
    "array": list,
    "object": dict,
    "boolean": bool,
}

WORDS: Final = frozenset(
    {
        "type",
        "description",
        "enum",
        "pattern",
        "minLength",
        "minimum",
        "items",
        "minItems",
        "maxItems",
        "properties",
        "required",
        "additionalProperties",
    }
)
"""The words of JSON Schema that `mistakes_of` understands."""


def mistakes_of(value: object, schema: Mapping[str, Any], place: str) -> Iterator[str]:
    """Say everything that a schema does not allow, each with its place; never the value itself."""
    expected = schema.get("type")
    if expected and (not isinstance(value, _TYPES[expected]) or (expected == "number" and value is True)):
        yield f"{place}: expected {'an' if expected[0] in 'ao' else 'a'} {expected}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place}: expected one of {', '.join(f'`{each}`' for each in schema['enum'])}"
    if isinstance(value, str):
        yield from _of_text(value, schema, place)
    elif isinstance(value, list):
        yield from _of_list(value, schema, place)
    elif isinstance(value, dict):
        yield from _of_object(value, schema, place)
    elif "minimum" in schema and isinstance(value, int | float) and value < schema["minimum"]:
        yield f"{place}: expected at least {schema['minimum']}"


def _of_text(value: str, schema: Mapping[str, Any], place: str) -> Iterator[str]:
    if "pattern" in schema and re.search(schema["pattern"], value) is None:
        yield f"{place}: expected a text that matches {schema['pattern']}"
    if len(value) < schema.get("minLength", 0):
        yield f"{place}: the text is too short"


def _of_list(value: list[Any], schema: Mapping[str, Any], place: str) -> Iterator[str]:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        yield f"{place}: the list has {len(value)} members, which is too few or too many"
    for number, each in enumerate(value):
        yield from mistakes_of(each, schema.get("items", {}), f"{place}[{number}]")


def _of_object(value: dict[str, Any], schema: Mapping[str, Any], place: str) -> Iterator[str]:
    known = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{place}: `{name}` is missing"
    for name, each in value.items():
        if name in known:
            yield from mistakes_of(each, known[name], f"{place}.{name}")
        elif schema.get("additionalProperties") is False:
            yield f"{place}: there is no `{name}`"
