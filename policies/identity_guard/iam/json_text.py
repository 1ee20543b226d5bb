"""Read JSON as strictly as IAM does: a key given twice is an error, not a choice of the last one.

Python's parser keeps the last of two equal keys, so that `{"Effect": "Deny", "Effect": "Allow"}` would
read as Allow. IAM's own validation has an error for keys that differ in case only ("Duplicate keys with
different case", IAM User Guide, access-analyzer-reference-policy-checks).
"""

import json
from collections import Counter
from typing import Any, Final

from .element_names import DOCUMENT_ELEMENTS, STATEMENT_ELEMENTS

LONGEST_TEXT: Final = 1_000_000
"""Characters. The longest document IAM takes is 32,768 (an inline policy of a permission set, Identity Center
quotas); the longest AWS-managed one is 157,000. Anything beyond this is a mistake or an attack."""


ELEMENTS: Final = DOCUMENT_ELEMENTS | STATEMENT_ELEMENTS
"""Names that most objects of a policy are made of; no two of them differ in case only."""


class JsonTextError(ValueError):
    """The text is not one JSON value that can be read in one way only."""


def read_json(text: str) -> Any:  # noqa: ANN401 - JSON may hold anything; the caller checks
    """Decode a text, or raise JsonTextError that says where it stops being JSON."""
    if len(text) > LONGEST_TEXT:
        raise JsonTextError(f"the text has {len(text)} characters, more than any document that IAM takes")
    if not text.strip():
        raise JsonTextError("the text is empty")
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise JsonTextError(
            f"not JSON at line {error.lineno}, column {error.colno}: {error.msg.lower()}"
        ) from error
    except RecursionError as error:
        raise JsonTextError("the text is nested too deeply to be a policy") from error


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    is_plain = len(found) == len(pairs) and (len(found) == 1 or found.keys() <= ELEMENTS)
    if not is_plain and len({*map(str.lower, found)}) != len(pairs):
        times = Counter(key.lower() for key, _ in pairs)
        twice = next(key for key, _ in pairs if times[key.lower()] > 1)
        raise JsonTextError(f"the key `{twice[:60]}` is given twice in one object")
    return found


def _refused_constant(name: str) -> Any:  # noqa: ANN401 - the signature that json.JSONDecoder asks for
    raise JsonTextError(f"`{name}` is not JSON")


def _bounded_integer(digits: str) -> int:
    if len(digits) > 40:  # noqa: PLR2004 - far beyond any number a policy can mean
        raise JsonTextError("a number has too many digits")
    return int(digits)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object_of, parse_constant=_refused_constant, parse_int=_bounded_integer
)
