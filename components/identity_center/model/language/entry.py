"""What every entry of the access model is made of, with pydantic, which components load without."""

from datetime import date, datetime
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

from identity_center.model.mistakes import WrongValueError

from .clock import end_of_access
from .keys.values import TagKey, TagValue, calendar_date, camel_case


class Entry(BaseModel):
    """A part of the access model: strict, closed, and written in camelCase."""

    model_config = ConfigDict(
        alias_generator=camel_case,
        extra="forbid",
        frozen=True,
        strict=True,
        validate_by_name=True,
    )


def _list(value: object) -> object:
    # A tuple keeps an entry immutable; YAML and JSON give lists.
    return tuple(value) if isinstance(value, list) else value


Item = TypeVar("Item")
#: A list in the file, kept as a tuple.
Items = Annotated[tuple[Item, ...], BeforeValidator(_list)]
CalendarDate = Annotated[
    date, BeforeValidator(calendar_date), WithJsonSchema({"type": "string", "format": "date"})
]
#: A last day, or a moment; where it is no `datetime` it is a day.
EndOfAccess = Annotated[
    datetime | date,
    BeforeValidator(end_of_access),
    WithJsonSchema({"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}),
]


# Tags that AWS keeps on permission sets and applications.
#: Source: botocore, sso-admin, shape TagList.
MOST_TAGS = 75


def _not_too_many(tags: dict[str, str]) -> dict[str, str]:
    if len(tags) > MOST_TAGS:
        raise WrongValueError(f"has {len(tags)} tags", f"AWS allows {MOST_TAGS}")
    return tags


def _not_reserved(tags: dict[str, str]) -> dict[str, str]:
    # Source: AWS General Reference, "Tagging your AWS resources": the prefix is AWS's own, in any case.
    reserved = [key for key in tags if key.casefold().startswith("aws:")]
    if reserved:
        raise WrongValueError(
            f"`{reserved[0]}` begins with `aws:`, which AWS keeps to itself", "choose another key"
        )
    return tags


Tags = Annotated[dict[TagKey, TagValue], AfterValidator(_not_too_many), AfterValidator(_not_reserved)]
