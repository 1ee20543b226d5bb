"""Types of the fields of the access model: how a value is read, and what is said when it is wrong."""

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
from pydantic_core import CoreSchema, core_schema

from . import text_rules
from .camel_case import camel_case
from .dates import calendar_date
from .durations import session_duration
from .text_rules import TextRule


class Entry(BaseModel):
    """A part of the access model: strict, closed, and written in camelCase."""

    model_config = ConfigDict(
        alias_generator=camel_case,
        extra="forbid",
        frozen=True,
        strict=True,
        use_attribute_docstrings=True,
        validate_by_name=True,
    )


@dataclass(frozen=True)
class Ruled:
    """Refuses a text that breaks a rule. The text is not quoted: it may be a person's."""

    rule: TextRule

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check the rule after the type."""
        return core_schema.no_info_after_validator_function(self.rule.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Tell editors the lengths and, where there is one, the pattern."""
        limits: dict[str, Any] = {"minLength": self.rule.shortest, "maxLength": self.rule.longest}
        if self.rule.pattern is not None:
            limits["pattern"] = f"^(?:{self.rule.pattern.pattern})$"
        return {**handler(schema), **limits}


def _list(value: object) -> object:
    # A tuple keeps an entry immutable; YAML and JSON give lists.
    return tuple(value) if isinstance(value, list) else value


Item = TypeVar("Item")
#: A list in the file, kept as a tuple.
Items = Annotated[tuple[Item, ...], BeforeValidator(_list)]
Key = Annotated[str, Ruled(text_rules.KEY)]
UserName = Annotated[str, Ruled(text_rules.USER_NAME)]
PersonText = Annotated[str, Ruled(text_rules.PERSON_TEXT)]
Email = Annotated[str, Ruled(text_rules.EMAIL)]
GroupName = Annotated[str, Ruled(text_rules.GROUP_NAME)]
PermissionSetName = Annotated[str, Ruled(text_rules.PERMISSION_SET_NAME)]
PermissionSetDescription = Annotated[str, Ruled(text_rules.PERMISSION_SET_DESCRIPTION)]
SessionDuration = Annotated[str, AfterValidator(session_duration)]
CalendarDate = Annotated[
    date, BeforeValidator(calendar_date), WithJsonSchema({"type": "string", "format": "date"})
]
RelayState = Annotated[str, Ruled(text_rules.RELAY_STATE)]
TagKey = Annotated[str, Ruled(text_rules.TAG_KEY)]
TagValue = Annotated[str, Ruled(text_rules.TAG_VALUE)]
AttributeName = Annotated[str, Ruled(text_rules.ATTRIBUTE_NAME)]
AttributeSource = Annotated[str, Ruled(text_rules.ATTRIBUTE_SOURCE)]
ApplicationName = Annotated[str, Ruled(text_rules.APPLICATION_NAME)]
ApplicationDescription = Annotated[str, Ruled(text_rules.APPLICATION_DESCRIPTION)]
ApplicationUrl = Annotated[str, Ruled(text_rules.APPLICATION_URL)]
CustomerPolicyName = Annotated[str, Ruled(text_rules.CUSTOMER_POLICY)]
PortalUrl = Annotated[str, AfterValidator(text_rules.PORTAL_URL.check)]
ApplicationProviderArn = Annotated[str, AfterValidator(text_rules.APPLICATION_PROVIDER_ARN.check)]
RoleArn = Annotated[str, AfterValidator(text_rules.ROLE_ARN.check)]
RoleName = Annotated[str, AfterValidator(text_rules.ROLE_NAME.check)]
InstanceArn = Annotated[str, AfterValidator(text_rules.INSTANCE_ARN.check)]
