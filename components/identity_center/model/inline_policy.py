"""The inline policy of a permission set: written as YAML, as JSON text, or in a file beside the model."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .dates import parse_date
from .nearest import suggestion
from .wrong_value import WrongValueError

#: Bytes of the document, and characters of it that are no white space.
#: Sources: botocore, sso-admin, shape PermissionSetPolicyDocument; IAM Identity Center quotas.
MOST_BYTES, MOST_CHARACTERS = 32_768, 10_240
#: Source: as above; without the null and other control characters.
_CHARACTERS = re.compile(r"[\t\n\r\x20-\xff]+")
#: Source: IAM user guide, "Grammar of the IAM JSON policy language"; no Principal here.
_DOCUMENT_KEYS = ("Version", "Id", "Statement")
_STATEMENT_KEYS = ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition")
_VERSIONS = ("2012-10-17", "2008-10-17")
_EFFECTS = ("Allow", "Deny")


@dataclass(frozen=True)
class InlinePolicy:
    """A policy document, or the name of the file that holds it."""

    document: Mapping[str, Any] | None = None
    """The document as it was written, with its dates as texts; None where it is in a file."""
    file: str | None = None
    """The file, relative to the folder of the model."""


def read_inline_policy(value: object) -> InlinePolicy | None:
    """Read what the configuration says; a wrong document is told as any other wrong value."""
    if value is None or isinstance(value, InlinePolicy):
        return value
    if isinstance(value, dict) and set(value) == {"file"}:
        if not isinstance(value["file"], str) or not value["file"]:
            raise WrongValueError("`file` is not a text", "write the name of a JSON or YAML file")
        return InlinePolicy(file=value["file"])
    if isinstance(value, str):
        value = _parsed(value)
    return InlinePolicy(document=checked_document(value))


def _parsed(text: str) -> object:
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError as error:
        raise WrongValueError(
            f"is not JSON (line {error.lineno}, column {error.colno} of the text)",
            "write a policy document as YAML, as JSON text, or `file: NAME`",
        ) from error
    except RecursionError as error:
        raise WrongValueError("is nested too deeply", "write a policy document") from error
    except ValueError as error:  # of a number with more digits than Python reads
        raise WrongValueError("has a number that is too long", "write a policy document") from error
    return value


def checked_document(value: object) -> Mapping[str, Any]:
    """Return a policy document without mistakes of grammar. Raises the error that names the first."""
    if not isinstance(value, dict):
        raise WrongValueError("is not a policy document", "write a mapping with `Version` and `Statement`")
    document = {str(key): _plain(item) for key, item in value.items()}
    for problem, remedy in _problems(document):
        raise WrongValueError(problem, remedy)
    return document


def document_text(document: Mapping[str, Any]) -> str:
    """Write a document as AWS gets it."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def size_problem(text: str) -> tuple[str, str] | None:
    """Say whether a document is larger than AWS takes."""
    if len(text.encode()) > MOST_BYTES:
        return f"has {len(text.encode())} bytes", f"AWS allows {MOST_BYTES} in an inline policy"
    characters = len("".join(text.split()))
    if characters > MOST_CHARACTERS:
        return (
            f"has {characters} characters that are no white space",
            f"AWS allows {MOST_CHARACTERS} in an inline policy; move a part to a customer-managed policy",
        )
    return None


def _plain(value: object) -> object:
    """Undo what YAML makes of `Version: 2012-10-17` without quotes: a time, in one form or another."""
    if isinstance(value, date) or (isinstance(value, str) and value.endswith("00:00:00 +0000 UTC")):
        parsed = parse_date(value)
        return parsed.isoformat() if parsed else str(value)
    return value


def _problems(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _unknown(document, _DOCUMENT_KEYS, "the document")
    if document.get("Version") not in _VERSIONS:
        yield "has no `Version` that IAM knows", 'write Version: "2012-10-17"'
    statements = document.get("Statement")
    listed = [statements] if isinstance(statements, dict) else statements
    if not isinstance(listed, list) or not listed:
        yield "has no statements", "write a list under `Statement`"
        return
    for number, statement in enumerate(listed):
        yield from _statement_problems(statement, f"Statement[{number}]")
    if _CHARACTERS.fullmatch(document_text(document)) is None:
        yield "has characters that AWS refuses", "write Latin-1 only: no long dashes, curly quotes or emoji"


def _statement_problems(statement: object, place: str) -> Iterator[tuple[str, str]]:
    if not isinstance(statement, dict):
        yield f"{place} is not a mapping", "write `Effect`, `Action` and `Resource` under it"
        return
    yield from _unknown(statement, _STATEMENT_KEYS, place)
    effect = statement.get("Effect")
    if effect not in _EFFECTS:
        yield f"{place} has no `Effect` that IAM knows", "write Effect: Allow or Effect: Deny"
    for one, other in (("Action", "NotAction"), ("Resource", "NotResource")):
        have = [key for key in (one, other) if key in statement]
        if len(have) != 1:
            which = "both" if have else "neither"
            yield f"{place} has {which} of `{one}` and `{other}`", "write exactly one of the two"
        for key in have:
            if not _is_texts(statement[key]):
                yield f"{place}.{key} is neither a text nor a list of texts", "write one or the other"
    if not isinstance(statement.get("Condition", {}), dict):
        yield f"{place}.Condition is not a mapping", "write an operator, and keys and values under it"


def _unknown(mapping: Mapping[str, Any], known: tuple[str, ...], place: str) -> Iterator[tuple[str, str]]:
    for key in mapping:
        if key not in known:
            yield f"{place} has no key `{key}`", suggestion(str(key), known, kind="key")


def _is_texts(value: object) -> bool:
    return isinstance(value, str) or (
        isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)
    )
