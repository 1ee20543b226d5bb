"""References between the parts of an access model, and things that are there twice.

Both read the configuration as written, so that an entry with one mistake shows its others in the same run.
"""

from collections.abc import Iterable, Iterator, Mapping

from .errors import KeyPath, Mistake
from .nearest import suggestion
from .written import Raw, assignments, entries, items, texts


def reference_mistakes(raw: Raw) -> Iterator[Mistake]:
    """Find every key of a user, group or permission set that the configuration does not have."""
    users = _References("user", entries(raw, "users"))
    groups = _References("group", entries(raw, "groups"))
    sets = _References("permission set", entries(raw, "permissionSets"))
    for key, group in entries(raw, "groups").items():
        yield from users.unknown(items(group, "members"), ("groups", key, "members"))
    for place, assignment in assignments(raw):
        path: KeyPath = ("assignments", place)
        yield from groups.unknown(texts(assignment, "group"), path)
        yield from users.unknown(texts(assignment, "user"), path)
        yield from sets.unknown(items(assignment, "permissionSets"), (*path, "permissionSets"))


#: Comparing a key with thousands takes milliseconds; with more wrong ones something larger is wrong.
_MOST_SUGGESTIONS = 200


class _References:
    """The keys of one kind, and what was proposed for those that are not among them."""

    def __init__(self, kind: str, known: Iterable[str]) -> None:
        self._kind = kind
        self._known = frozenset(known)
        self._remedies: dict[str, str] = {}

    def unknown(self, keys: Iterable[tuple[str | int, str]], path: KeyPath) -> Iterator[Mistake]:
        for place, key in keys:
            if key not in self._known:
                yield Mistake((*path, place), f"no {self._kind} has the key `{key}`", self._remedy(key))

    def _remedy(self, key: str) -> str:
        if key not in self._remedies:
            if len(self._remedies) >= _MOST_SUGGESTIONS:
                return f"declare it, or write the key of a {self._kind} that is declared"
            self._remedies[key] = suggestion(key, self._known, kind=self._kind)
        return self._remedies[key]


def duplicate_mistakes(raw: Raw) -> Iterator[Mistake]:
    """Find names that AWS wants once, also where only the case differs, and items listed twice."""
    for part, field in _UNIQUE:
        yield from _same(part, field, entries(raw, part))
    for part, field in _LISTS:
        for key, entry in entries(raw, part).items():
            yield from _repeated(items(entry, field), (part, key, field))
    for place, assignment in assignments(raw):
        for field in ("permissionSets", "accounts"):
            yield from _repeated(items(assignment, field), ("assignments", place, field))


#: Sources: API reference of CreateUser and CreateGroup (once in a store), CreatePermissionSet (an instance).
_UNIQUE = (("users", "userName"), ("users", "email"), ("groups", "displayName"), ("permissionSets", "name"))
_LISTS = (("groups", "members"), ("permissionSets", "managedPolicies"))


def _same(part: str, field: str, named: Mapping[str, object]) -> Iterator[Mistake]:
    """Name the two keys, not the value: it may be a person's."""
    first: dict[str, str] = {}
    for key, entry in named.items():
        for _, value in texts(entry, field):
            owner = first.setdefault(value.casefold(), key)
            if owner != key:
                yield Mistake(
                    (part, key, field),
                    f"`{owner}` has the same `{field}`, or one that differs in case only",
                    "give each its own: AWS wants it once",
                )


def _repeated(listed: Iterable[tuple[int, str]], path: KeyPath) -> Iterator[Mistake]:
    seen: set[str] = set()
    for index, item in listed:
        if item in seen:
            yield Mistake((*path, index), f"`{item}` is listed twice", "keep it once")
        seen.add(item)
