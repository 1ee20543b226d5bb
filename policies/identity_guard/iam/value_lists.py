"""Lists of values for the keys that a request carries several of, as far as conditions tell lists apart.

A list grows at its end. What a clause says of the longer list follows from what it said of the shorter one
and says of the value that is added. So of lists of which all clauses say the same, only the first has to grow
on: nothing new comes of the others.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from .condition import Clause, Quantifier
from .masks import without

MOST_LISTS: Final = 64
"""How many lists are tried for one key: every choice from six values of which each is told apart."""


class Said(NamedTuple):
    """What clauses say of a list, a bit for each: which hold for certain, and which do or may."""

    certain: int
    possible: int


class Growth(NamedTuple):
    """What clauses go by where a list grows, a bit for each."""

    by_all: int
    """Those that hold where they do of the list and of the value."""
    by_any: int
    """Those that hold where they do of one of the two."""
    by_first: int
    """Those that ask for the first value only."""
    by_last: int
    """Those that ask for the last value only."""

    def of(self, shorter: Said, added: Said) -> Said:
        """Return what is said of a list with one value more."""
        return Said(*map(self._joined, shorter, added))

    def _joined(self, one: int, other: int) -> int:
        both = one & other & self.by_all
        return both | (one | other) & self.by_any | one & self.by_first | other & self.by_last


def said(truths: Iterable[bool | None]) -> Said:
    """Put truths together."""
    certain = possible = 0
    for place, truth in enumerate(truths):
        certain |= (truth is True) << place
        possible |= (truth is not False) << place
    return Said(certain, possible)


def asks_all(clause: Clause) -> bool:
    """Say whether a clause has to hold of every value of a list, and not of one."""
    if clause.quantifier is Quantifier.NONE:
        return clause.operator.negated
    return clause.quantifier is Quantifier.ALL


class Lists(NamedTuple):
    """Lists of one value or more."""

    tried: list[tuple[str, ...]]
    complete: bool
    """False where the conditions tell more lists apart than are tried."""


def told_apart(clauses: Sequence[Clause], values: Collection[str]) -> Lists:
    """Return a list of some of the values for everything that the clauses can say together.

    The last value is one that no policy names. Where lists are too many, that of all others is tried, too.
    """
    for_all = said(map(asks_all, clauses)).certain
    growth = Growth(for_all, without((1 << len(clauses)) - 1, for_all), by_first=0, by_last=0)
    found: dict[Said, tuple[str, ...]] = {}
    for value in values:
        alone = said(clause.holds((value,)) for clause in clauses)
        shorter = list(found.items())
        found.setdefault(alone, (value,))
        for before, each in shorter:
            found.setdefault(growth.of(before, alone), (*each, value))
        if len(found) > MOST_LISTS:
            # Where each of many statements asks for one value more, the list of all passes them.
            return Lists(
                [*list(found.values())[:MOST_LISTS], tuple(values), tuple(values)[:-1]], complete=False
            )
    return Lists(list(found.values()), complete=True)
