"""The known name that a misspelt one most likely means."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name closest to `name`, one that differs in case only first, or None."""
    candidates = list(known)
    folded = name.casefold()
    for candidate in candidates:
        if candidate.casefold() == folded:
            return candidate
    matches = get_close_matches(name, candidates, n=1, cutoff=0.6)
    return matches[0] if matches else None


def suggestion(name: str, known: Iterable[str], *, kind: str) -> str:
    """Say what to write instead of `name`: the nearest known one, else the known ones, if there are any."""
    candidates = sorted(set(known))
    closest = nearest(name, candidates)
    if closest is not None:
        return f"did you mean `{closest}`?"
    if not candidates:
        return f"no {kind} is declared"
    shown = ", ".join(f"`{candidate}`" for candidate in candidates[:_SHOWN])
    more = f" and {len(candidates) - _SHOWN} more" if len(candidates) > _SHOWN else ""
    return f"known: {shown}{more}"


#: A list longer than this no longer helps the reader of one line.
_SHOWN = 8
