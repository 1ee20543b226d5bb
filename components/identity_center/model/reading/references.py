"""References between the parts of an access model, and things that are there twice.

Both read the configuration as written, so that an entry with one mistake shows its others in the same run.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from identity_center.model.mistakes import KeyPath, Mistake, key_path, nearest, suggestion

# The configuration as it was written, read as far as it has the right shape.
#
# For checks that look across entries: an entry with one mistake still shows its others in the same run.
Raw = Mapping[str, object]


def entries(raw: Raw, part: str) -> Mapping[str, object]:
    """Return the entries of a part that holds them by key; none where it is not a mapping."""
    value = raw.get(part)
    return value if isinstance(value, dict) else {}


def assignments(raw: Raw) -> Iterator[tuple[int, object]]:
    """Yield the assignments with their places in the list; none where it is not a list."""
    yield from enumerate(_listed(raw.get("assignments")))


def grants(raw: Raw) -> Iterator[tuple[KeyPath, object]]:
    """Yield everything by which somebody gets something, with its path."""
    for place, entry in assignments(raw):
        yield ("assignments", place), entry
    for key, application in entries(raw, "applications").items():
        for place, entry in enumerate(_listed(_field(application, "assignments"))):
            yield ("applications", key, "assignments", place), entry
    for place, entry in enumerate(_listed(_field(raw.get("accountAccess"), "entitlements"))):
        yield ("accountAccess", "entitlements", place), entry


def _field(entry: object, field: str) -> object:
    return entry.get(field) if isinstance(entry, dict) else None


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def texts(entry: object, field: str) -> list[tuple[str, str]]:
    """Return the field's name and its text; nothing where it has none."""
    value = entry.get(field) if isinstance(entry, dict) else None
    return [(field, value)] if isinstance(value, str) else []


def items(entry: object, field: str) -> list[tuple[int, str]]:
    """Return the items of the field's list with their places; nothing where it is not a list.

    Numbers are given as texts, since an account id may be one; other items are left out.
    """
    value = entry.get(field) if isinstance(entry, dict) else None
    listed = value if isinstance(value, list) else []
    return [(index, str(item)) for index, item in enumerate(listed) if isinstance(item, str | int)]


Named = Iterable[tuple[str | int, str]]


def reference_mistakes(raw: Raw) -> Iterator[Mistake]:
    """Find every key of a user, group or permission set that the configuration does not have.

    A key that is missing is one mistake, however often it is named.
    """
    users = _References("user", raw, ("users", "externalUsers"))
    groups = _References("group", raw, ("groups", "externalGroups"))
    sets = _References("permission set", raw, ("permissionSets",))
    for key, group in entries(raw, "groups").items():
        users.named(items(group, "members"), ("groups", key, "members"))
    for key, entry in entries(raw, "permissionSets").items():
        sets.named(texts(entry, "extends"), ("permissionSets", key))
    for path, grant in grants(raw):
        groups.named(texts(grant, "group"), path)
        users.named(texts(grant, "user"), path)
        if path[0] == "assignments":
            sets.named(items(grant, "permissionSets"), (*path, "permissionSets"))
    for references in (users, groups, sets):
        yield from references.mistakes()


def not_followed_from(
    shape: Sequence[Mistake], across: Iterable[Mistake], *, complete: bool
) -> Iterator[Mistake]:
    """Leave out what would be right if a mistake of shape were mended: one mistake is told once.

    Where a part is misspelt, is no mapping, or has an unusable key, its keys seem to be missing elsewhere.
    """
    wrong_parts = [str(mistake.path[0]) for mistake in shape if len(mistake.path) == 1]
    lost = {_PARTS.get(part) or _PARTS.get(nearest(part, _PARTS) or "") for part in wrong_parts}
    unusable: dict[str, list[str]] = {}
    for mistake in shape:
        match mistake.path:
            case (str(part), str(key)) if part in _PARTS and mistake.at_key:
                unusable.setdefault(_PARTS[part], []).append(key)
    for mistake in across:
        follows = isinstance(mistake, UnknownKeyMistake) and (
            not complete
            or mistake.kind in lost
            or nearest(mistake.key, unusable.get(mistake.kind, ())) is not None
        )
        if not follows:
            yield mistake


#: What the entries of a part are called.
_PARTS: Mapping[str, str] = {
    "users": "user",
    "externalUsers": "user",
    "groups": "group",
    "externalGroups": "group",
    "permissionSets": "permission set",
}
#: Comparing a key with thousands takes milliseconds; with more wrong ones something larger is wrong.
_MOST_SUGGESTIONS = 200
#: More places than this in one message help nobody.
_SHOWN = 3


@dataclass(frozen=True)
class UnknownKeyMistake(Mistake):
    """A key that is named and not declared."""

    kind: str = ""
    """What has no such key, such as a user."""
    key: str = ""
    """The key that is missing."""


class _References:
    """The keys of one kind, and where others are named."""

    def __init__(self, kind: str, raw: Raw, parts: Sequence[str]) -> None:
        self._kind = kind
        self._known = frozenset(key for part in parts for key in entries(raw, part))
        self._places: dict[str, list[KeyPath]] = {}

    def named(self, keys: Named, path: KeyPath) -> None:
        for place, key in keys:
            if key not in self._known:
                self._places.setdefault(key, []).append((*path, place))

    def mistakes(self) -> Iterator[Mistake]:
        if not self._known and self._places:
            yield self._nothing_declared()
            return
        for number, (key, (first, *others)) in enumerate(self._places.items()):
            if number < _MOST_SUGGESTIONS:
                remedy = suggestion(key, self._known, kind=self._kind)
            else:
                remedy = f"declare it, or write the key of a {self._kind} that is declared"
            problem = f"no {self._kind} has the key `{key}`{_also(others)}"
            yield UnknownKeyMistake(first, problem, remedy, kind=self._kind, key=key)

    def _nothing_declared(self) -> Mistake:
        (key, (first, *_)), *others = self._places.items()
        more = f", nor any of {len(others)} other keys that are named" if others else ""
        problem = f"no {self._kind} has the key `{key}`{more}"
        remedy = f"no {self._kind} is declared"
        return UnknownKeyMistake(first, problem, remedy, kind=self._kind, key=key)


def _also(others: Sequence[KeyPath]) -> str:
    if not others:
        return ""
    shown = ", ".join(key_path(path) for path in others[:_SHOWN])
    more = f" and in {len(others) - _SHOWN} more places" if len(others) > _SHOWN else ""
    return f", which is also named by {shown}{more}"


def duplicate_mistakes(raw: Raw) -> Iterator[Mistake]:
    """Find names that AWS wants once, also where only the case differs, and items listed twice."""
    for part, field in _UNIQUE:
        yield from _same(part, field, entries(raw, part))
    for part, field in _LISTS:
        for key, entry in entries(raw, part).items():
            yield from _repeated(items(entry, field), (part, key, field))
    for path, grant in grants(raw):
        for field in ("permissionSets", "accounts", "roles"):
            yield from _repeated(items(grant, field), (*path, field))


#: Sources: API reference of CreateUser and CreateGroup (once in a store), CreatePermissionSet (an instance).
_UNIQUE = (
    ("users", "userName"),
    ("users", "email"),
    ("externalUsers", "userName"),
    ("externalUsers", "email"),
    ("groups", "displayName"),
    ("externalGroups", "displayName"),
    ("permissionSets", "name"),
)
_LISTS = (
    ("groups", "members"),
    ("permissionSets", "managedPolicies"),
    ("permissionSets", "customerManagedPolicies"),
)


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
