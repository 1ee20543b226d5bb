"""Where an assignment holds: accounts by number or name, units, tags, all of them, and exceptions.

`target_resolution` finds the accounts that they stand for.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, TypeAlias

from pydantic import (
    AfterValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from .accounts import MANAGEMENT, read_account
from .fields import Entry, Items
from .tag_expressions import TagExpression
from .wrong_value import WrongValueError

#: The word that stands for every account of the organisation but the management account.
ALL = "all"
#: Source: botocore, organizations, shapes OrganizationalUnitId and RootId.
UNIT_ID = re.compile(r"ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|r-[0-9a-z]{4,32}")
#: Source: botocore, organizations, shape AccountName.
_LONGEST_NAME = 128
_FORMS = (
    f"write an account id of 12 digits in quotes, an account's name, `{MANAGEMENT}`, `{ALL}`, "
    "or one of `account:`, `unit:`, `tagged:` and `except:`"
)


class Reading(Enum):
    """What has to be known of the organisation to find the accounts of a target."""

    ACCOUNTS = "accounts"
    """Which accounts there are."""
    UNITS = "organisational units"
    """The tree of units, and in which of them each account is."""
    TAGS = "tags of accounts"
    """The tags of every account."""


def _some_text(text: str) -> str:
    if not 1 <= len(text) <= _LONGEST_NAME:
        raise WrongValueError(f"has {len(text)} characters", f"AWS's names have 1 to {_LONGEST_NAME}")
    return text


def _a_unit(text: str) -> str:
    if not text:
        raise WrongValueError("is empty", "write a path such as Workloads/Production, or `/` for the root")
    return text


class SelectorEntry(Entry):
    """Some accounts: exactly one of `account`, `unit` and `tagged`."""

    account: Annotated[str, AfterValidator(_some_text)] | None = None
    """Name or id of one account: for names such as `all`, which alone would mean something else."""
    unit: Annotated[str, AfterValidator(_a_unit)] | None = None
    """An organisational unit: its path from the root (`Workloads/Production`, `/` is the root itself), its
    name where it is the only unit of that name, or its id (`ou-…`, `r-…`). Never the management account."""
    children: bool | None = None
    """With `unit`: whether the units below it count, however deep. True where nothing is written."""
    tagged: TagExpression | None = None
    """Accounts whose tags are so. Never the management account."""

    @model_validator(mode="after")
    def _one_kind(self) -> "SelectorEntry":
        kinds = [name for name in type(self).model_fields if name != "children"]
        given = [name for name in kinds if getattr(self, name) is not None]
        if len(given) != 1:
            *most, last = [f"`{name.rstrip('_')}`" for name in kinds]
            raise WrongValueError(
                f"has {'several' if given else 'none'} of {', '.join(most)} and {last}",
                "write exactly one of them; each item of the list is a target of its own",
            )
        if self.children is not None and self.unit is None:
            raise WrongValueError("has `children` and no `unit`", "write `children` beside a `unit`")
        return self

    @property
    def with_children(self) -> bool:
        """Whether the units below `unit` count."""
        return self.children is not False


@dataclass(frozen=True)
class _TextOrMapping:
    """Reads a target: the plain texts that it may be, or a mapping with one of the keys of an entry."""

    entry: type[SelectorEntry]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read mappings as the entry. A union would put its choices into the paths of errors."""
        return core_schema.no_info_wrap_validator_function(_read, handler.generate_schema(self.entry))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Tell editors both forms."""
        return {"anyOf": [{"type": "string", "minLength": 1}, handler(schema)]}


def _read(value: object, handler: ValidatorFunctionWrapHandler) -> object:
    if isinstance(value, dict | SelectorEntry):
        return handler(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise WrongValueError("is not an account", _FORMS)
    if not isinstance(value, str) or value.isdigit():
        return read_account(value)
    if UNIT_ID.fullmatch(value):
        raise WrongValueError(f"`{value}` is the id of a unit", f"write `unit: {value}`")
    return _some_text(value)


Selector: TypeAlias = Annotated[SelectorEntry | str, _TextOrMapping(SelectorEntry)]


class TargetEntry(SelectorEntry):
    """Some accounts, or an exception from them: exactly one of `account`, `unit`, `tagged` and `except`."""

    except_: Items[Selector] | None = Field(default=None, alias="except")
    """Accounts that are taken out, whatever else the list says: targets of the same kinds."""

    @model_validator(mode="after")
    def _something_taken_out(self) -> "TargetEntry":
        if self.except_ == ():
            raise WrongValueError("`except` is empty", "name what is taken out, or remove it")
        if ALL in (self.except_ or ()):
            raise WrongValueError(f"takes out `{ALL}`, so that nothing is left", "name what is taken out")
        return self


Target: TypeAlias = SelectorEntry | str
"""A plain text, as written (an id, `management`, `all`, a name), or an entry with a key."""


def _something(targets: tuple[Target, ...]) -> tuple[Target, ...]:
    if targets and all(exceptions_of(one) is not None for one in targets):
        raise WrongValueError("has exceptions only", f"say from what they are taken out, such as `{ALL}`")
    return targets


def exceptions_of(target: Target) -> tuple[Target, ...] | None:
    """Return what a target takes out, or None where it is no exception."""
    return target.except_ if isinstance(target, TargetEntry) else None


Targets = Annotated[
    Items[Annotated[TargetEntry | str, _TextOrMapping(TargetEntry)]], AfterValidator(_something)
]


def readings_needed(targets: Iterable[Target]) -> frozenset[Reading]:
    """Return what has to be known of the organisation to resolve `targets`."""
    needed: set[Reading] = set()
    for one in targets:
        needed.add(Reading.ACCOUNTS)
        if isinstance(one, str):
            continue
        needed |= readings_needed(exceptions_of(one) or ())
        if one.unit is not None:
            needed.add(Reading.UNITS)
        if one.tagged is not None:
            needed.add(Reading.TAGS)
    return frozenset(needed)


_ONE: TypeAdapter[Target] = TypeAdapter(Annotated[TargetEntry | str, _TextOrMapping(TargetEntry)])


def readable_targets(listed: object) -> list[tuple[int, Target]]:
    """Read the items of a list that are sound by themselves, each with its place."""
    found: list[tuple[int, Target]] = []
    for index, item in enumerate(listed if isinstance(listed, list) else ()):
        try:
            found.append((index, _ONE.validate_python(item)))
        except ValidationError:
            continue  # a mistake of shape, told where the whole model is read
    return found


def is_sound(entry: type[Entry], value: object) -> bool:
    """Tell whether a value has the shape of an entry."""
    try:
        entry.model_validate(value)
    except ValidationError:
        return False
    return True
