"""Applications and roles that somebody is given twice: removing one of the two would take nothing away."""

from collections.abc import Iterable, Iterator
from datetime import date

from .declaration import AccessDeclaration
from .errors import KeyPath, Mistake
from .principals import GrantEntry
from .terms import has_expired


def repeated_grant_mistakes(declared: AccessDeclaration, day: date) -> Iterator[Mistake]:
    """Find the same principal twice for one application, or for one role, among what has not expired.

    The declaration is the whole one, so that places in its lists are those of the file.
    """
    for key, application in declared.applications.items():
        path: KeyPath = ("applications", key, "assignments")
        listed = enumerate(application.assignments)
        yield from _repeated(
            ((*path, place), place, entry, "it") for place, entry in listed if not has_expired(entry, day)
        )
    entitlements = declared.account_access.entitlements if declared.account_access else ()
    path = ("accountAccess", "entitlements")
    yield from _repeated(
        ((*path, place, "roles", index), place, entry, role)
        for place, entry in enumerate(entitlements)
        if not has_expired(entry, day)
        for index, role in enumerate(entry.roles)
    )


def _repeated(given: Iterable[tuple[KeyPath, int, GrantEntry, str]]) -> Iterator[Mistake]:
    first: dict[tuple[str, str, str], int] = {}
    for path, place, entry, what in given:
        kind = entry.principal_type.value.lower()
        # Twice in one entry is a mistake of its list, told already.
        if first.setdefault((kind, entry.principal, what), place) != place:
            yield Mistake(path, f"{kind} `{entry.principal}` has {what} already", "keep one of the two")
