"""Values of which a file alone does not tell what they come to."""

import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

MOST_ALTERNATIVES: Final = 32
"""Beyond so many, a value counts as any."""
ANY: Final = ("*",)
TWO_OR_MORE: Final = ("?*",)
"""Any text but an empty one and one character alone: as a principal some account or role, never everybody."""
SAMPLE: Final = "some-value"
"""Stands for a part that is open and has no default, where a value without wildcards is asked for."""


@dataclass(frozen=True, slots=True)
class Open:
    """A text that depends on a parameter, or on what only the deployment brings."""

    what: str
    """The expression, as messages show it."""
    default: str | None = None
    """What it comes to where every parameter has its default; None where one has none.

    An empty text stands for "nothing was given" in conditions, and for no value elsewhere.
    """
    most: tuple[str, ...] = ANY
    """What it can come to, as patterns."""
    sample: str = SAMPLE
    """One thing that it may well come to, without wildcards."""
    names: tuple[str, ...] = ANY
    """As `most`, where every name counts that it can come to: an action is called by its name alone."""
    pieces: tuple["str | Open", ...] = ()
    """Of what it is put together, where it is."""


@dataclass(frozen=True, slots=True)
class OpenList:
    """A list, such as a parameter of the type CommaDelimitedList, of which the members are open."""

    what: str
    default: tuple[Any, ...] | None = None
    most: tuple[str, ...] = ANY
    """What a member can come to, as patterns."""
    names: tuple[str, ...] = ANY
    """As of a text."""


@dataclass(frozen=True, slots=True)
class Either:
    """One of two values, by a condition that the parameters decide."""

    what: str
    default: Any
    """What it is where every parameter has its default."""
    other: Any
    by_default: bool = True
    """False where nobody knows which it is by default, either."""


class NoValue:
    """What `AWS::NoValue` stands for: the property is left out."""


NO_VALUE: Final = NoValue()


class NameOrArn(str):  # noqa: SLOT000 - a text with slots has no room for another
    """What a resource is called where nobody knows whether that is a name; with the ARN it may be."""

    arn: str

    @classmethod
    def of(cls, name: str, arn: str) -> "NameOrArn":
        """Write a name with its ARN."""
        made = cls(name)
        made.arn = arn
        return made


def is_open(value: Any) -> bool:  # noqa: ANN401 - a template holds anything
    """Say whether a part of a value is open."""
    return next(open_parts(value), None) is not None


def open_parts(value: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    """Yield the expressions that are open in a value."""
    if isinstance(value, Open | OpenList | Either):
        yield value.what
    elif isinstance(value, dict):
        for each in value.values():
            yield from open_parts(each)
    elif isinstance(value, list):
        for each in value:
            yield from open_parts(each)


def joined(parts: Iterable[Any], what: str) -> Any:  # noqa: ANN401 - a text, or an open one
    """Put texts together, some of which may be open; an open one where any part is no text at all."""
    pieces = [each for each in map(_as_text, parts) if each != ""]
    if all(isinstance(each, str) for each in pieces):
        text = "".join(pieces)
        is_arn = pieces and isinstance(pieces[0], NameOrArn)
        return NameOrArn.of(text, "".join([pieces[0].arn, *pieces[1:]])) if is_arn else text
    if any(not isinstance(each, str | Open) for each in pieces):
        return Open(what)
    defaults = [each if isinstance(each, str) else each.default or None for each in pieces]
    return Open(
        what,
        None if None in defaults else "".join(map(str, defaults)),
        _products([(each,) if isinstance(each, str) else each.most for each in pieces]),
        "".join(each if isinstance(each, str) else each.sample for each in pieces),
        _products([(each,) if isinstance(each, str) else each.names for each in pieces]),
        tuple(each for each in pieces if isinstance(each, str | Open)),
    )


def _products(pieces: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Return every way to put pieces together, of each of which there are several; any text for too many."""
    if math.prod(map(len, pieces)) > MOST_ALTERNATIVES:
        pieces = [each if len(each) == 1 else ANY for each in pieces]
    return tuple(map("".join, itertools.product(*pieces)))


def _as_text(value: Any) -> Any:  # noqa: ANN401 - as above
    """Write numbers and truth values as CloudFormation does."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value
