"""Answers of AWS that did not come, or of which a part did not.

botocore makes an empty answer of JSON that breaks off, without a word (botocore.parsers, BaseJSONParser:
"the body isn't JSON"), and raises ResponseParserError for XML that does.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

#: Every way in which AWS does not answer: it refuses, it is not reached, half of an answer comes.
NO_ANSWER: Final = (ClientError, BotoCoreError, ResponseParserError)
Answer = TypeVar("Answer")


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


class Unseen:
    """Collects what could not be read, and why."""

    def __init__(self) -> None:
        """Begin with everything seen."""
        self.reasons: list[str] = []

    def ask(self, action: str, question: Callable[[], Answer]) -> Answer | None:
        """Return the answer, or None and keep the reason."""
        try:
            return question()
        except NO_ANSWER as error:
            self.reasons.append(f"{refused_action(action, error)}: {reason(error)}")
            return None


def refused_action(action: str, error: Exception) -> str:
    """Name the action that AWS refused: a question may take several, such as to make and read a report."""
    operation = error.operation_name if isinstance(error, ClientError) else ""
    return f"{action.partition(':')[0]}:{operation}" if operation else action


def reason(error: Exception) -> str:
    """Say why AWS did not answer, in a few words that hold no value of a request or an answer."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "refused"))
    if isinstance(error, ResponseParserError):
        return "an answer that broke off"
    return type(error).__name__
