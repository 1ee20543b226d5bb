"""The configuration as it was written, read as far as it has the right shape.

For checks that look across entries: an entry with one mistake still shows its others in the same run.
"""

from collections.abc import Iterator, Mapping

from .errors import KeyPath

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
