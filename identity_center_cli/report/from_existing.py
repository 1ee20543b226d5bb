"""A report of what an instance holds, as it was read from its API."""

from collections.abc import Iterator
from typing import Final, Literal

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.objects import GROUP, USER, Assignment, PermissionSet
from identity_center.model.existing.parts import Part

from .contents import DIRECTORY, ELSEWHERE, Account, Grant, Group, OtherAccess, Person, Report, Seen, Strength
from .contents import PermissionSet as ReportedSet
from .existing_sets import judged_sets
from .from_model import names_and_units

_NOT_READ: Final = "not all of its policies were read"


def report_of_existing(existing: Existing) -> Report:
    """Report who can reach what in an instance; what was not read is a note."""
    names, units = names_and_units(existing.organisation)
    reached = {each.account_id for each in existing.assignments}
    return Report(
        title="Access in Identity Center",
        about=f"What {existing.instance_arn} held on {existing.read_from[:10]}",
        people=(*_people(existing), *_gone_people(existing)),
        groups=(*_groups(existing), *_gone_groups(existing)),
        permission_sets=tuple(_sets(existing)),
        accounts=tuple(
            Account(each, names.get(each), units.get(each)) for each in sorted({*reached, *names})
        ),
        grants=tuple(_grants(existing)),
        others=tuple(sorted(_others(existing))),
        notes=tuple(f"not read: {each}" for each in existing.unread),
    )


def _people(existing: Existing) -> Iterator[Person]:
    for each in existing.users:
        kept_in = ELSEWHERE if each.external_ids else DIRECTORY
        yield Person(each.id, each.display_name or each.user_name or each.id, each.user_name or None, kept_in)


def _groups(existing: Existing) -> Iterator[Group]:
    for each in existing.groups:
        yield Group(
            each.id,
            each.name or each.id,
            tuple(user for user in existing.members_of.get(each.id, ()) if user in existing.user_of),
            ELSEWHERE if each.external_ids else DIRECTORY,
            members_known=existing.knows(Part.MEMBERSHIPS, each.id),
        )


def _missing(existing: Existing, kind: str) -> list[str]:
    """Return ids that are assigned and that the directory does not have, or did not show."""
    known = existing.user_of if kind == USER else existing.group_of
    ids = {each.principal_id for each in existing.assignments if each.principal_type == kind}
    return sorted(ids - known.keys())


def _unnamed(existing: Existing, kind: str, principal_id: str) -> str:
    words = "gone from the directory" if existing.is_gone(kind, principal_id) else "not read"
    return f"{principal_id} ({words})"


def _gone_people(existing: Existing) -> Iterator[Person]:
    return (Person(each, _unnamed(existing, USER, each)) for each in _missing(existing, USER))


def _gone_groups(existing: Existing) -> Iterator[Group]:
    for each in _missing(existing, GROUP):
        known = existing.is_gone(GROUP, each)
        yield Group(each, _unnamed(existing, GROUP, each), (), members_known=known)


def _sets(existing: Existing) -> Iterator[ReportedSet]:
    judged = judged_sets(existing)
    for each in existing.permission_sets:
        found = judged.get(each.label)
        if found is None:
            yield ReportedSet(each.arn, each.label, Strength.UNDECIDED, _NOT_READ, (), None, None)
        else:
            session = each.session_duration or None
            yield ReportedSet(
                each.arn, each.label, found.strength, found.why, found.policies, found.boundary, session
            )


def _grants(existing: Existing) -> Iterator[Grant]:
    known: dict[str, PermissionSet] = existing.set_of
    for each in existing.assignments:
        if each.permission_set_arn in known:
            yield Grant(_kind(each), each.principal_id, each.permission_set_arn, each.account_id, Seen.AWS)


def _kind(assignment: Assignment) -> Literal["user", "group"]:
    return "user" if assignment.principal_type == USER else "group"


def _others(existing: Existing) -> Iterator[OtherAccess]:
    for application in existing.applications:
        for each in application.assignments or ():
            who = existing.principal_name(each.principal_type, each.principal_id) or each.principal_id
            yield OtherAccess(who, "application", application.name or application.arn, Seen.AWS)
    for entitlement in existing.entitlements:
        name = existing.principal_name(entitlement.principal_type, entitlement.principal_id)
        yield OtherAccess(name or entitlement.principal_id, "role", entitlement.role_arn, Seen.AWS)
