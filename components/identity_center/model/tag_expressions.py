"""Expressions over the tags of accounts: one tag, or several expressions joined by and, or and not."""

from collections.abc import Iterator, Mapping

from pydantic import Field, model_validator

from .fields import Entry, Items, TagKey, TagValue, mistake

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
            raise mistake(
                f"has {'several' if given else 'none'} of `tag`, `and`, `or` and `not`",
                "write exactly one of them, such as `tag: environment` with `is: production`",
            )
        if self.tag is None and (self.is_ is not None or self.in_ is not None):
            raise mistake("has a value and no `tag`", "write which tag has it")
        if self.is_ is not None and self.in_ is not None:
            raise mistake("has both `is` and `in`", "write exactly one of the two")
        for form, listed in (("in", self.in_), ("and", self.and_), ("or", self.or_)):
            if listed == ():
                raise mistake(f"`{form}` is empty", "write what it stands for, or remove it")
        return self

    def _parts(self) -> tuple[object, ...]:
        return self.tag, self.and_, self.or_, self.not_

    def holds(self, tags: Mapping[str, str]) -> bool:
        """Tell whether it holds for an account with these tags."""
        if self.and_ is not None:
            return all(part.holds(tags) for part in self.and_)
        if self.or_ is not None:
            return any(part.holds(tags) for part in self.or_)
        if self.not_ is not None:
            return not self.not_.holds(tags)
        value = tags.get(self.tag or "")
        if value is None:
            return False
        wanted = (self.is_,) if self.is_ is not None else self.in_
        return wanted is None or value in wanted

    def tag_keys(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield every tag that it looks at, with its path in the expression."""
        if self.tag is not None:
            yield ("tag",), self.tag
        if self.not_ is not None:
            yield from ((("not", *path), key) for path, key in self.not_.tag_keys())
        for form, parts in (("and", self.and_), ("or", self.or_)):
            for index, part in enumerate(parts or ()):
                yield from (((form, index, *path), key) for path, key in part.tag_keys())
