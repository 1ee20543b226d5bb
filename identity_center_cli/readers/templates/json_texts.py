"""Documents that a template puts together as texts of JSON, of which only parts are open.

`Fn::Sub` and `Fn::Join` make them, where a property takes a text (`InlinePolicy`) or a key has an expression
in it (the subject of an OIDC provider). What stands between the open parts is known, and is judged.
"""

import json
import re
from typing import Any, Final

from identity_center_cli.readers.open_values import Open, joined

_MARK: Final = "\ue000{}\ue001"
"""Stands in the text for an open part; characters of the private use area, which nobody writes."""
_MARKED: Final = re.compile("\ue000(\\d+)\ue001")
DEEPEST: Final = 40


def in_text(value: Any) -> Any:  # noqa: ANN401 - as a template has it
    """Return the document of a text that is partly open; the value itself where it is no such text."""
    if not isinstance(value, Open) or not value.pieces:
        return value
    opened = [each for each in value.pieces if isinstance(each, Open)]
    numbers = iter(range(len(opened)))
    text = "".join(each if isinstance(each, str) else _MARK.format(next(numbers)) for each in value.pieces)
    try:
        found = json.loads(text, object_pairs_hook=_of_pairs)
    except (ValueError, RecursionError):
        return value
    return _opened(found, opened, 0) if isinstance(found, dict) else value


def _of_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found


def _opened(value: Any, opened: list[Open], depth: int) -> Any:  # noqa: ANN401 - as above
    """Put the open parts back in their places."""
    if depth > DEEPEST:
        return value
    if isinstance(value, dict):
        return {_key(name, opened): _opened(each, opened, depth + 1) for name, each in value.items()}
    if isinstance(value, list):
        return [_opened(each, opened, depth + 1) for each in value]
    if not isinstance(value, str) or not _MARKED.search(value):
        return value
    parts = _MARKED.split(value)
    pieces: list[Any] = [opened[int(each)] if at % 2 else each for at, each in enumerate(parts) if each]
    return joined(pieces, _MARKED.sub(lambda found: f"${{{opened[int(found[1])].what}}}", value)[:80])


def _key(name: str, opened: list[Open]) -> str:
    """Write a key by what its open parts are by default, or may well be."""
    return _MARKED.sub(lambda found: opened[int(found[1])].default or opened[int(found[1])].sample, name)
