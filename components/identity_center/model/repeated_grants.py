"""Applications and roles that somebody is given twice: removing one of the two would take nothing away."""

from collections.abc import Iterable, Iterator

from .declaration import AccessDeclaration
from .errors import KeyPath, Mistake
from .principals import GrantEntry


def repeated_grant_mistakes(declared: AccessDeclaration) -> Iterator[Mistake]:
    """Find the same principal twice for one application, or for one role."""
    for key, application in declared.applications.items():
        listed = enumerate(application.assignments)
        given = [((("applications", key, "assignments", place)), entry, "it") for place, entry in listed]
        yield from _repeated(given)
    entitlements = declared.account_access.entitlements if declared.account_access else ()
    yield from _repeated(
        (("accountAccess", "entitlements", place, "roles", index), entry, role)
        for place, entry in enumerate(entitlements)
        for index, role in enumerate(entry.roles)
    )


def _repeated(given: Iterable[tuple[KeyPath, GrantEntry, str]]) -> Iterator[Mistake]:
    seen: set[tuple[str, str, str]] = set()
    for path, entry, what in given:
        kind = entry.principal_type.value.lower()
        if (kind, entry.principal, what) in seen:
            yield Mistake(path, f"{kind} `{entry.principal}` has {what} already", "keep one of the two")
        seen.add((kind, entry.principal, what))
