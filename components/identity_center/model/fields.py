"""Types of the fields of the access model: how a value is read, and what is said when it is wrong."""

import re
from datetime import date
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from . import text_rules
from .dates import parse_date
from .durations import parse_session_duration
from .text_rules import TextRule


class Entry(BaseModel):
    """A part of the access model: strict, closed, and written in camelCase."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", frozen=True, strict=True, validate_by_name=True
    )


def mistake(problem: str, remedy: str) -> PydanticCustomError:
    """Make the error by which a validator says what is wrong and what to write."""
    # Braces would be read as places to fill in.
    return PydanticCustomError("access_model", "{problem}; {remedy}", {"problem": problem, "remedy": remedy})


def ruled_by(rule: TextRule) -> AfterValidator:
    """Refuse a text that breaks `rule`. The text is not quoted: it may be a person's."""

    def check(text: str) -> str:
        problem = rule.problem(text)
        if problem is not None:
            raise mistake(problem, rule.remedy())
        return text

    return AfterValidator(check)


def _not_reserved(text: str) -> str:
    if text.casefold() in text_rules.RESERVED_NAMES:
        raise mistake("is a name that AWS keeps to itself", "choose another")
    return text


def _session_duration(text: str) -> str:
    if parse_session_duration(text) is None:
        raise mistake(
            f"`{text}` is not a duration from 1 to 12 hours",
            "write it in ISO 8601: PT1H is one hour, PT1H30M an hour and a half, PT12H the longest",
        )
    return text


def _date(value: object) -> date:
    parsed = parse_date(value)
    if parsed is None:
        raise mistake("is not a date", "write year, month and day, such as 2027-02-15")
    return parsed


def _matching(pattern: str, kind: str, remedy: str) -> AfterValidator:
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if compiled.fullmatch(text) is None:
            raise mistake(f"`{text}` is not {kind}", remedy)
        return text

    return AfterValidator(check)


def _list(value: object) -> object:
    # A tuple keeps an entry immutable; YAML and JSON give lists.
    return tuple(value) if isinstance(value, list) else value


Item = TypeVar("Item")
#: A list in the file, kept as a tuple.
Items = Annotated[tuple[Item, ...], BeforeValidator(_list)]
Key = Annotated[str, ruled_by(text_rules.KEY)]
UserName = Annotated[str, ruled_by(text_rules.USER_NAME), AfterValidator(_not_reserved)]
PersonText = Annotated[str, ruled_by(text_rules.PERSON_TEXT)]
Email = Annotated[str, ruled_by(text_rules.EMAIL)]
GroupName = Annotated[str, ruled_by(text_rules.GROUP_NAME), AfterValidator(_not_reserved)]
PermissionSetName = Annotated[str, ruled_by(text_rules.PERMISSION_SET_NAME)]
PermissionSetDescription = Annotated[str, ruled_by(text_rules.PERMISSION_SET_DESCRIPTION)]
SessionDuration = Annotated[str, AfterValidator(_session_duration)]
CalendarDate = Annotated[date, BeforeValidator(_date)]
PortalUrl = Annotated[
    str, _matching(r"https://[^\s/]+(/\S*)?", "an address", "write an address that begins with https://")
]
#: Source: botocore, sso-admin, shape InstanceArn.
InstanceArn = Annotated[
    str,
    _matching(
        r"arn:aws(-[a-z]{1,5}){0,3}:sso:::instance/(sso)?ins-[a-zA-Z0-9.-]{16}",
        "the ARN of an instance",
        "write what `aws sso-admin list-instances` shows: arn:aws:sso:::instance/ssoins-1234567890abcdef",
    ),
]
