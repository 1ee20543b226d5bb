"""Arguments that a component does not know, and those that it needs.

A type checker tells them as well. Where none runs, a misspelt `permissions_boundary` would be dropped without
a word, and what it was to limit would not be.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from types import UnionType
from typing import Any, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

import pulumi

from identity_center.model.language.keys.values import camel_case
from identity_center.model.mistakes import suggestion


def misshapen(given: Mapping[str, object], kind: type, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield each mistake in arguments of a kind, a TypedDict, with its place; nested ones too.

    What is not known yet has no parts to look at. Unknown names are told as they were written.
    `serving.py` does the same for programs of other languages, by the package's schema and in its names.
    """
    hints = type_hints(kind)
    for name in given:
        if name not in hints:
            yield f"{place}{name}", f"is no argument; {suggestion(str(name), hints, kind='argument')}"
    for name, hint in hints.items():
        value = given.get(name)
        if value is not None:
            yield from _within(value, hint, f"{place}{camel_case(name)}")
        elif get_origin(hint) is not NotRequired:
            yield f"{place}{camel_case(name)}", "is missing; add it"


def _within(value: object, hint: object, place: str) -> Iterator[tuple[str, str]]:
    origin, parts = get_origin(hint), get_args(hint)
    if isinstance(hint, type) and is_typeddict(hint) and isinstance(value, Mapping):
        yield from misshapen(value, hint, f"{place}.")
    elif origin is list and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _within(item, parts[0], f"{place}[{index}]")
    elif origin is dict and isinstance(value, Mapping):
        for key, item in value.items():
            yield from _within(item, parts[1], f"{place}.{key}")
    elif origin in (Union, UnionType, NotRequired):
        for part in parts:
            yield from _within(value, part, place)


@cache
def type_hints(kind: type) -> dict[str, object]:
    """Return the types of arguments by name, with the marks that they carry."""
    # `pulumi.Input` names these two by text.
    return get_type_hints(kind, localns={"Output": pulumi.Output, "T": Any}, include_extras=True)
