"""The terms of grants at a time: what has expired is taken out, what needs a look is said."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import TypeVar

from identity_center.model.language.assignments import GrantEntry
from identity_center.model.language.clock import Clock, day_of, said
from identity_center.model.mistakes import KeyPath
from identity_center.model.reading.load import Loaded

#: So many days before its end a grant is spoken of, so that whoever still needs it can say so.
NEAR_THE_END = 14


class Subject(Enum):
    """What a notice is about, as several of them are called."""

    EXPIRED = "grants have expired"
    ENDS = "grants end soon"
    REVIEW = "reviews are due"
    NOBODY = "assigned groups have no member"
    OTHER = "notices"


@dataclass(frozen=True)
class Notice:
    """Something that a reader of the run should know, and no mistake."""

    path: KeyPath
    """What it is about."""
    text: str
    """What is so, and what to do. No person is named but by key."""
    is_warning: bool = True
    """Whether something may have to be done about it."""
    subject: Subject = Subject.OTHER
    """Where there are many, those of one kind are told together."""


def in_force(loaded: Loaded, clock: Clock) -> tuple[Loaded, tuple[Notice, ...]]:
    """Leave out what has expired, and say so; say what is near its end or due."""
    declared = loaded.declaration
    listed = zip(loaded.assignment_places, declared.assignments, strict=True)
    assignments = [(("assignments", place), entry) for place, entry in listed]
    notices = list(_notices(assignments, clock))
    applications = {}
    for key, application in declared.applications.items():
        users = [
            (("applications", key, "assignments", place), entry)
            for place, entry in enumerate(application.assignments)
        ]
        notices += _notices(users, clock)
        applications[key] = application.model_copy(update={"assignments": _kept(users, clock)})
    access = declared.account_access
    if access is not None:
        holders = [
            (("accountAccess", "entitlements", place), entry)
            for place, entry in enumerate(access.entitlements)
        ]
        notices += _notices(holders, clock)
        access = access.model_copy(update={"entitlements": _kept(holders, clock)})
    kept = declared.model_copy(
        update={
            "assignments": _kept(assignments, clock),
            "applications": applications,
            "account_access": access,
        }
    )
    places = tuple(path[-1] for path, entry in assignments if not has_expired(entry, clock))
    return replace(loaded, declaration=kept, assignment_places=places), tuple(notices)


def has_expired(entry: GrantEntry, clock: Clock) -> bool:
    """Tell whether the last day of access is over, or the moment of its end has come."""
    return entry.expires is not None and clock.is_past(entry.expires)


_Entry = TypeVar("_Entry", bound=GrantEntry)


def _kept(listed: Iterable[tuple[KeyPath, _Entry]], clock: Clock) -> tuple[_Entry, ...]:
    return tuple(entry for _, entry in listed if not has_expired(entry, clock))


def _notices(listed: Iterable[tuple[KeyPath, GrantEntry]], clock: Clock) -> Iterator[Notice]:
    for path, entry in listed:
        who = f"{entry.principal_type.value.lower()} `{entry.principal}`"
        if entry.expires is not None and clock.is_past(entry.expires):
            yield Notice(
                path,
                f"the access of {who} expired {_on(entry.expires)}, so it is not made any more; "
                "remove the entry, or write a later `expires`",
                subject=Subject.EXPIRED,
            )
            continue
        if entry.expires is not None and (day_of(entry.expires) - clock.day).days <= NEAR_THE_END:
            after = "by the first update after" if isinstance(entry.expires, datetime) else "after"
            yield Notice(
                path,
                f"the access of {who} ends {after} {said(entry.expires)}; "
                "write a later `expires` if it is still needed",
                subject=Subject.ENDS,
            )
        if entry.review_by is not None and entry.review_by < clock.day:
            yield Notice(
                path,
                f"the access of {who} was to be reviewed by {entry.review_by}; "
                "look whether it is still needed, then write the next `reviewBy`",
                subject=Subject.REVIEW,
            )


def _on(end: date) -> str:
    return f"{'at' if isinstance(end, datetime) else 'on'} {said(end)}"
