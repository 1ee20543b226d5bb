"""What AWS has differs from what the code says: named thing by thing, and never taken for equal unread."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from identity_center.model.language.ignored_drift import Difference

from .details import TAGS
from .existing import Existing
from .owners import owners_of_things
from .parts import FOR_REVIEW, NOT_ASKED, Part, Unread, not_asked
from .things import (
    FROM_ELSEWHERE,
    OF_A_SET,
    OWNER_OF,
    PART_OF,
    PERSONAL,
    TEXTS_OF_A_SET,
    Facts,
    Kind,
    Thing,
    thing_of_assignment,
    thing_of_entitlement,
    thing_of_grantee,
    things_of,
)

#: What people read.
WORDS: Final = {
    Difference.MISSING: "in the code and not in AWS",
    Difference.EXTRA: "in AWS and not in the code",
    Difference.CHANGED: "changed",
    Difference.UNASSIGNED: "provisioned and not assigned",
    Difference.OUTDATED: "an older form of the set is in the account",
    Difference.GONE: "assigned to a principal that is gone",
}


@dataclass(frozen=True, slots=True)
class Drifted:
    """One thing that is not as the code says."""

    difference: Difference
    thing: Thing
    wanted: str = ""
    """The value in the code, for what has one; of data of people nobody is told it."""
    found: str = ""
    """The value in AWS."""


@dataclass(frozen=True, slots=True, order=True)
class Owned:
    """Something that the code does not have because somebody else makes it."""

    owner: str
    """In words, such as `Control Tower`."""
    kind: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """Everything that differs, what is left to other owners, and what was not compared."""

    rows: tuple[Drifted, ...]
    not_compared: tuple[Unread, ...]
    owned: tuple[Owned, ...] = ()
    """In AWS, not in the code, and not the code's to have: no difference."""

    @property
    def unreadable(self) -> tuple[Unread, ...]:
        """What could not be read, apart from what nobody asked for."""
        return tuple(each for each in self.not_compared if each.why != NOT_ASKED)


def _never(_thing: Thing) -> bool:
    return False


def compare(wanted: Facts, existing: Existing, in_doubt: Callable[[Thing], bool] = _never) -> Drift:
    """Compare what the code says with what an instance holds.

    What is `in_doubt` the code may want although it does not say so clearly: it is not told as extra. Members
    are compared of the groups that the code makes, parts of the permission sets that both have. What other
    owners make (`owners_of_things`) is nobody's to write here, and is listed by itself.
    """
    found, owners = things_of(existing), owners_of_things(existing)
    rows, owned = list(_standing(existing)), []
    for row in _differences(wanted, found, existing):
        if row.difference is Difference.EXTRA and in_doubt(row.thing):
            continue
        if row.difference is Difference.EXTRA and row.thing in owners:
            owned.append(Owned(owners[row.thing], row.thing.kind.value, row.thing.names))
        else:
            rows.append(row)
    rows.sort(key=lambda row: (list(Difference).index(row.difference), row.thing.kind.value, row.thing.names))
    unsaid = (*existing.unread, *existing.not_seen, *_unsaid(wanted, existing))
    return Drift(tuple(rows), unsaid, tuple(sorted(owned)))


def _unsaid(wanted: Facts, existing: Existing) -> Iterator[Unread]:
    """Name what no reading of this kind says: details left out for review, settings of which of two."""
    if existing.is_for_review:
        for part in sorted({PART_OF[kind].value for kind in _DETAILS}):
            yield Unread(part=part, of="", operation="", why=f"but for names {FOR_REVIEW}")
    for name in sorted(existing.shared_application_names):
        if Thing(Kind.APPLICATION, (name,)) in wanted:
            why = "several have this name, and nobody can tell whose settings are meant"
            yield Unread(part=Part.APPLICATIONS.value, of=name, operation="", why=why)


