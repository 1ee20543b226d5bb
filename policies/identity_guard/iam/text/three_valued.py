"""Truth values of which one is None: not known."""

from collections.abc import Iterable


def any_of(truths: Iterable[bool | None]) -> bool | None:
    """Say whether one holds: True settles it, and without one, None leaves it open."""
    result: bool | None = False
    for truth in truths:
        if truth:
            return True
        result = None if truth is None else result
    return result


def all_of(truths: Iterable[bool | None]) -> bool | None:
    """Say whether all hold: False settles it, and without one, None leaves it open."""
    result: bool | None = True
    for truth in truths:
        if truth is False:
            return False
        result = None if truth is None else result
    return result


def negated(truth: bool | None) -> bool | None:  # noqa: FBT001 - a truth value is what it is about
    """Return the opposite; of what is not known, nothing is."""
    return None if truth is None else not truth
