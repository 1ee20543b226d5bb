"""What of a model somebody has to look at, and by when: reviews, ends, confirmations, exceptions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from identity_center.model.language.assignments import AssignmentEntry, GrantEntry
from identity_center.model.language.clock import Clock, day_of, said
from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.mistakes import NAMESPACE, KeyPath, key_path


class Due(Enum):
    """Why something has to be looked at."""

    REVIEW = "review"
    """`reviewBy` is near or over: is it still needed?"""
    END = "ends"
    """Access ends: whoever still needs it says so."""
    OVER = "is over"
    """Access has ended; its entry can go."""
    CONFIRMATION = "confirm"
    """What somebody saw in the console has to be seen again."""
    EXCEPTION = "exception ends"
    """A finding that somebody answers for until a day."""


@dataclass(frozen=True)
class Look:
    """One entry of a model that somebody has to look at."""

    path: KeyPath
    """Where it stands in the model."""
    why: Due
    by: date
    """A day, or the moment of an end."""
    what: str
    """What it gives and to whom, by keys."""
    owner: str = ""
    ticket: str = ""

    @property
    def entry(self) -> str:
        """How a person names it: `assignments[0]`."""
        return key_path(self.path).removeprefix(f"{NAMESPACE}:")


def looks(declared: AccessDeclaration, places: Iterable[int], clock: Clock) -> list[Look]:
    """Return all that has a date, the earliest first; `places` are those of the assignments in the file.

    The declaration is the whole one, with what has ended.
    """
    found = [look for path, entry in _grants(declared, places) for look in _of_grant(path, entry, clock)]
    found += _beside(declared)
    return sorted(found, key=lambda look: (day_of(look.by), look.entry))


def undated(declared: AccessDeclaration, places: Iterable[int]) -> list[Look]:
    """Return the grants that have neither a review nor an end, so that nobody is ever asked about them."""
    return [
        Look(path, Due.REVIEW, date.max, _whose(path, entry), entry.owner or "", entry.ticket or "")
        for path, entry in _grants(declared, places)
        if entry.review_by is None and entry.expires is None
    ]


def _grants(declared: AccessDeclaration, places: Iterable[int]) -> Iterator[tuple[KeyPath, GrantEntry]]:
    for place, assignment in zip(places, declared.assignments, strict=True):
        yield ("assignments", place), assignment
    for key, application in declared.applications.items():
        for place, entry in enumerate(application.assignments):
            yield ("applications", key, "assignments", place), entry
    for place, entitlement in enumerate(
        declared.account_access.entitlements if declared.account_access else ()
    ):
        yield ("accountAccess", "entitlements", place), entitlement


def _of_grant(path: KeyPath, entry: GrantEntry, clock: Clock) -> Iterator[Look]:
    what = _whose(path, entry)
    owner, ticket = entry.owner or "", entry.ticket or ""
    if entry.expires is not None and clock.is_past(entry.expires):
        yield Look(path, Due.OVER, entry.expires, what, owner, ticket)
        return
    if entry.expires is not None:
        yield Look(path, Due.END, entry.expires, what, owner, ticket)
    if entry.review_by is not None:
        yield Look(path, Due.REVIEW, entry.review_by, what, owner, ticket)


def _whose(path: KeyPath, entry: GrantEntry) -> str:
    return f"{entry.principal_type.value.lower()} {entry.principal}: {_given(path, entry)}"


def _given(path: KeyPath, entry: GrantEntry) -> str:
    if isinstance(entry, AssignmentEntry):
        where = [each if isinstance(each, str) else "selected accounts" for each in entry.accounts]
        return f"{', '.join(entry.permission_sets)} in {', '.join(dict.fromkeys(where))}"
    if path[0] == "applications":
        return f"application {path[1]}"
    return f"roles {', '.join(getattr(entry, 'roles', ()))}"


def _beside(declared: AccessDeclaration) -> Iterator[Look]:
    mfa = declared.mfa_requirement
    if mfa is not None and mfa.valid_until is not None:
        what = "the MFA settings as they were seen in the console"
        yield Look(("mfaRequirement",), Due.CONFIRMATION, mfa.valid_until, what, mfa.confirmed_by or "")
    for place, each in enumerate(declared.policy_exceptions):
        what = f"{each.rule.value} for {each.principal or each.resource}"
        yield Look(("policyExceptions", place), Due.EXCEPTION, each.expires, what, each.owner)


def words(look: Look) -> str:
    """Say what is due: `review by 2027-06-30`."""
    return f"{look.why.value} {'since' if look.why is Due.OVER else 'by'} {said(look.by)}"