def _differences(wanted: Facts, found: Facts, existing: Existing) -> Iterator[Drifted]:
    known, gone = _Known(existing), set(_gone(existing))
    for thing in wanted.keys() | found.keys():
        if not known.compares(thing):
            continue
        if thing not in found:
            if not _part_of_absent(thing, found):
                yield _told(Drifted(Difference.MISSING, thing, wanted=wanted[thing]))
        elif thing in wanted:
            if wanted[thing] not in (found[thing], FROM_ELSEWHERE):
                yield _told(Drifted(Difference.CHANGED, thing, wanted[thing], found[thing]))
        elif thing not in gone and _concerns(thing, wanted):
            yield _told(Drifted(Difference.EXTRA, thing, found=found[thing]))


def _told(row: Drifted) -> Drifted:
    """Leave out the values where they are data of people."""
    return Drifted(row.difference, row.thing) if row.thing.kind in PERSONAL else row


#: Their names are known only where all users and groups were read.
_OF_PRINCIPALS: Final = frozenset(
    {Kind.MEMBER, Kind.ASSIGNMENT, Kind.APPLICATION_ASSIGNMENT, Kind.ENTITLEMENT}
)


#: What a snapshot for review leaves out, and what is read with the names otherwise.
_DETAILS: Final = frozenset({*TEXTS_OF_A_SET, *(OWNER_OF.keys() - OF_A_SET)})


class _Known:
    """What of an instance was read well enough to compare it."""

    def __init__(self, existing: Existing) -> None:
        self._existing = existing
        self._arn_of = {each.label: each.arn for each in existing.permission_sets}
        self._group_of = {each.name or each.id: each.id for each in existing.groups}
        self._groups = {each.id for each in existing.groups}
        self._unread_members = {each.of for each in existing.unread if each.part == Part.MEMBERSHIPS.value}
        self._unlisted = {each.part for each in existing.unread if not each.of}

    def compares(self, thing: Thing) -> bool:
        """Tell whether all that decides about a thing was read."""
        part = PART_OF[thing.kind]
        of = self._read_for(thing)
        if thing.kind in _DETAILS and self._existing.is_for_review:
            return False
        if thing.kind is Kind.APPLICATION_SETTING and not self._setting(thing):
            return False
        if thing.kind in (Kind.APPLICATION, Kind.APPLICATION_SETTING):
            return part.value not in self._unlisted
        if thing.kind is Kind.MEMBER and not self._members(thing.names[0]):
            return False
        if thing.kind is Kind.ASSIGNMENT and not self._existing.knows(Part.PROVISIONING, of[0]):
            return False
        known = thing.kind is Kind.MEMBER or all(self._existing.knows(part, each) for each in of)
        return known and (thing.kind not in _OF_PRINCIPALS or self._people())

    def _read_for(self, thing: Thing) -> list[str]:
        """Return what a thing is read with, by ARN; where that is not known, all of the part."""
        if thing.kind in OF_A_SET or thing.kind is Kind.ASSIGNMENT:
            return [self._arn_of.get(thing.names[0], "")]
        if thing.kind is Kind.APPLICATION_ASSIGNMENT:
            # AWS allows several applications of one name.
            named = [
                each.arn for each in self._existing.applications if thing.names[0] in (each.name, each.arn)
            ]
            return named or [""]
        return [""]

    def _setting(self, thing: Thing) -> bool:
        """Tell whether a setting was read: all come with the list of applications, but tags."""
        name, setting = thing.names
        if name in self._existing.shared_application_names:
            return False
        return not setting.startswith(TAGS) or all(
            each.tags is not None for each in self._existing.applications if each.name == name
        )

    def _people(self) -> bool:
        return self._existing.knows(Part.USERS) and self._existing.knows(Part.GROUPS)

    def _members(self, group: str) -> bool:
        """Members are read by group, or else by user: then a user that is not known may be in any group."""
        others = self._groups - {self._group_of.get(group, "")}
        return self._unread_members <= others


