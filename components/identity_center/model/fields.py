"""Types of the fields of the access model: how a value is read, and what is said when it is wrong."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from . import text_rules
from .dates import parse_date
from .durations import iso_duration, parse_session_duration
from .text_rules import TextRule


class Entry(BaseModel):
    """A part of the access model: strict, closed, and written in camelCase."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        strict=True,
        use_attribute_docstrings=True,
        validate_by_name=True,
    )


def mistake(problem: str, remedy: str) -> PydanticCustomError:
    """Make the error by which a validator says what is wrong and what to write."""
    # Braces would be read as places to fill in.
    return PydanticCustomError("access_model", "{problem}; {remedy}", {"problem": problem, "remedy": remedy})


@dataclass(frozen=True)
class Ruled:
    """Refuses a text that breaks a rule. The text is not quoted: it may be a person's."""

    rule: TextRule

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check the rule after the type."""
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Tell editors the lengths and, where there is one, the pattern."""
        limits: dict[str, Any] = {"minLength": self.rule.shortest, "maxLength": self.rule.longest}
        if self.rule.pattern is not None:
            limits["pattern"] = f"^(?:{self.rule.pattern.pattern})$"
        return {**handler(schema), **limits}

    def _checked(self, text: str) -> str:
        problem = self.rule.problem(text)
        if problem is not None:
            raise mistake(problem, self.rule.remedy())
        return text


def _not_reserved(text: str) -> str:
    if text.casefold() in text_rules.RESERVED_NAMES:
        raise mistake("is a name that AWS keeps to itself", "choose another")
    return text


def _session_duration(text: str) -> str:
    duration = parse_session_duration(text)
    if duration is None:
        raise mistake(
            f"`{text}` is not a duration from 1 to 12 hours",
            "write it as PT1H30M or as 1 hour 30 minutes: PT1H is the shortest, PT12H the longest",
        )
    return text if text.startswith("PT") else iso_duration(duration)


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
Key = Annotated[str, Ruled(text_rules.KEY)]
UserName = Annotated[str, Ruled(text_rules.USER_NAME), AfterValidator(_not_reserved)]
PersonText = Annotated[str, Ruled(text_rules.PERSON_TEXT)]
Email = Annotated[str, Ruled(text_rules.EMAIL)]
GroupName = Annotated[str, Ruled(text_rules.GROUP_NAME), AfterValidator(_not_reserved)]
PermissionSetName = Annotated[str, Ruled(text_rules.PERMISSION_SET_NAME)]
PermissionSetDescription = Annotated[str, Ruled(text_rules.PERMISSION_SET_DESCRIPTION)]
SessionDuration = Annotated[str, AfterValidator(_session_duration)]
CalendarDate = Annotated[date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]
RelayState = Annotated[str, Ruled(text_rules.RELAY_STATE)]
TagKey = Annotated[str, Ruled(text_rules.TAG_KEY)]
TagValue = Annotated[str, Ruled(text_rules.TAG_VALUE)]
AttributeName = Annotated[str, Ruled(text_rules.ATTRIBUTE_NAME)]
AttributeSource = Annotated[str, Ruled(text_rules.ATTRIBUTE_SOURCE)]
ApplicationName = Annotated[str, Ruled(text_rules.APPLICATION_NAME)]
ApplicationDescription = Annotated[str, Ruled(text_rules.APPLICATION_DESCRIPTION)]
ApplicationUrl = Annotated[str, Ruled(text_rules.APPLICATION_URL)]
CustomerPolicyName = Annotated[str, Ruled(text_rules.CUSTOMER_POLICY)]
PortalUrl = Annotated[
    str, _matching(r"https://[^\s/]+(/\S*)?", "an address", "write an address that begins with https://")
]
#: Source: botocore, sso-admin, shape ApplicationProviderArn.
ApplicationProviderArn = Annotated[
    str,
    _matching(
        r"arn:aws(-[a-z]{1,5}){0,3}:sso::aws:applicationProvider/[a-zA-Z0-9/-]+",
        "the ARN of an application provider",
        "write what `aws sso-admin list-application-providers` shows: "
        "arn:aws:sso::aws:applicationProvider/custom",
    ),
]
#: Source: botocore, account-access, shapes RoleArn and Application's ARN.
RoleArn = Annotated[
    str,
    _matching(
        r"arn:aws(-[a-z]{1,5}){0,3}:iam::[0-9]{12}:role/([A-Za-z0-9.,+@=_-]+/)*[A-Za-z0-9.,+@=_-]{1,64}",
        "the ARN of an IAM role",
        "write arn:aws:iam::ACCOUNT:role/NAME",
    ),
]
#: Source: botocore, iam, shapes roleNameType and pathType.
RoleName = Annotated[
    str,
    _matching(
        r"([A-Za-z0-9.,+@=_-]+/)*[A-Za-z0-9.,+@=_-]{1,64}",
        "the name of an IAM role",
        "write a name such as Auditor, or path and name such as team/Auditor",
    ),
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
