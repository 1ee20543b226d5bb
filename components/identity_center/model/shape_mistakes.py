"""What to say about a value of the wrong shape: pydantic's findings in the words of the configuration."""

from collections.abc import Mapping, Sequence
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic_core import ErrorDetails

from .declaration import AccessDeclaration
from .errors import KeyPath, Mistake
from .fields import Entry
from .nearest import nearest, suggestion
from .wrong_value import WrongValueError

_WRONG_TYPES: Mapping[str, tuple[str, str]] = {
    "string_type": ("is not a text", "write a text; put numbers, dates and yes or no in quotes"),
    "dict_type": ("is not a mapping", "write keys and their values under it"),
    "model_type": ("is not a mapping", "write keys and their values under it"),
    "tuple_type": ("is not a list", "write a list, one `- item` a line"),
    "bool_type": ("is neither true nor false", "write one of the two, without quotes"),
    "int_type": ("is not a whole number", "write digits, without quotes"),
    "too_short": ("is empty", "name at least one"),
    "greater_than_equal": ("is less than {ge}", "write {ge} or more"),
}


def shape_mistakes(findings: Sequence[ErrorDetails]) -> list[Mistake]:
    """Turn pydantic's findings into mistakes, one for each thing that somebody wrote wrong."""
    misspelt = {(finding["loc"][:-1], _meant(finding)) for finding in findings if _is_unknown_key(finding)}
    return [
        _mistake(finding)
        for finding in findings
        # A misspelt key is one mistake, not also the lack of the right one.
        if finding["type"] != "missing" or (finding["loc"][:-1], finding["loc"][-1]) not in misspelt
    ]


def refused_value(finding: ErrorDetails) -> WrongValueError | None:
    """Return what a rule of the model says of the value; None where it is of the wrong shape."""
    error = finding.get("ctx", {}).get("error")
    return error if isinstance(error, WrongValueError) else None


def _is_unknown_key(finding: ErrorDetails) -> bool:
    return finding["type"] == "extra_forbidden"


def _meant(finding: ErrorDetails) -> str | None:
    return nearest(str(finding["loc"][-1]), _aliases(finding["loc"][:-1]))


def _mistake(finding: ErrorDetails) -> Mistake:
    """Say one finding. Values may be personal: only choices of a list are quoted."""
    path = _path(finding["loc"])
    kind, given = finding["type"], finding["input"]
    if _is_unknown_key(finding):
        known = suggestion(str(path[-1]), _aliases(path[:-1]), kind="key")
        return Mistake(path, "is not a known key", known, at_key=True)
    if kind == "missing":
        return Mistake(path[:-1], f"`{path[-1]}` is missing", "add it", at_key=True)
    if given is None:
        return Mistake(path, "has no value", "write one, or remove the key", at_key=True)
    refused = refused_value(finding)
    if refused is not None:
        at_key = isinstance(given, dict) or finding["loc"][-1] == "[key]"
        return Mistake(path, refused.problem, refused.remedy, at_key=at_key)
    if kind == "enum":
        known = suggestion(str(given), _choices(path), kind="choice")
        return Mistake(path, f"`{given}` is not one of the choices", known)
    problem, remedy = (words.format_map(finding.get("ctx", {})) for words in _WRONG_TYPES[kind])
    return Mistake(path, problem, remedy)


def _path(location: tuple[int | str, ...]) -> KeyPath:
    return tuple(part for part in location if part != "[key]")


def _aliases(path: KeyPath) -> list[str]:
    entry = type_at(path)
    return [field.alias or name for name, field in entry.model_fields.items()] if _is_entry(entry) else []


def _choices(path: KeyPath) -> list[str]:
    enum = type_at(path)
    return [str(member.value) for member in enum] if isinstance(enum, type) and issubclass(enum, Enum) else []


def _is_entry(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Entry)


def type_at(path: KeyPath) -> Any:  # noqa: ANN401  # a type found at run time has no static one
    """Return the class that the model has at `path`: an entry's, an enum's, or a plain type."""
    current: Any = AccessDeclaration
    for part in path:
        if _is_entry(current):
            fields = {field.alias: field.annotation for field in current.model_fields.values()}
            current = fields.get(str(part))
        else:  # a mapping's or a list's content
            below = get_args(current)
            current = below[-1 if get_origin(current) is dict else 0] if below else None
        current = _inner(current)
    return current


def _inner(annotation: Any) -> Any:  # noqa: ANN401  # as above
    """Take `X` out of `Annotated[X, …]` and `X | None`."""
    while get_origin(annotation) in (Union, UnionType) or hasattr(annotation, "__metadata__"):
        annotation = get_args(annotation)[0]
    return annotation
