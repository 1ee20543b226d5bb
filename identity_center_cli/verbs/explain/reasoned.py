"""An answer to whether somebody may do something, with the statements that make it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Conclusion(Enum):
    """The answer to a question."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class By:
    """A statement that makes an answer, and what brings it to the identity."""

    document: str
    statement: str
    through: str


@dataclass(frozen=True, slots=True)
class Reasoned:
    """An answer and what made it."""

    conclusion: Conclusion
    on: tuple[str, ...] = ()
    """The resource asked for; where none was, the patterns of resources on which it is allowed."""
    places: tuple[By, ...] = ()
    why: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    """Condition keys of which the question would have to say something."""


def agreed(found: Sequence[Reasoned], resource: str, why: str) -> Reasoned:
    """Return what all say, or that it depends."""
    if len({each.conclusion for each in found}) == 1:
        return found[0]
    reasons = dict.fromkeys((why, *(reason for each in found for reason in each.why)))
    return Reasoned(Conclusion.UNDECIDED, (resource,), found[0].places, tuple(reasons))


def together(found: Sequence[Reasoned]) -> Reasoned:
    """Put answers for several resources together."""
    return Reasoned(
        found[0].conclusion,
        tuple(place for each in found for place in each.on),
        tuple(dict.fromkeys(place for each in found for place in each.places)),
        tuple(dict.fromkeys(reason for each in found for reason in each.why)),
        tuple(dict.fromkeys(key for each in found for key in each.needs)),
    )
