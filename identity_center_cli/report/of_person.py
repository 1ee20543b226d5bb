"""What one person is granted, of all that a report holds."""

from collections.abc import Iterable
from dataclasses import dataclass

from identity_center.model.mistakes import suggestion

from .contents import Group, Person, Report

Role = tuple[str, str]
"""An account's number, and a permission set's name."""


class UnknownPersonError(ValueError):
    """Nobody is called so."""


@dataclass(frozen=True)
class AccessOfPerson:
    """The roles of one person."""

    person: Person
    granted: frozenset[Role]
    unknown_groups: tuple[Group, ...]
    """Groups that may have the person in them: their members are kept elsewhere."""
    by_unknown_groups: frozenset[Role]
    """What these give."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Say which groups these are."""
        return tuple(
            f"whether they are in group {group.name} is not known: its members are kept elsewhere"
            for group in self.unknown_groups
        )


def access_of(report: Report, wanted: str) -> AccessOfPerson:
    """Return the access of a person by key, user name or display name. Raises UnknownPersonError."""
    person = _find(report.people, wanted)
    groups = [group for group in report.groups if person.key in group.members]
    unknown = tuple(group for group in report.groups if not group.members_known and group not in groups)
    return AccessOfPerson(
        person,
        roles_of(report, {person.key, *(group.key for group in groups)}),
        unknown,
        roles_of(report, {group.key for group in unknown}),
    )


def roles_of(report: Report, principals: set[str] | None) -> frozenset[Role]:
    """Return what some people and groups are granted, by their keys; all of it where none are named."""
    names = {each.key: each.name for each in report.permission_sets}
    return frozenset(
        (grant.account, names[grant.permission_set])
        for grant in report.grants
        if principals is None or grant.principal in principals
    )


def _find(people: Iterable[Person], wanted: str) -> Person:
    by_name: dict[str, list[Person]] = {}
    for person in people:
        for name in {person.key, person.name, person.user_name} - {None}:
            by_name.setdefault(str(name).casefold(), []).append(person)
    found = by_name.get(wanted.casefold(), [])
    if len(found) == 1:
        return found[0]
    if found:
        keys = ", ".join(f"`{each.key}`" for each in found)
        raise UnknownPersonError(f"several people are called `{wanted}`; say which: {keys}")
    raise UnknownPersonError(f"nobody is called `{wanted}`; {suggestion(wanted, by_name, kind='person')}")
