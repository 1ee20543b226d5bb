"""Permission sets with all that they take from others: defaults, and the sets that they extend.

Nearest wins: what a set says itself, then what it extends, then the defaults. Lists and tags are joined.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.language.keys.key_facts import Joined, keys_of
from identity_center.model.language.keys.values import DEFAULT_SESSION
from identity_center.model.language.permission_sets import PermissionSetEntry, PermissionSetParameters
from identity_center.model.mistakes import KeyPath, Mistake

from .written_keys import Raw, entries


def cycle_mistakes(raw: Raw) -> Iterator[Mistake]:
    """Find permission sets that extend themselves, one mistake for each circle."""
    sets = entries(raw, "permissionSets")
    extends = {key: entry.get("extends") for key, entry in sets.items() if isinstance(entry, dict)}
    parents = {key: text for key, text in extends.items() if isinstance(text, str)}
    told: set[str] = set()
    for key in parents:
        circle = _circle(key, parents)
        if circle and not told & set(circle):
            told |= set(circle)
            way = " -> ".join(f"`{name}`" for name in (*circle, circle[0]))
            path: KeyPath = ("permissionSets", circle[0], "extends")
            yield Mistake(path, f"extends itself: {way}", "remove one of these `extends`")


def _circle(key: str, parents: Mapping[str, str]) -> list[str]:
    """Return the keys of the circle that `key` is in, beginning with it; none where it is in none."""
    seen = [key]
    current = parents.get(key)
    while current is not None and current not in seen:
        seen.append(current)
        current = parents.get(current)
    return seen if current == key else []


def resolved_sets(declared: AccessDeclaration) -> dict[str, PermissionSetEntry]:
    """Return every permission set with all its parameters; none extends another any more.

    Sets in a circle, or that extend one with a mistake, keep what can be found.
    """
    defaults = declared.permission_set_defaults or PermissionSetParameters()
    found: dict[str, PermissionSetEntry] = {}
    for key in declared.permission_sets:
        line: list[PermissionSetParameters] = []
        names: list[str] = []
        current: str | None = key
        while current in declared.permission_sets and current not in names:
            names.append(current)
            entry = declared.permission_sets[current]
            line.append(entry)
            current = entry.extends
        found[key] = _together(declared.permission_sets[key], [*line, defaults])
    return found


def _together(entry: PermissionSetEntry, line: list[PermissionSetParameters]) -> PermissionSetEntry:
    said: dict[str, object] = {"extends": None}
    for key in keys_of(PermissionSetParameters):
        values = [getattr(part, key.name) for part in line]
        if key.fact(Joined) is None:
            said[key.name] = next((value for value in values if value is not None), None)
        else:
            said[key.name] = _joined(values)
    said["session_duration"] = said["session_duration"] or DEFAULT_SESSION
    return entry.model_copy(update=said)


def _joined(values: Sequence[Any]) -> object:
    """Put lists or mappings together: of two values of one name the nearest stays, the first."""
    if isinstance(values[0], Mapping):
        return {name: each for value in reversed(values) for name, each in value.items()}
    return tuple(dict.fromkeys(item for value in values for item in value))
