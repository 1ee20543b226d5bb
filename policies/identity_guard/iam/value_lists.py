"""Lists of values for the keys that a request carries several of, as far as conditions tell lists apart."""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from .condition import Clause

MOST_LISTS: Final = 64
"""How many lists are tried for one key: every choice from six values of which each is told apart."""


class Lists(NamedTuple):
    """Lists of one value or more."""

    tried: list[tuple[str, ...]]
    complete: bool
    """False where the conditions tell more lists apart than are tried."""


def told_apart(clauses: Sequence[Clause], values: Collection[str]) -> Lists:
    """Return a list of some of the values for everything that the clauses can say together.

    What a clause says of a list follows from what it says of the parts. So lists grow by one value at a time,
    and of those of which all clauses say the same only the first grows on: nothing new comes of the others.
    The last value is one that no policy names, so the list of all the others is tried, too.
    """
    found: dict[tuple[bool | None, ...], tuple[str, ...]] = {}
    for value in values:
        for each in [(), *found.values()]:
            grown = (*each, value)
            found.setdefault(tuple([clause.holds(grown) for clause in clauses]), grown)
        if len(found) > MOST_LISTS:
            # Where each of many statements asks for one value more, the list of all passes them.
            return Lists(
                [*list(found.values())[:MOST_LISTS], tuple(values), tuple(values)[:-1]], complete=False
            )
    return Lists(list(found.values()), complete=True)