def _part_of_absent(thing: Thing, found: Facts) -> bool:
    """Of what is not there, its parts are not told again."""
    return thing.kind in OWNER_OF and Thing(OWNER_OF[thing.kind], thing.names[:1]) not in found


def _concerns(thing: Thing, wanted: Facts) -> bool:
    """Tell whether the code says all of what this extra thing belongs to."""
    if thing.kind is Kind.APPLICATION_SETTING and not _is_free(thing.names[1]):
        # AWS gives these a value where the code gives none.
        return False
    if thing.kind in OWNER_OF:
        return wanted.get(Thing(OWNER_OF[thing.kind], thing.names[:1])) == ""
    if thing.kind is Kind.MEMBER:
        return wanted.get(Thing(Kind.GROUP, thing.names[:1])) == ""
    return True


def _is_free(setting: str) -> bool:
    return setting == "description" or setting.startswith(TAGS)


def _gone(existing: Existing) -> Iterator[Thing]:
    """Yield what was given to principals that are certainly gone: nobody gets in by it."""
    for each in existing.gone_assignments():
        yield thing_of_assignment(existing, each)
    for application in existing.applications:
        for grantee in application.assignments or ():
            if existing.is_gone(grantee.principal_type, grantee.principal_id):
                yield thing_of_grantee(existing, application, grantee)
    for entitled in existing.entitlements:
        if existing.is_gone(entitled.principal_type, entitled.principal_id):
            yield thing_of_entitlement(existing, entitled)


def _standing(existing: Existing) -> Iterator[Drifted]:
    """Yield what is wrong whatever the code says."""
    for gone in _gone(existing):
        yield Drifted(Difference.GONE, gone)
    held = {(each.permission_set_arn, each.account_id) for each in existing.assignments}
    for one in existing.permission_sets:
        for role in one.provisioned or ():
            thing = Thing(Kind.PROVISIONED_SET, (one.label, role.account_id))
            if role.outdated:
                yield Drifted(Difference.OUTDATED, thing)
            unseen = not existing.knows(Part.ASSIGNMENTS, one.arn)
            if (one.arn, role.account_id) not in held and not unseen:
                yield Drifted(Difference.UNASSIGNED, thing)


_PEOPLE: Final = frozenset({Part.USERS, Part.GROUPS})
#: What a part has to be read with so that its things have the names by which they are compared; assignments
#: also need the accounts that targets of the code select.
_NAMED_BY: Final = {
    **dict.fromkeys((PART_OF[kind] for kind in OF_A_SET), frozenset({Part.PERMISSION_SETS})),
    Part.PROVISIONING: frozenset({Part.PERMISSION_SETS, Part.ASSIGNMENTS}),
    Part.ASSIGNMENTS: _PEOPLE | {Part.PERMISSION_SETS, Part.ORGANISATION, Part.ACCOUNT_TAGS},
    Part.MEMBERSHIPS: _PEOPLE,
    Part.APPLICATIONS: _PEOPLE,
    Part.ENTITLEMENTS: _PEOPLE,
}


def read_for(parts: frozenset[Part]) -> frozenset[Part]:
    """Return what has to be read so that these parts can be compared."""
    return parts.union(*(_NAMED_BY.get(part, frozenset()) for part in parts))


def narrowed(drift: Drift, parts: frozenset[Part]) -> Drift:
    """Return what a drift says of some parts; the others are named as not asked for."""
    kinds = {kind for kind, part in PART_OF.items() if part in parts}
    words = {kind.value for kind in kinds}
    named = {each.part for each in drift.not_compared}
    others = {part for part in PART_OF.values() if part not in parts and part.value not in named}
    return Drift(
        tuple(row for row in drift.rows if row.thing.kind in kinds),
        (*drift.not_compared, *(not_asked(part) for part in sorted(others, key=lambda part: part.value))),
        tuple(each for each in drift.owned if each.kind in words),
    )
