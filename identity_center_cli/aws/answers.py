"""Answers of AWS of which a part did not come.

botocore makes an empty answer of JSON that breaks off, without a word (botocore.parsers, BaseJSONParser:
"the body isn't JSON"), and raises ResponseParserError for XML that does.
"""

from collections.abc import Mapping
from typing import Any


class BrokenAnswerError(Exception):
    """An answer of AWS broke off. Its text says nothing of what had come."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("an answer of AWS broke off; run again")


def part(answer: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - whatever AWS says
    """Return a part of an answer that is always there. Raises BrokenAnswerError."""
    if name not in answer:
        raise BrokenAnswerError
    return answer[name]
