"""One way by which an identity is within reach of another."""

from collections.abc import Callable
from dataclasses import dataclass

from identity_guard.chains.steps import Proof
from identity_guard.chains.ways import Effect


@dataclass(frozen=True, eq=False)
class Take:
    """One way by which some identities are within reach."""

    effect: Effect
    nodes: int
    certain: bool
    way: str
    does: str
    reference: str
    prove: Callable[[int], Proof | None]
    names_caller: bool = False
    """Whether its calls say already who makes them."""
