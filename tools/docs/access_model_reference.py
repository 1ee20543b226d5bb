"""The reference of the access model, written from the models: every key, its type, and what it says."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tools.docs.access_model_schema import model_schema

REFERENCE: Path = Path(__file__).parents[2] / "docs" / "access-model.md"

_HEAD = """\
# The access model: every key

Written from the models by `make docs`; a test holds it current.

Small organisations write the model in `Pulumi.STACK.yaml`, under `config`, each top-level key with
`identity-center:` before it. Larger ones name a folder with `identity-center:modelFolder: access`; the YAML
files in it hold the same keys without the namespace. Mappings and lists of several files are put together;
a key that two files have is a mistake. Files below a folder `policies` and files whose names begin with a
dot are left out. A file has at most 4 MiB and stands for at most a million values. The engine hands the
stack's own configuration to the program through one environment variable, which on Linux ends at 128 KiB: a
larger model belongs into the folder.

An expired grant is not made, and a warning says so. The time is that of the machine, or the day or moment
that `IDENTITY_CENTER_TODAY` names; a run that knows the day only takes an end at an hour for an end with that
day. 14 days before its end, and from the day after `reviewBy`, a warning names the entry.

Editors complete and check the files with the JSON Schemas `access-model.schema.json` (files of the folder)
and `stack-file.schema.json` (a stack's file) in `components/identity_center`, for example with this first
line:

```yaml
# yaml-language-server: $schema=../components/identity_center/access-model.schema.json
```

What is not in a table below is not a key: a misspelt one is an error that names the nearest right one.
"""
_FORMATS = {"date": "date", "date-time": "moment"}


def reference() -> str:
    """Return the whole page."""
    schema = model_schema()
    parts = [_HEAD, *_section("Top level", schema)]
    for name, definition in _definitions(schema):
        if "enum" in definition:
            parts += [f"\n## {_words(name)}\n", _sentence(definition), "", *_choices(definition)]
        else:
            parts += _section(_words(name), definition)
    return "\n".join(parts).rstrip() + "\n"


def _definitions(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from sorted(schema["$defs"].items(), key=lambda pair: _words(pair[0]).lower())


def _section(title: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield f"\n## {title}\n"
    if schema.get("description"):
        yield _sentence(schema) + "\n"
    yield "| key | what it is | needed |"
    yield "|---|---|---|"
    required = schema.get("required", [])
    for name, definition in schema.get("properties", {}).items():
        needed = "yes" if name in required else _default(definition)
        yield f"| `{name}` | {_type(definition)}. {_sentence(definition)} | {needed} |"


def _choices(definition: Mapping[str, Any]) -> Iterator[str]:
    for choice in definition["enum"]:
        yield f"- `{choice}`"


def _default(definition: Mapping[str, Any]) -> str:
    default = definition.get("default", ...)
    if default in (..., [], {}):
        return ""
    return f"no: `{str(default).lower() if isinstance(default, bool) else default}`"


def _type(definition: Mapping[str, Any]) -> str:
    if "$ref" in definition:
        return _link(definition["$ref"])
    if "anyOf" in definition:
        return " or ".join(_type(option) for option in definition["anyOf"])
    kind = definition.get("type")
    if kind == "array":
        return f"list: {_type(definition['items'])}"
    if kind == "object":
        by_pattern = list(definition.get("patternProperties", {}).values())
        return f"by key: {_type((by_pattern or [definition.get('additionalProperties', {})])[0])}"
    return _plain_type(kind, definition)


def _plain_type(kind: object, definition: Mapping[str, Any]) -> str:
    if isinstance(kind, list):
        return "mapping or text"
    if definition.get("format") in _FORMATS:
        return _FORMATS[definition["format"]]
    words = {"string": "text", "boolean": "true or false", "integer": "whole number"}
    return words.get(str(kind), "value") + _length(definition)


def _length(definition: Mapping[str, Any]) -> str:
    if "maxLength" not in definition:
        return ""
    return f" of {definition.get('minLength', 0)} to {definition['maxLength']} characters"


def _sentence(definition: Mapping[str, Any]) -> str:
    return " ".join(str(definition.get("description", "")).split()).replace("|", "\\|")


def _words(name: str) -> str:
    """Write the name of a class as words: `PermissionSetEntry` as `Permission set`."""
    bare = name.removesuffix("Entry")
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in bare).strip()
    return words[:1].upper() + words[1:]


def _link(target: str) -> str:
    words = _words(target.rsplit("/", 1)[-1])
    return f"[{words.lower()}](#{words.lower().replace(' ', '-')})"
