"""Expressions over the tags of accounts: one tag, or several expressions joined by and, or and not."""

from collections.abc import Iterator, Mapping

from pydantic import Field, model_validator

from .fields import Entry, Items, TagKey, TagValue
from .wrong_value import WrongValueError

_FORMS = ("tag", "and", "or", "not")


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
        given = [form for form, value in zip(_FORMS, self._parts(), strict=True) if value is not None]
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
