"""The text of a file as a value, JSON or YAML, and on which line each part of it stands.

YAML is read within the limits of the access model's own reader; JSON up to the size that the largest account
or plan comes to.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from identity_center.model.reading.yaml_file import MOST_BYTES, YamlFile, parse_yaml

from .reading import KeyPath

MOST_JSON: Final = 256 * 1024 * 1024
"""Characters. The details of an account with 1,500 roles are about 20 million, a large plan 100 million."""
MOST_WITH_LINES: Final = 8_000_000
"""Characters of JSON in which lines are looked for: beyond, nobody reads it by lines."""

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_WITHOUT_PREFIX: Final = ("Ref", "Condition")
"""What has no `Fn::` in its full form (CloudFormation template reference, intrinsic functions)."""


class NotReadableError(ValueError):
    """The text is no value; the message says why, to be read after the file's name."""

    def __init__(self, why: str, line: int | None = None) -> None:
        """Keep on which line it is."""
        super().__init__(why)
        self.line = line


@dataclass(frozen=True)
class Written:
    """A value, and where its parts are."""

    value: Any
    text: str
    line_of: Callable[[KeyPath], int | None]
    """Returns the line, from 1, of the innermost part of a path that is there; None where nobody knows."""
    twice: str | None = None
    """A key that is given twice in one object, so that nobody knows which counts."""
    is_whole: bool = True
    """Whether the text is the file's, and not written anew from a part of it."""


def read_written(text: str) -> Written:
    """Read JSON, else YAML. Raises NotReadableError."""
    if text.lstrip()[:1] in ("{", "["):
        try:
            return _read_json(text)
        except NotReadableError as error:
            # A mapping or list of YAML's flow style looks like JSON and is none.
            if len(text) > MOST_BYTES:
                raise
            try:
                return _read_yaml(text)
            except NotReadableError:
                raise error from None
    return _read_yaml(text)


def _read_json(text: str) -> Written:
    if len(text) > MOST_JSON:
        raise NotReadableError(f"it has {len(text)} characters, and {MOST_JSON} are read at most")
    try:
        return _json_value(text)
    except _MoreFollowsError as error:
        return _one_after_another(text, error)


class _MoreFollowsError(NotReadableError):
    """Behind the value there is more."""


def _one_after_another(text: str, error: NotReadableError) -> Written:
    """Read several values as a list: what a loop of commands prints, or one value on each line."""
    decoder = json.JSONDecoder()
    parts: list[tuple[Written, int]] = []
    at = 0
    while (start := _END_OF_SPACE.match(text, at).end()) < len(text):  # type: ignore[union-attr] # matches anything
        try:
            _, at = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            raise error from None
        parts.append((_json_value(text[start:at]), text.count("\n", 0, start)))

    def line_of(path: KeyPath) -> int | None:
        part, before = parts[int(path[0])] if path else (parts[0][0], 0)
        line = part.line_of(path[1:])
        return None if line is None else line + before

    twice = next((each.twice for each, _ in parts if each.twice), None)
    return Written([each.value for each, _ in parts], text, line_of, twice)


_END_OF_SPACE: Final = re.compile(r"\s*")


def _json_value(text: str) -> Written:
    twice: list[str] = []

    def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            names = [name for name, _ in pairs]
            twice.append(next(name for name in names if names.count(name) > 1))
        return found

    try:
        value = json.loads(text, object_pairs_hook=object_of)
    except RecursionError:
        raise NotReadableError("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        why = f"it is not JSON: {error.msg.lower()} at line {error.lineno}, column {error.colno}"
        kind = _MoreFollowsError if error.msg == "Extra data" else NotReadableError
        raise kind(why, error.lineno) from None
    except ValueError as error:
        # Python refuses to read numbers of thousands of digits.
        raise NotReadableError(f"it is not JSON that can be read: {str(error)[:80]}") from None
    return Written(value, text, _LinesOfJson(text).line_of, twice[0] if twice else None)


def _read_yaml(text: str) -> Written:
    if len(text) > MOST_BYTES:
        raise NotReadableError(f"it has {len(text)} characters; of YAML {MOST_BYTES} are read at most")
    file = parse_yaml(text, "", tags=_short_form)
    if file.mistakes:
        first = file.mistakes[0]
        line = first.place.line if first.place else None
        raise NotReadableError(f"line {line} {first.problem}" if line else str(first.problem), line)
    return Written(file.value, text, _lines_of_yaml(file))


def _short_form(tag: str, value: object) -> object:
    """Write `!Sub x` as the full form; a tag that nobody knows is an expression that nobody can work out."""
    name = tag.removeprefix("!")
    if name in _WITHOUT_PREFIX:
        return {name: value}
    if name == "GetAtt" and isinstance(value, str):
        # Everything behind the first dot is the attribute, which has dots where it is a nested stack's.
        return {"Fn::GetAtt": value.split(".", 1)}
    return {f"Fn::{name}": value}


def _lines_of_yaml(file: YamlFile) -> Callable[[KeyPath], int | None]:
    def line_of(path: KeyPath) -> int | None:
        found = file.position(path, at_key=True, least=0)
        return found.line if found else None

    return line_of


class _LinesOfJson:
    """Finds lines in a text only when one is asked for: most files have no finding."""

    def __init__(self, text: str) -> None:
        self._text = text

    def line_of(self, path: KeyPath) -> int | None:
        if len(self._text) > MOST_WITH_LINES:
            return None
        offset = 0
        for found, at in _steps_to(self._text, path):
            offset = at
            if found == path:
                break
        return self._text.count("\n", 0, offset) + 1


def _steps_to(text: str, path: KeyPath) -> Iterator[tuple[KeyPath, int]]:
    """Yield the parts of a path as they are met, each with where its key or item begins."""
    stack: list[str | int] = []
    kinds: list[str] = []
    key_next = item_next = False
    for token in _TOKEN.finditer(text):
        sign = token.group()
        if item_next:
            item_next = False
            yield from _step(stack, path, token.start())
        if key_next and sign[0] == '"':
            stack[-1] = json.loads(sign)
            key_next = False
            yield from _step(stack, path, token.start())
        elif sign in "{[":
            kinds.append(sign)
            stack.append("" if sign == "{" else 0)
            key_next, item_next = sign == "{", sign == "["
        elif sign in "}]":
            kinds.pop()
            stack.pop()
        elif sign == ",":
            key_next, item_next = kinds[-1] == "{", kinds[-1] == "["
            if item_next:
                stack[-1] = int(stack[-1]) + 1


def _step(stack: list[str | int], path: KeyPath, at: int) -> Iterator[tuple[KeyPath, int]]:
    if len(stack) <= len(path) and tuple(stack) == path[: len(stack)]:
        yield tuple(stack), at
