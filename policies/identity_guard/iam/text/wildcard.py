"""Patterns with `*` and `?`: what they match, and texts that they match.

`*` stands for any text, also the empty one, and `?` for exactly one character (IAM User Guide,
reference_policies_elements_resource and ..._condition_operators). Every function here takes time in
proportion to the lengths of pattern and text at worst multiplied, never more: no regular expression, no
backtracking, so that no pattern can hang a check.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

LITERAL_STAR: Final = "\ue000"
"""What `${*}` becomes: a star that is only a star. The character is of Unicode's private use area."""
LITERAL_QUESTION_MARK: Final = "\ue001"
"""What `${?}` becomes."""
VARIABLE_OPENS: Final = "\ue002"
"""Stands for the `${` of a policy variable whose value is not known: matched only by wildcards or itself."""
VARIABLE_CLOSES: Final = "\ue003"
"""Stands for the `}` of such a variable."""


def has_wildcard(pattern: str) -> bool:
    """Say whether the pattern stands for more than one text."""
    return "*" in pattern or "?" in pattern


def matches(pattern: str, text: str) -> bool:
    """Say whether the pattern matches the whole text, with regard to case."""
    if "*" not in pattern:
        return pattern == text if "?" not in pattern else len(pattern) == len(text) and _same(pattern, text)
    return pattern == "*" or matches_parts(pattern.split("*"), text)


def matches_parts(parts: list[str], text: str) -> bool:
    """Match a pattern that was split at its stars; taking each part as far left as it goes is enough."""
    first, last = parts[0], parts[-1]
    end = len(text) - len(last)
    if len(first) > end or not _starts(first, text, 0) or not _starts(last, text, end):
        return False
    place = len(first)
    for part in parts[1:-1]:
        place = text.find(part, place, end) if "?" not in part else _find(part, text, place, end)
        if place < 0:
            return False
        place += len(part)
    return True


class Glob:
    """A pattern taken apart once, to be compared with many texts."""

    __slots__ = ("parts", "pattern", "shortest")

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.parts = pattern.split("*")
        self.shortest = len(pattern) - len(self.parts) + 1

    def matches(self, text: str) -> bool:
        """Say whether the pattern matches the whole text."""
        if len(text) < self.shortest:
            return False
        return matches_parts(self.parts, text) if len(self.parts) > 1 else matches(self.pattern, text)


def matches_any(patterns: Iterable[str], text: str) -> bool:
    """Say whether at least one of the patterns matches."""
    for pattern in patterns:  # noqa: SIM110 - a generator would take as long as the comparisons
        if matches(pattern, text):
            return True
    return False


def _same(pattern: str, text: str) -> bool:
    """Compare two texts of one length, the first of which may hold `?`."""
    place = 0
    for piece in pattern.split("?"):
        if not text.startswith(piece, place):
            return False
        place += len(piece) + 1
    return True


def _starts(part: str, text: str, place: int) -> bool:
    if "?" not in part:
        return text.startswith(part, place)
    return _same(part, text[place : place + len(part)])


def _find(part: str, text: str, place: int, end: int) -> int:
    """Find the first place from which a part with `?` matches, or -1."""
    anchor = max(part.split("?"), key=len)
    if not anchor:
        return place if place + len(part) <= end else -1
    offset = part.index(anchor)
    while True:
        found = text.find(anchor, place + offset, end)
        if found < 0 or found - offset + len(part) > end:
            return -1
        place = found - offset
        if _same(part, text[place : place + len(part)]):
            return place
        place += 1


def is_everything(pattern: str) -> bool:
    """Say whether the pattern matches every text that is not empty: `*`, `**`, `?*`."""
    return "*" in pattern and pattern.count("?") <= 1 and not pattern.strip("*?")


@lru_cache(maxsize=4096)
def instance(pattern: str, filler: str) -> str:
    """Return a text that the pattern matches, with the filler in place of each run of wildcards."""
    parts: list[str] = []
    place = 0
    while place < len(pattern):
        if pattern[place] not in "*?":
            parts.append(pattern[place])
            place += 1
            continue
        end = place
        while end < len(pattern) and pattern[end] in "*?":
            end += 1
        run = pattern[place:end]
        needed = run.count("?")
        parts.append(filler.ljust(needed, "x") if "*" in run else filler[:needed].ljust(needed, "x"))
        place = end
    return "".join(parts)


MOST_COMMON: Final = 20_000
"""How many places in patterns that are put together are looked at; beyond, it is not said what they share."""

_Places = tuple[int, ...]


_END: Final = ""


class Common(NamedTuple):
    """What patterns have in common."""

    text: str | None
    """A text that all match; None if there is none, or finding one takes too long."""
    looked_at: int
    """How many places in the patterns were looked at: what finding it takes."""


def common_instance(*patterns: str) -> str | None:
    """Return a text that all patterns match; None if there is none, or finding one takes too long."""
    return common(*patterns).text


@lru_cache(maxsize=4096)
def common(*patterns: str) -> Common:
    """Find a text that all patterns match, and say what that took."""
    literals = [pattern for pattern in patterns if not has_wildcard(pattern)]
    if literals:
        return Common(literals[0] if all(matches(each, literals[0]) for each in patterns) else None, 1)
    start, ends = tuple(0 for _ in patterns), tuple(map(len, patterns))
    signs = [(*pattern, _END) for pattern in patterns]
    # For each place how it was reached, so that nothing is looked at twice: the one before, and what it took.
    reached: dict[_Places, tuple[_Places, str]] = {start: (start, "")}
    waiting = [start]
    for places in waiting:
        if places == ends:
            return Common(_written(reached, places), len(reached))
        for after, text in _next(signs, places):
            if after not in reached:
                reached[after] = (places, text)
                waiting.append(after)
        if len(reached) > MOST_COMMON:
            break
    return Common(None, len(reached))


def _next(signs: Sequence[Sequence[str]], places: _Places) -> list[tuple[_Places, str]]:
    """Return how patterns go on together: behind a star without a character, or all with the same one."""
    found: list[tuple[_Places, str]] = []
    moved: list[int] = []
    taken, clash = "", False
    for number, place in enumerate(places):
        sign = signs[number][place]
        if sign == "*":
            found.append(((*places[:number], place + 1, *places[number + 1 :]), ""))
            moved.append(place)
            continue
        moved.append(place + 1)
        if sign != "?":
            clash = clash or sign == _END or taken not in ("", sign)
            taken = sign
    if not clash and len(found) < len(places):
        found.append((tuple(moved), taken or "x"))
    return found


def _written(reached: dict[_Places, tuple[_Places, str]], end: _Places) -> str:
    pieces: list[str] = []
    while any(end):
        end, text = reached[end]
        pieces.append(text)
    return "".join(reversed(pieces))
