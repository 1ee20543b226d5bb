"""The states that a call's context can be in, cut into cells: within one, every condition says the same.

A dimension holds the keys that hang together (MFA and its age, the Region, the caller's address). Its cells
are concrete values, so that every answer can be shown as a call. Cells are grouped into modes: the holder of
a grant chooses the mode, and chance the cell within it. A grant is unrestricted if, in some mode of every
dimension, it holds in all ordinary cells.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from .arn_shapes import Own
from .condition import Values

MOST_VALUES: Final = 48
"""How many values of the policies are tried for one key; what lies beyond is not looked at, and said so."""

OTHER: Final = "other-value-0x7"
"""A value that no policy names."""
UNTRIED: Final[Values] = ("untried-value-0x7",)
"""Stands for all that was not tried: of what a policy says about it nothing is known."""


class Cell(NamedTuple):
    """One possible state of the keys of a dimension."""

    values: tuple[tuple[str, Values], ...]
    mode: int = 0
    ordinary: bool = True
    carriers: int | None = None
    """The actions whose calls can be in this state; None for all."""
    relay: tuple[str, ...] | None = None
    """The services that make the call for the caller, if any do: each was called by the one before."""
    is_global: bool = True
    """False in a Region in which the global services are not."""

    @property
    def is_for_all(self) -> bool:
        """Whether calls of every action can be in this state."""
        return self.carriers is None and self.is_global


class Dimension(NamedTuple):
    """Keys that hang together, and the cells that the policies' clauses tell apart."""

    name: str
    cells: tuple[Cell, ...]


class Setting(NamedTuple):
    """What the cells depend on besides the policies."""

    own: Own
    now: float
    """The time of the check, in seconds since 1970."""
    hopeful: bool = False
    """Whether keys of which nothing is known count as chosen by the holder; asked both ways."""
    plain_http: bool = False
    """Whether calls without TLS count, too."""
    stranger: bool = False
    """Whether the caller is somebody of whom no policy knows, who may choose only what is not an identity."""
    tried: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """For some keys, values to try besides those that the policies name."""

    def fill(self, text: str) -> str:
        """Put the own partition and account and the time in place of their names in braces."""
        return self.own.fill(text).replace("{now}", f"{self.now:.0f}") if "{" in text else text
