"""The context of a call, cut into states: within a context state, every condition says the same.

A dimension holds the keys that hang together (MFA and its age, the Region, the caller's address). Its context
states are concrete values, so that every answer can be shown as a call. They are grouped into modes: the
holder of a grant chooses the mode, and chance the context state within it. A grant is unrestricted if, in
some mode of every dimension, it holds in all ordinary context states.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from identity_guard.iam.catalogue.actions import without
from identity_guard.iam.catalogue.arn_shapes import Own
from identity_guard.iam.document.condition import Clause, Quantifier, Values

MOST_VALUES: Final = 48
"""How many values of the policies are tried for one key; what lies beyond is not looked at, and said so."""

OTHER: Final = "other-value-0x7"
"""A value that no policy names."""
UNTRIED: Final[Values] = ("untried-value-0x7",)
"""Stands for all that was not tried: of what a policy says about it nothing is known."""


class ContextState(NamedTuple):
    """One possible state of the keys of a dimension."""

    values: tuple[tuple[str, Values], ...]
    mode: int = 0
    ordinary: bool = True
    carrying_actions: int | None = None
    """The actions whose calls can be in this state; None for all."""
    relay: tuple[str, ...] | None = None
    """The services that make the call for the caller, if any do: each was called by the one before."""
    is_global: bool = True
    """False in a Region in which the global services are not."""

    @property
    def is_for_all(self) -> bool:
        """Whether calls of every action can be in this state."""
        return self.carrying_actions is None and self.is_global


class Dimension(NamedTuple):
    """Keys that hang together, and the context states that the policies' clauses tell apart."""

    name: str
    context_states: tuple[ContextState, ...]


class Setting(NamedTuple):
    """What the context states depend on besides the policies."""

    own: Own
    now: float
    """The time of the check, in seconds since 1970."""
    undocumented_keys_present: bool = False
    """Whether keys of which nothing is known count as chosen by the holder; asked both ways."""
    plain_http: bool = False
    """Whether calls without TLS count, too."""
    stranger: bool = False
    """Whether the caller is somebody of whom no policy knows, who may choose only what is not an identity."""
    of_service: bool = False
    """Whether the caller is an AWS service with its own principal, as trust policies name it."""
    role_session: bool = False
    """Whether the caller certainly uses a role's session, as the holder of a permission set does."""
    permission_set: bool = False
    """Whether that role is one that Identity Center keeps for a permission set."""
    not_handed_over: tuple[str, ...] = ()
    """How keys begin that sessions cannot be given, as the leave for it is missing."""
    tried: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """For some keys, values to try besides those that the policies name."""

    def fill(self, text: str) -> str:
        """Put the own partition and account and the time in place of their names in braces."""
        return self.own.fill(text).replace("{now}", f"{self.now:.0f}") if "{" in text else text


# Lists of values for the keys that a request carries several of, as far as conditions tell lists apart.
#
# A list grows at its end. What a clause says of the longer list follows from what it said of the shorter one
# and says of the value that is added. So of lists of which all clauses say the same, only the first has to
# grow on: nothing new comes of the others.
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


def representatives(clauses: Sequence[Clause], values: Collection[str]) -> Lists:
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
