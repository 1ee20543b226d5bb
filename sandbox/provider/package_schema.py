"""GetSchema: the package as the table has it, and nothing that the table has not."""

import json
from collections.abc import Mapping
from typing import Any

from sandbox.provider.options import OPTIONS
from sandbox.provider.rows.schema import Invoke, Kind, Property, ResourceType

VERSION = "7.51.1"
"""The version of pulumi_aws that the stand-in stands in for."""


def package_schema(resources: Mapping[str, ResourceType], invokes: Mapping[str, Invoke]) -> str:
    """Return the schema of the package as JSON."""
    types: dict[str, Any] = {}
    schema = {
        "name": "aws",
        "version": VERSION,
        "description": "The part of the aws package that the sandbox's stand-in provider knows.",
        "meta": {"moduleFormat": "(.*)(?:/[^/]*)"},
        "config": {},
        "provider": {"inputProperties": {name: {"type": "string"} for name in sorted(OPTIONS)}},
        "resources": {token: _resource(row, types) for token, row in sorted(resources.items())},
        "functions": {token: _function(row, types) for token, row in sorted(invokes.items())},
    }
    return json.dumps({**schema, "types": types})


def _resource(row: ResourceType, types: dict[str, Any]) -> dict[str, Any]:
    everything = {**row.all_inputs, **row.all_outputs}
    certain = [name for name, given in row.all_inputs.items() if given.required or given.computed]
    return {
        "description": f"Stand-in; behaviour read in {row.source}.",
        "inputProperties": _properties(row.token, row.all_inputs, types),
        "requiredInputs": sorted(name for name, given in row.all_inputs.items() if given.required),
        "properties": _properties(row.token, everything, types),
        "required": sorted({*certain, *row.all_outputs}),
    }


def _function(row: Invoke, types: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": f"Stand-in; behaviour read in {row.source}.",
        "inputs": {
            "type": "object",
            "properties": _properties(row.token, row.all_inputs, types),
            "required": sorted(name for name, given in row.all_inputs.items() if given.required),
        },
        "outputs": {
            "type": "object",
            "properties": _properties(row.token, {**row.all_inputs, **row.outputs}, types),
        },
    }


def _properties(token: str, given: Mapping[str, Property], types: dict[str, Any]) -> dict[str, Any]:
    return {name: _property(token, name, one, types) for name, one in given.items()}


def _property(token: str, name: str, given: Property, types: dict[str, Any]) -> dict[str, Any]:
    spec = _type(token, name, given, types)
    if given.secret:
        spec["secret"] = True
    if given.force_new:
        spec["willReplaceOnChanges"] = True
    if given.deprecated:
        spec["deprecationMessage"] = given.deprecated
    return spec


def _type(token: str, name: str, given: Property, types: dict[str, Any]) -> dict[str, Any]:
    if given.kind is Kind.OBJECT:
        package, module, owner = token.split(":")
        title = f"{owner}{name[:1].upper()}{name[1:]}"
        inner = f"{package}:{module.split('/')[0]}/{title}:{title}"
        types[inner] = {
            "type": "object",
            "properties": _properties(inner, given.fields, types),
            "required": sorted(field for field, one in given.fields.items() if one.required),
        }
        return {"$ref": f"#/types/{inner}"}
    if given.kind is Kind.MAP:
        return {"type": "object", "additionalProperties": {"type": "string"}}
    if given.kind in {Kind.LIST, Kind.SET} and given.item is not None:
        return {"type": "array", "items": _type(token, name, given.item, types)}
    return {"type": "string" if given.kind is Kind.JSON else given.kind.value}
