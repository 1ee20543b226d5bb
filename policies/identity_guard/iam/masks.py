"""Sets of actions as integers. None is negative: steps with those take several times as long."""

from collections.abc import Iterable


def union(masks: Iterable[int]) -> int:
    """Return the union of masks."""
    bits = 0
    for mask in masks:
        bits |= mask
    return bits


def without(mask: int, taken: int) -> int:
    """Return what is left of a mask when another is taken away."""
    return mask ^ (mask & taken)
