"""Properties to members of API requests and back, by the names in the table."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from botocore.model import Shape, StructureShape

from sandbox.provider.rows.schema import Kind, Property

_TAGS = {"Key", "Value"}


def members(
    properties: Mapping[str, Property], state: Mapping[str, Any], shape: Shape | None
) -> dict[str, Any]:
    """Return the request's members that ``state`` has values for; the API takes no empty text."""
    known = shape.members if isinstance(shape, StructureShape) else {}
    return {
        given.member(name): to_aws(given, state[name])
        for name, given in properties.items()
        if given.member(name) in known and state.get(name) not in (None, "", [], {})
    }


def to_aws(given: Property, value: Any) -> Any:  # noqa: ANN401 - any value of a property
    """Write one property as the API has it."""
    if given.kind is Kind.OBJECT:
        written = {
            inner.member(name): to_aws(inner, value[name])
            for name, inner in given.fields.items()
            if value.get(name) not in (None, "", [], {})
        }
        return [written] if given.one_of_list else written
    if given.kind in {Kind.LIST, Kind.SET} and given.item is not None:
        return [to_aws(given.item, item) for item in value]
    if given.kind is Kind.MAP:
        return [{"Key": key, "Value": item} for key, item in value.items()]
    return value


def from_aws(properties: Mapping[str, Property], answer: Mapping[str, Any]) -> dict[str, Any]:
    """Read the properties that an answer has members for; what is empty is left out."""
    read = {
        name: _value(given, answer[given.member(name)])
        for name, given in properties.items()
        if answer.get(given.member(name)) is not None
    }
    return {name: value for name, value in read.items() if value not in (None, "", {})}


def _value(given: Property, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if given.kind is Kind.OBJECT:
        if given.one_of_list:
            value = value[0] if value else {}
        return from_aws(given.fields, value)
    if given.kind in {Kind.LIST, Kind.SET} and given.item is not None:
        return [_value(given.item, item) for item in value]
    if given.kind is Kind.MAP:
        return tags_of(value)
    if isinstance(value, dt.datetime):
        return moment(value)
    return value


def tags_of(rows: list[dict[str, str]]) -> dict[str, str]:
    """Read a list of tags."""
    return {row["Key"]: row["Value"] for row in rows}


def moment(value: dt.datetime) -> str:
    """Write a time as the provider does: RFC 3339, UTC, whole seconds."""
    return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
