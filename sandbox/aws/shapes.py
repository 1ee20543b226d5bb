"""Hold a request against botocore's model of its operation, as the front of an AWS service does.

botocore itself checks only names, types and minimum lengths before it sends; the service checks patterns,
maximum lengths, ranges, enumerations and required members too. Without that a name that AWS refuses would
pass the sandbox.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

# What each JSON type may be in a request: the wire has no other types (a timestamp is a number).
_PYTHON_TYPES: dict[str, Any] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "timestamp": (int, float, str),
    "blob": (str, bytes),
    "structure": dict,
    "map": dict,
    "list": (list, tuple),
}


def violations(shape: Shape | None, value: Any, path: str = "") -> list[str]:  # noqa: ANN401 - any JSON value
    """Return one sentence, in AWS's own form, for each place where ``value`` breaks its shape."""
    if shape is None:
        return []
    return list(_violations(shape, value, path))


def _violations(shape: Shape, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    if shape.metadata.get("document"):
        return
    if not _of_type(shape, value):
        yield f"Value at '{path}' failed to satisfy constraint: Member must be of type {shape.type_name}"
    elif isinstance(shape, StructureShape):
        yield from _structure(shape, value, path)
    elif isinstance(shape, ListShape):
        yield from _size(shape, len(value), value, path)
        for index, item in enumerate(value):
            yield from _violations(shape.member, item, f"{path}.{index + 1}.member")
    elif isinstance(shape, MapShape):
        yield from _size(shape, len(value), value, path)
        for key, item in value.items():
            yield from _violations(shape.key, key, f"{path}.key")
            yield from _violations(shape.value, item, f"{path}.{key}.member")
    else:
        yield from _scalar(shape, value, path)


def _of_type(shape: Shape, value: Any) -> bool:  # noqa: ANN401 - any JSON value
    # A bool of Python is an int too.
    if isinstance(value, bool):
        return bool(shape.type_name == "boolean")
    return isinstance(value, _PYTHON_TYPES[shape.type_name])


def _structure(shape: StructureShape, value: dict[str, Any], path: str) -> Iterator[str]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield (
                f"Value null at '{_below(path, name)}' failed to satisfy constraint: Member must not be null"
            )
    for name, item in value.items():
        # A service ignores members that it does not know, and a null is a member left out.
        if name in shape.members and item is not None:
            yield from _violations(shape.members[name], item, _below(path, name))


def _scalar(shape: Shape, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any JSON scalar
    if isinstance(value, str):
        yield from _size(shape, len(value), value, path)
        pattern = shape.metadata.get("pattern")
        if pattern is not None and not compiled(pattern).fullmatch(value):
            yield (
                f"{_shown(shape, value)} at '{path}' failed to satisfy constraint: "
                f"Member must satisfy regular expression pattern: {pattern}"
            )
        if isinstance(shape, StringShape) and shape.enum and value not in shape.enum:
            yield (
                f"{_shown(shape, value)} at '{path}' failed to satisfy constraint: "
                f"Member must satisfy enum value set: [{', '.join(shape.enum)}]"
            )
    elif isinstance(value, (int, float)) and shape.type_name in {"integer", "long", "float", "double"}:
        yield from _range(shape, value, path)


def _size(shape: Shape, size: int, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        yield (
            f"{_shown(shape, value)} at '{path}' failed to satisfy constraint: "
            f"Member must have length greater than or equal to {low}"
        )
    if high is not None and size > high:
        yield (
            f"{_shown(shape, value)} at '{path}' failed to satisfy constraint: "
            f"Member must have length less than or equal to {high}"
        )


def _range(shape: Shape, value: float, path: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and value < low:
        yield (
            f"{_shown(shape, value)} at '{path}' failed to satisfy constraint: "
            f"Member must have value greater than or equal to {low}"
        )
    if high is not None and value > high:
        yield (
            f"{_shown(shape, value)} at '{path}' failed to satisfy constraint: "
            f"Member must have value less than or equal to {high}"
        )


def _shown(shape: Shape, value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Name a value as AWS does: not at all where the model calls it sensitive."""
    return "Value" if shape.metadata.get("sensitive") else f"Value '{value}'"


def _below(path: str, name: str) -> str:
    """Name a member as AWS's messages do: its first letter is small."""
    small = name[:1].lower() + name[1:]
    return f"{path}.{small}" if path else small


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    r"""Compile a pattern of a service model: Java's ``\p{L}`` becomes the characters of that category."""
    translated = re.sub(r"\\p\{(\w)\}", lambda found: "\0" + found[1], pattern)
    out: list[str] = []
    in_class = False
    for index, char in enumerate(translated):
        if char == "\0":
            continue
        if index and translated[index - 1] == "\0":
            ranges = _category(char)
            out.append(ranges if in_class else f"[{ranges}]")
            continue
        escaped = index > 0 and _backslashes_before(translated, index) % 2 == 1
        if char == "[" and not escaped:
            in_class = True
        elif char == "]" and not escaped:
            in_class = False
        out.append(char)
    return re.compile("".join(out), re.ASCII)


def _backslashes_before(text: str, index: int) -> int:
    count = 0
    while index - count > 0 and text[index - count - 1] == "\\":
        count += 1
    return count


@cache
def _category(letter: str) -> str:
    """Return the inside of a character class with every character of one Unicode category (L, M, ...)."""
    return _categories()[letter]


@cache
def _categories() -> dict[str, str]:
    runs: dict[str, list[list[int]]] = {}
    for code in range(0x110000):
        found = runs.setdefault(unicodedata.category(chr(code))[0], [])
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return {
        letter: "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in found)
        for letter, found in runs.items()
    }
