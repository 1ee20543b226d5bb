"""Resources of two kinds whose names hang together: a job definition and its revision, a cluster and a task.

The reference writes the same variable into the ARNs of both. Two calls of a path that need one each are about
the same thing only where that part of both names is the same.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Final, NamedTuple

from identity_guard.iam.catalogue.actions import catalogue
from identity_guard.iam.catalogue.arn_shapes import ArnShape, arn_shapes

PLACE: Final = frozenset({"Partition", "Region", "Account"})
SAYING_NOTHING: Final = frozenset({"Id", "Name", "ResourceId", "InstanceId", "OpaqueId", "UUID", "AccountId"})
"""Variables that are called so in ARNs that have nothing to do with each other."""
PATH_PART: Final = 5
_VARIABLE: Final = re.compile(r"\$\{([^}]+)\}")
_WILD: Final = re.compile(r"[*?]|\$\{")
_ONE_NAME: Final = re.compile(r"[^/:]*")


class Beginning(NamedTuple):
    """The plain text that a name begins with."""

    text: str
    goes_on: bool
    """Whether a wildcard follows."""


@dataclass(frozen=True)
class Link:
    """Two shapes of ARNs that have variables in common."""

    one: ArnShape
    other: ArnShape
    variables: frozenset[str]

    def turned(self) -> "Link":
        """Return the same link from its other end."""
        return Link(self.other, self.one, self.variables)

    def pattern_for(self, arn: str) -> str | None:
        """Return what the other resource is called, as a pattern, where the one has some ARN."""
        found = _reader(self.one.template).fullmatch(arn)
        if found is None:
            return None
        known = dict(zip(_names(self.one.template), found.groups(), strict=True))
        return _filled(
            self.other.template, {name: known[name] for name in (*self.variables, *PLACE) if name in known}
        )

    def apart(self, patterns: Iterable[str], others: Iterable[str]) -> bool:
        """Say whether no two patterns, one of each kind, can be about things that hang together.

        Only the plain text is looked at that the names begin with: what it leaves open is not apart.
        """
        heads = _beginnings(self.one.template, patterns, self.variables)
        tails = _beginnings(self.other.template, others, self.variables)
        if heads is None or tails is None:
            return False
        return all(_differ(head, tail) for head, tail in product(heads, tails))


@cache
def links(action: str, other: str) -> tuple[Link, ...]:
    """Return how the resources that two actions need hang together."""
    return tuple(
        Link(first, second, shared)
        for first, second in product(_needed(action), _needed(other))
        if first != second and (shared := _shared(first.template, second.template))
    )


@cache
def _needed(action: str) -> tuple[ArnShape, ...]:
    bit = catalogue().mask_of([action])
    shapes = (arn_shapes().shapes[number] for number in arn_shapes().taken_by(bit))
    return tuple(shape for shape in shapes if shape.requirers & bit)


def _shared(one: str, other: str) -> frozenset[str]:
    if one.split(":")[2] != other.split(":")[2]:
        return frozenset()
    return (frozenset(_names(one)) & frozenset(_names(other))) - PLACE - SAYING_NOTHING


def _names(template: str) -> list[str]:
    return _VARIABLE.findall(template)


def is_of(shape: ArnShape, arn: str) -> bool:
    """Say whether an ARN has a shape, with no name in it that goes over a slash or a colon."""
    return _reader(shape.template).fullmatch(arn) is not None


@cache
def _reader(template: str) -> re.Pattern[str]:
    """Return what reads the variables out of an ARN: none of them has a slash or a colon."""
    pieces = _VARIABLE.split(template)
    return re.compile(
        "".join("([^/:]*)" if number % 2 else re.escape(piece) for number, piece in enumerate(pieces))
    )


def _filled(template: str, known: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: known.get(found[1], "*"), template)


def _beginnings(template: str, patterns: Iterable[str], variables: frozenset[str]) -> list[Beginning] | None:
    """Return what the common name begins with in those patterns that are of a shape; None if one hides it."""
    fixed, first, *_ = _VARIABLE.split(template.split(":", PATH_PART)[-1])
    if first not in variables:
        return None
    found = []
    for pattern in patterns:
        plain, goes_on = _plain(pattern.split(":", PATH_PART)[-1])
        if goes_on and len(plain) < len(fixed) and fixed.startswith(plain):
            return None
        if plain.startswith(fixed):
            rest = plain[len(fixed) :]
            name = _ONE_NAME.match(rest)
            text = name[0] if name else ""
            found.append(Beginning(text, goes_on and text == rest))
    return found


def _plain(text: str) -> Beginning:
    wild = _WILD.search(text)
    return Beginning(text[: wild.start()] if wild else text, wild is not None)


def _differ(one: Beginning, other: Beginning) -> bool:
    """Say whether two names differ, whatever follows."""
    shorter, longer = sorted((one, other), key=lambda each: len(each.text))
    if not longer.text.startswith(shorter.text):
        return True
    return len(shorter.text) < len(longer.text) and not shorter.goes_on
