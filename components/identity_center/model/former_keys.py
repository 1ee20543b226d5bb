"""Keys that tell things apart, and the keys they had before."""

from collections.abc import Iterator

from .errors import Mistake
from .written import Raw, entries, texts

#: Parts whose entries share one set of keys: an assignment names either by `user` or `group`.
_SHARED = (("users", "externalUsers"), ("groups", "externalGroups"), ("permissionSets",), ("applications",))


def key_mistakes(raw: Raw) -> Iterator[Mistake]:
    """Find keys that two parts share, and former keys that are still, or twice, in use."""
    for parts in _SHARED:
        owners: dict[str, str] = {}
        for part in parts:
            for key in entries(raw, part):
                owner = owners.setdefault(key, part)
                if owner != part:
                    problem = f"`{owner}` has the key `{key}` as well"
                    yield Mistake((part, key), problem, "give one of them another key", at_key=True)
        yield from _former(raw, parts, owners)


def _former(raw: Raw, parts: tuple[str, ...], owners: dict[str, str]) -> Iterator[Mistake]:
    heirs: dict[str, str] = {}
    for part in parts:
        for key, entry in entries(raw, part).items():
            for field, former in texts(entry, "formerly"):
                path = (part, key, field)
                if former in owners:
                    yield Mistake(path, f"`{former}` is still the key of an entry", "remove one of the two")
                elif heirs.setdefault(former, key) != key:
                    problem = f"`{heirs[former]}` was formerly `{former}` too"
                    yield Mistake(path, problem, "keep it where it is true")
