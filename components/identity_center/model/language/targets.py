"""Where an assignment holds: accounts by number or name, units, tags, all of them, and exceptions.

`organisation/selection.py` finds the accounts that they stand for.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, TypeAlias

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from identity_center.model.mistakes import WrongValueError

from .accounts import MANAGEMENT, looks_like_an_id, no_account_id, quoted_or_plain
from .entry import Entry, Items
from .keys.values import TagKey, TagValue

# Expressions over the tags of accounts: one tag, or several expressions joined by and, or and not.
_FORMS_OF_A_TAG = ("tag", "and", "or", "not")


class TagExpression(Entry):
    """What the tags of an account have to be: exactly one of `tag`, `and`, `or` and `not`.

    An account that lacks a tag has none of its values: a test of the tag fails there, and its `not` holds.
    """

    tag: TagKey | None = None
    """The tag to look at. Alone it asks whether the account has the tag, whatever its value."""
    is_: TagValue | None = Field(default=None, alias="is")
    """The value that the tag has."""
    in_: Items[TagValue] | None = Field(default=None, alias="in")
    """The values of which the tag has one."""
    and_: Items["TagExpression"] | None = Field(default=None, alias="and")
    """Expressions that all hold."""
    or_: Items["TagExpression"] | None = Field(default=None, alias="or")
    """Expressions of which one holds, or more."""
    not_: "TagExpression | None" = Field(default=None, alias="not")
    """An expression that does not hold."""

    @model_validator(mode="after")
    def _one_form(self) -> "TagExpression":
        given = [
            form for form, value in zip(_FORMS_OF_A_TAG, self._parts(), strict=True) if value is not None
        ]
        if len(given) != 1:
            raise WrongValueError(
                f"has {'several' if given else 'none'} of `tag`, `and`, `or` and `not`",
                "write exactly one of them, such as `tag: environment` with `is: production`",
            )
        if self.tag is None and (self.is_ is not None or self.in_ is not None):
            raise WrongValueError("has a value and no `tag`", "write which tag has it")
        if self.is_ is not None and self.in_ is not None:
            raise WrongValueError("has both `is` and `in`", "write exactly one of the two")
        for form, listed in (("in", self.in_), ("and", self.and_), ("or", self.or_)):
            if listed == ():
                raise WrongValueError(f"`{form}` is empty", "write what it stands for, or remove it")
        return self

    def _parts(self) -> tuple[object, ...]:
        return self.tag, self.and_, self.or_, self.not_

    def select(
        self, everybody: frozenset[str], by_tag: Mapping[tuple[str, str | None], frozenset[str]]
    ) -> frozenset[str]:
        """Return those of `everybody` for whom it holds; `by_tag` says who has a tag with a value, or any.

        It works on sets, since a model looks at many expressions and an organisation has many accounts.
        """
        if self.and_ is not None:
            return everybody.intersection(*(part.select(everybody, by_tag) for part in self.and_))
        if self.or_ is not None:
            return frozenset[str]().union(*(part.select(everybody, by_tag) for part in self.or_))
        if self.not_ is not None:
            return everybody - self.not_.select(everybody, by_tag)
        values: tuple[str | None, ...] = (self.is_,) if self.in_ is None else self.in_
        found = (by_tag.get((self.tag or "", value), frozenset[str]()) for value in values)
        return frozenset[str]().union(*found)

    def tag_keys(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield every tag that it looks at, with its path in the expression."""
        if self.tag is not None:
            yield ("tag",), self.tag
        if self.not_ is not None:
            yield from ((("not", *path), key) for path, key in self.not_.tag_keys())
        for form, parts in (("and", self.and_), ("or", self.or_)):
            for index, part in enumerate(parts or ()):
                yield from (((form, index, *path), key) for path, key in part.tag_keys())


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


def _an_account(text: str) -> str:
    if looks_like_an_id(text):
        raise no_account_id(text)
    return _some_text(text)


def _a_unit(text: str) -> str:
    if not text:
        raise WrongValueError("is empty", "write a path such as Workloads/Production, or `/` for the root")
    return text


class SelectorEntry(Entry):
    """Some accounts: exactly one of `account`, `unit` and `tagged`."""

    account: Annotated[str, BeforeValidator(quoted_or_plain), AfterValidator(_an_account)] | None = None
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
    value = quoted_or_plain(value)
    if not isinstance(value, str):
        raise WrongValueError("is not an account", _FORMS)
    if UNIT_ID.fullmatch(value):
        raise WrongValueError(f"`{value}` is the id of a unit", f"write `unit: {value}`")
    return _an_account(value)


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
