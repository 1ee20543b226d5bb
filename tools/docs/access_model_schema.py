"""The JSON Schema of the access model, for editors: of files in the model's folder, and of a stack's file."""

import ast
import inspect
import json
import textwrap
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.language.entry import Entry
from identity_center.model.mistakes import NAMESPACE

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PACKAGE = Path(__file__).parents[2] / "components" / "identity_center"
#: Beside the package, so that it is shipped with it.
MODEL_SCHEMA = _PACKAGE / "access-model.schema.json"
STACK_SCHEMA = _PACKAGE / "stack-file.schema.json"


def model_schema() -> dict[str, Any]:
    """Return the schema of a file in the model's folder: the keys stand without a namespace."""
    schema = AccessDeclaration.model_json_schema(by_alias=True)
    _describe(schema, AccessDeclaration)
    for entry in _kinds_of_entries(Entry):
        if entry.__name__ in schema["$defs"]:
            _describe(schema["$defs"][entry.__name__], entry)
    tidy = _tidied(schema)
    tidy.pop("title", None)
    return {"$schema": _DIALECT, "title": "Access model of identity-center", **tidy}


def stack_schema() -> dict[str, Any]:
    """Return the schema of a stack's file: under `config`, each key of the model has the namespace."""
    model = model_schema()
    keys = {
        f"{NAMESPACE}:{name}": {"$ref": f"{MODEL_SCHEMA.name}#/properties/{name}"}
        for name in model["properties"]
    }
    return {
        "$schema": _DIALECT,
        "title": "Stack file of identity-center",
        "type": "object",
        "properties": {
            "config": {
                "type": "object",
                "properties": keys,
                # Other namespaces are of other programs and providers; in this one there are no other keys.
                "patternProperties": {f"^{NAMESPACE}:(?!({'|'.join(model['properties'])})$)": False},
            }
        },
    }


def as_text(schema: Mapping[str, Any]) -> str:
    """Write a schema as it is committed."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _kinds_of_entries(base: type[Entry]) -> Iterator[type[Entry]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds_of_entries(kind)


def _describe(schema: dict[str, Any], entry: type[Entry]) -> None:
    """Add what the code says of each key.

    pydantic can (`use_attribute_docstrings`), but reads the source of every class to do it, whenever a class
    is made: a sixth of the time that each preview's program takes to load.
    """
    for kind in reversed(entry.__mro__):
        if issubclass(kind, Entry):
            for name, text in _texts_of_attributes(kind):
                alias = str(entry.model_fields[name].alias)
                described = {**schema["properties"][alias], "description": text}
                schema["properties"][alias] = dict(sorted(described.items()))


def _texts_of_attributes(kind: type[Entry]) -> Iterator[tuple[str, str]]:
    """Yield each attribute with the string below it."""
    (written,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(written, ast.ClassDef)
    for attribute, below in pairwise(written.body):
        if not isinstance(attribute, ast.AnnAssign) or not isinstance(attribute.target, ast.Name):
            continue
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            yield attribute.target.id, inspect.cleandoc(below.value.value)


def _tidied(value: Any) -> Any:  # noqa: ANN401  # JSON
    """Take out what no reader needs: made-up titles, and the null of a key that is not written."""
    if isinstance(value, list):
        return [_tidied(item) for item in value]
    if not isinstance(value, dict):
        return value
    made_up = {"title"} if isinstance(value.get("title"), str) else set()
    tidy = {key: _tidied(item) for key, item in value.items() if key not in made_up}
    if tidy.get("default", ...) is None:
        del tidy["default"]
    if isinstance(tidy.get("description"), str):
        tidy["description"] = " ".join(tidy["description"].split())
    if "patternProperties" in tidy:
        tidy["additionalProperties"] = False
    options = [item for item in tidy.get("anyOf", []) if item != {"type": "null"}]
    if len(options) == 1 and len(options) < len(tidy["anyOf"]):
        del tidy["anyOf"]
        tidy = {**options[0], **tidy}
    return tidy
