"""Property paths as the engine writes them: ``tags.team``, ``tags["a.b"]``, ``groups[0]``, ``groups[*]``."""

import re

_STEP = re.compile(r"""\.?([^.\[\]"]+)|\[(\d+|\*)\]|\["((?:[^"\\]|\\.)*)"\]""")


def steps(path: str) -> list[str]:
    """Take a path apart."""
    return [first or second or third.replace('\\"', '"') for first, second, third in _STEP.findall(path)]


def ignored(path: str, patterns: list[str]) -> bool:
    """Say whether a change at ``path`` lies at or under one of the paths of ``ignoreChanges``."""
    place = steps(path)
    return any(_under(place, steps(pattern)) for pattern in patterns)


def _under(place: list[str], pattern: list[str]) -> bool:
    return len(pattern) <= len(place) and all(
        want in {"*", have} for want, have in zip(pattern, place, strict=False)
    )
