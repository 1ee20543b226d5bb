"""The JSON Schema of the access model, for editors: of files in the model's folder, and of a stack's file."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.language.entry import Entry
from identity_center.model.mistakes import NAMESPACE

from .words_of_keys import words_of

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
    """Add what the code says of each key."""
    for name, text in words_of(entry).items():
        alias = str(entry.model_fields[name].alias)
        described = {**schema["properties"][alias], "description": text}
        schema["properties"][alias] = dict(sorted(described.items()))


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
