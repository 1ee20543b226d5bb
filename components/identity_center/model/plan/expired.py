"""Which resources of a stack are access that has ended: what a run at that time takes away."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from identity_center.model.language.assignments import GrantEntry
from identity_center.model.language.clock import Clock
from identity_center.model.language.keys.values import assignment_name, entitlement_name, grantee_name
from identity_center.model.mistakes import KeyPath
from identity_center.model.reading.load import Loaded

from .planned import APPLICATION_ASSIGNMENT, ASSIGNMENT, ENTITLEMENT, Id

_Names = Iterator[tuple[KeyPath, GrantEntry, Id]]


@dataclass(frozen=True)
class Over:
    """One permission set, application or role that somebody had until a time."""

    path: KeyPath
    """Where its entry stands in the model."""
    end: date
    """The last day, or the moment."""
    resource: Id
    """The resource; of an assignment, its name without the account."""

    def is_of(self, resource: Id) -> bool:
        """Tell whether a resource of the stack is this access."""
        key = resource.key.rpartition("/")[0] if resource.type == ASSIGNMENT else resource.key
        return self.resource == Id(resource.type, key)


def over(loaded: Loaded, clock: Clock) -> list[Over]:
    """Return the access that has ended, of a model with all its entries."""
    named = (*_assignments(loaded), *_applications(loaded), *_entitlements(loaded))
    return [
        Over(path, entry.expires, resource)
        for path, entry, resource in named
        if entry.expires is not None and clock.is_past(entry.expires)
    ]


def _assignments(loaded: Loaded) -> _Names:
    for place, entry in zip(loaded.assignment_places, loaded.declaration.assignments, strict=True):
        for key in entry.permission_sets:
            name = assignment_name(key, entry.principal_type, entry.principal, "").removesuffix("/")
            yield ("assignments", place), entry, Id(ASSIGNMENT, name)


def _applications(loaded: Loaded) -> _Names:
    for key, application in loaded.declaration.applications.items():
        for place, entry in enumerate(application.assignments):
            name = grantee_name(key, entry.principal_type, entry.principal)
            yield ("applications", key, "assignments", place), entry, Id(APPLICATION_ASSIGNMENT, name)


def _entitlements(loaded: Loaded) -> _Names:
    access = loaded.declaration.account_access
    for place, entry in enumerate(access.entitlements if access else ()):
        for role in entry.roles:
            name = entitlement_name(role, entry.principal_type, entry.principal)
            yield ("accountAccess", "entitlements", place), entry, Id(ENTITLEMENT, name)
