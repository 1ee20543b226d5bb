"""What a file holds, by its content and never by its name."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any, Final

from identity_center_cli.readers.aws_answers import is_answer, is_limit
from identity_center_cli.readers.preview import is_preview
from identity_center_cli.readers.reading import KeyPath
from identity_center_cli.readers.templates.template import is_template
from identity_center_cli.readers.terraform.plan import is_terraform
from identity_center_cli.readers.written import NotReadableError, Written, read_written
from identity_guard.pack.all_rules import EVERY
from identity_guard.pack.configuration import ALL, LEVEL, LEVELS
from identity_guard.stack.policy_documents import POLICY_ARN


class Kind(Enum):
    """What a file holds, in the words of messages."""

    DOCUMENT = "IAM policy document"
    LIMIT = "policy of the organisation"
    TRUST = "trust policy"
    STATE = "exported Pulumi state"
    EVENTS = "engine event stream"
    PREVIEW = "preview of Pulumi"
    TEMPLATE = "CloudFormation template"
    PLAN = "Terraform plan or state"
    ANSWER = "answer of the AWS CLI"
    CONFIGURATION = "configuration of the policy pack"
    MODEL = "access model"


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to check."""

    place: str
    """The path as it was given or found; `-` for standard input."""
    kind: Kind
    text: str
    written: Written | None = None
    """The same as a value; None where the text is not one value, or is read elsewhere."""


@dataclass(frozen=True, slots=True)
class Unread:
    """One thing that could not be read, and why."""

    place: str
    why: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Something that nobody looked at, and why."""

    place: str
    why: str


NOTHING: Final = "it holds none of what is checked"
WHAT_IS_CHECKED: Final = (
    f"{', '.join(kind.value for kind in Kind)}; a policy of a resource, such as a bucket's, is not judged"
)
_STATEMENTS_WITHIN: Final = (
    "it holds statements or names of policies in a form that is not read: give each document as a file of "
    "its own"
)
_MARKS: Final = ("Statement", "AWS::", "identity-center:", "PolicyDocument")
"""What a YAML text that cannot be read would have if it were about access."""
_JSON_MARKS: Final = re.compile(
    r"Statement|AWS::|identity-center:|PolicyDocument|\"(Effect|deployment|planned_values|steps)\""
    r"|\barn:|\biam\b|\bsso\b|aws[:_]|[Pp]olic(y|ies)\b"
)
"""The same of JSON, where also states, plans, previews and answers come from."""
_DEEPEST: Final = 20
_JUDGED_AS_TEXT: Final = (Kind.DOCUMENT, Kind.TRUST)
"""The evaluator finds keys that are given twice by itself, and refuses what has them."""
MOST_OF_A_LIST: Final = 10_000


def recognise(place: str, text: str) -> list[Source | Unread | PassedOver]:
    """Tell what a text is; the members of a list each for itself."""
    if not text.strip():
        return [PassedOver(place, "it is empty")]
    if (events := _events(place, text)) is not None:
        return [events]
    try:
        written = read_written(text)
    except NotReadableError as error:
        return [_unread(place, text, error)]
    if isinstance(written.value, list):
        members = [_one(place, _member(written, number)) for number in range(len(written.value))]
        known = [each for each in members if isinstance(each, Source)]
        if known and len(members) <= MOST_OF_A_LIST:
            return list(members)
    return [_one(place, written)]


def _one(place: str, written: Written) -> Source | Unread | PassedOver:
    kind = _kind_of(written.value)
    if kind is not None and written.twice and not (kind in _JUDGED_AS_TEXT and written.is_whole):
        return Unread(
            place, f"the key `{written.twice[:60]}` is given twice in one object: nobody knows which counts"
        )
    if kind is None:
        return PassedOver(place, _STATEMENTS_WITHIN if _has_statement(written.value) else NOTHING)
    return Source(place, kind, written.text, written)


def _has_statement(value: object, depth: int = 0) -> bool:
    """Say whether a value has a policy's statement without a principal, or a managed policy's ARN, in it."""
    if depth > _DEEPEST:
        return True
    if isinstance(value, Mapping):
        if "Effect" in value and ("Action" in value or "NotAction" in value):
            return "Principal" not in value and "NotPrincipal" not in value
        return any(_has_statement(each, depth + 1) for each in value.values())
    if isinstance(value, str):
        return POLICY_ARN.fullmatch(value) is not None
    return isinstance(value, list) and any(_has_statement(each, depth + 1) for each in value)


def _member(written: Written, number: int) -> Written:
    value = written.value[number]
    line_of = partial(_line_in, written, number)
    return Written(value, json.dumps(value), line_of, written.twice, is_whole=False)


def _line_in(written: Written, number: int, path: KeyPath) -> int | None:
    return written.line_of((number, *path))


def _unread(place: str, text: str, error: NotReadableError) -> Unread | PassedOver:
    """Say that a text cannot be read; of one that is not about access, that it is passed over."""
    is_json = text.lstrip()[:1] in ("{", "[")
    if _JSON_MARKS.search(text) if is_json else any(mark in text for mark in _MARKS):
        return Unread(place, str(error))
    return PassedOver(place, f"it names nothing of IAM, and cannot be read: {error}")


def _events(place: str, text: str) -> Source | None:
    """Tell an event stream, of one object a line."""
    first = next(line for line in text.splitlines() if line.strip())
    if not first.lstrip().startswith("{"):
        return None
    try:
        event = json.loads(first)
    except (ValueError, RecursionError):
        return None
    if isinstance(event, dict) and "sequence" in event:
        return Source(place, Kind.EVENTS, text)
    return None


def _kind_of(found: object) -> Kind | None:  # noqa: PLR0911 - one line for each kind
    if not isinstance(found, Mapping):
        return None
    if "deployment" in found:
        return Kind.STATE
    if is_preview(found):
        return Kind.PREVIEW
    if is_terraform(found):
        return Kind.PLAN
    if is_template(found):
        return Kind.TEMPLATE
    if "Statement" in found:
        return _kind_of_document(found["Statement"])
    if is_limit(found):
        return Kind.LIMIT
    if is_answer(found):
        return Kind.ANSWER
    return Kind.CONFIGURATION if _is_configuration(found) else None


def _is_configuration(found: Mapping[Any, Any]) -> bool:
    names = {rule.name for rule in EVERY} | {ALL}
    # Whoever misspells one name has mostly written another right; one alone is told by its settings.
    return bool(found) and bool(names & set(found) or all(map(_is_like_a_setting, found.values())))


def _is_like_a_setting(value: object) -> bool:
    return value in LEVELS if isinstance(value, str) else isinstance(value, dict) and LEVEL in value


def _kind_of_document(statements: Any) -> Kind | None:  # noqa: ANN401 - as it was written
    every = [statements] if isinstance(statements, Mapping) else statements
    if not isinstance(every, list):
        return Kind.DOCUMENT
    parts = [each for each in every if isinstance(each, Mapping)]
    principals = any("Principal" in each or "NotPrincipal" in each for each in parts)
    resources = any("Resource" in each or "NotResource" in each for each in parts)
    if principals and resources:
        return None
    return Kind.TRUST if principals else Kind.DOCUMENT
