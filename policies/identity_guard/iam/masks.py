"""Sets of actions as integers. None is negative: steps with those take several times as long."""

from collections.abc import Collection, Iterable


def union(masks: Iterable[int]) -> int:
    """Return the union of masks."""
    bits = 0
    for mask in masks:
        bits |= mask
    return bits


def without(mask: int, taken: int) -> int:
    """Return what is left of a mask when another is taken away."""
    return mask ^ (mask & taken)


def mask_of(bits: Collection[int]) -> int:
    """Return the mask of single bits: set byte by byte, as each step with a whole mask copies it."""
    if not bits:
        return 0
    skipped = min(bits) >> 3
    held = bytearray((max(bits) >> 3) - skipped + 1)
    for bit in bits:
        held[(bit >> 3) - skipped] |= 1 << (bit & 7)
    return int.from_bytes(held, "little") << (skipped << 3)
