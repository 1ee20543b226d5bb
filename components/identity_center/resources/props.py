"""The inputs of a component as policies see them."""

from collections.abc import Mapping
from enum import Enum

from identity_center.model.language.values import camel_case


def visible_props(args: Mapping[str, object], *names: str) -> dict[str, object]:
    """Return the named args under their camelCase names.

    Policies see of a component only what it passes on as props. What its children hold anyway, people's
    attributes above all, is not passed: it would be in the state twice.
    """
    return {camel_case(name): _plain(args[name]) for name in names if args.get(name) is not None}


def _plain(value: object) -> object:
    # The SDK sends no enum of Python's own to the engine.
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value.value if isinstance(value, Enum) else value
