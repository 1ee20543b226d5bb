"""What is known of a key beside its type stands on the key, as metadata of its annotation.

    user_name: Annotated[UserName, Unique()]
    members: Annotated[Items[str], RefersTo(Kind.USER), EachOnce()] = ()

Whatever reads, checks, plans or documents a model asks the entry: no list of keys stands anywhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo


class Kind(Enum):
    """What the entries of a part are, in the words of messages."""

    USER = "user"
    GROUP = "group"
    PERMISSION_SET = "permission set"
    APPLICATION = "application"


@dataclass(frozen=True)
class Declares:
    """The keys of the part name things of a kind. Parts of one kind share them: others say no part."""

    kind: Kind
    elsewhere: bool = False
    """Whether they are made elsewhere, and only looked up."""


@dataclass(frozen=True)
class RefersTo:
    """The text, or each text of the list, is the key of such a thing."""

    kind: Kind
    made_here: bool = False
    """Whether it has to be one of which the model says everything."""


@dataclass(frozen=True)
class FormerKey:
    """The text is the key that the entry itself had before."""


@dataclass(frozen=True)
class Unique:
    """AWS wants the text once among the entries of the part, in whatever case it is written."""


@dataclass(frozen=True)
class EachOnce:
    """No item stands in the list twice."""


@dataclass(frozen=True)
class NamesManagedPolicy:
    """The text, or each text of the list, names an AWS-managed policy."""


@dataclass(frozen=True)
class Joined:
    """Of a permission set: what others say is added to, where all else of theirs is replaced."""


@dataclass(frozen=True)
class MayBeSecret:
    """The part holds people's attributes, so a stack may keep it encrypted."""


@dataclass(frozen=True)
class Argument:
    """How components take the key, where it is not under its own name and with its own words."""

    name: str = ""
    """What they call it; empty where it is the key's own name."""
    said: str = ""
    """What is said of it; empty where it is what is said of the key."""
    early: bool = False
    """Whether it has to be known before the update."""
    one: bool = False
    """Whether components take one of the list at a time."""


@dataclass(frozen=True)
class OwnForm:
    """Components do not take the key, or take what it says in a form of their own."""


Fact = TypeVar("Fact")


@dataclass(frozen=True)
class Key:
    """A key of an entry."""

    name: str
    """As Python writes it."""
    alias: str
    """As the configuration has it."""
    field: FieldInfo

    def fact(self, kind: type[Fact]) -> Fact | None:
        """Return what is known of the key in one respect, or None."""
        return next((each for each in self.field.metadata if isinstance(each, kind)), None)

    @cached_property
    def argument(self) -> str | None:
        """The name of the argument that components take it as; None where it is none."""
        if self.fact(OwnForm) or self.fact(FormerKey):
            return None
        said = self.fact(Argument)
        return said.name if said and said.name else self.name

    @cached_property
    def marks(self) -> tuple[object, ...]:
        """What stands beside the type of the value, or of each of several: its limits are among it."""
        of_content = _marks(self.field.annotation)
        return of_content if self.container else (*self.field.metadata, *of_content)

    @cached_property
    def container(self) -> type | None:
        """`dict` or `tuple` where the key holds several values, else None."""
        found = get_origin(self._kind)
        return found if found in (dict, tuple) else None

    @cached_property
    def content(self) -> Any:  # noqa: ANN401  # a type found at run time has no static one
        """The type of the value, or of each of several."""
        kind = self._kind
        match self.container:
            case None:
                return kind
            case container:
                return inner(get_args(kind)[-1 if container is dict else 0])

    @cached_property
    def entry(self) -> type[BaseModel] | None:
        """The class of the entry, or entries, under the key; None where there is none."""
        return self.content if is_entry(self.content) else None

    @cached_property
    def _kind(self) -> Any:  # noqa: ANN401  # as above
        return inner(self.field.annotation)


def inner(annotation: Any) -> Any:  # noqa: ANN401  # as above
    """Take `X` out of `Annotated[X, …]` and `X | None`."""
    while get_origin(annotation) in (Union, UnionType) or hasattr(annotation, "__metadata__"):
        annotation = get_args(annotation)[0]
    return annotation


def _marks(annotation: Any) -> tuple[object, ...]:  # noqa: ANN401  # as above
    """Return what stands beside `X` in `Annotated[X, …]`, in `X | None`, in a list or mapping of those."""
    if hasattr(annotation, "__metadata__"):
        of_several = get_origin(annotation.__origin__) in (tuple, dict)
        return (*_marks(annotation.__origin__), *(() if of_several else annotation.__metadata__))
    if get_origin(annotation) in (Union, UnionType, tuple):
        return _marks(get_args(annotation)[0])
    return _marks(get_args(annotation)[-1]) if get_origin(annotation) is dict else ()


def is_entry(value: object) -> bool:
    """Tell whether a type is an entry's class."""
    return isinstance(value, type) and issubclass(value, BaseModel)


@cache
def keys_of(entry: type[BaseModel]) -> tuple[Key, ...]:
    """Return the keys of an entry, in the order in which its class has them."""
    return tuple(Key(name, field.alias or name, field) for name, field in entry.model_fields.items())


@cache
def keys_with(entry: type[BaseModel], kind: type) -> tuple[Key, ...]:
    """Return the keys of an entry of which such a fact is known."""
    return tuple(key for key in keys_of(entry) if key.fact(kind) is not None)


@cache
def arguments_of(entry: type[BaseModel]) -> Mapping[str, Key]:
    """Return the keys of an entry that components take as they are, by the name of the argument."""
    return {key.argument: key for key in keys_of(entry) if key.argument is not None}
