"""What AWS has differs from what the code says: named thing by thing, and never taken for equal unread."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from .existing import Existing
from .parts import NOT_ASKED, Part, Unread
from .things import FROM_ELSEWHERE, OF_A_SET, PART_OF, Facts, Kind, Thing, things_of


class Difference(Enum):
    """How a thing differs; the value is what people read."""

    MISSING = "in the code and not in AWS"
    EXTRA = "in AWS and not in the code"
    CHANGED = "changed"
    UNASSIGNED = "provisioned and not assigned"
    OUTDATED = "an older form of the set is in the account"
    GONE = "assigned to a principal that is gone"


@dataclass(frozen=True, slots=True)
class Drifted:
    """One thing that is not as the code says."""

    difference: Difference
    thing: Thing
    wanted: str = ""
    """The value in the code, for what has one."""
    found: str = ""
    """The value in AWS."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Everything that differs, and what was not compared."""

    rows: tuple[Drifted, ...]
    not_compared: tuple[Unread, ...]

    @property
    def unreadable(self) -> tuple[Unread, ...]:
        """What could not be read, apart from what nobody asked for."""
        return tuple(each for each in self.not_compared if each.why != NOT_ASKED)


def compare(wanted: Facts, existing: Existing) -> Drift:
    """Compare what the code says with what an instance holds.

    Members are compared of the groups that the code makes, parts of the permission sets that both have. Users
    and groups that a directory brings (they have an external id) are nobody's to write here.
    """
    found = things_of(existing)
    rows = [*_differences(wanted, found, existing), *_standing(existing)]
    rows.sort(key=lambda row: (list(Difference).index(row.difference), row.thing.kind.value, row.thing.names))
    return Drift(tuple(rows), (*existing.unread, *existing.not_seen))


def _differences(wanted: Facts, found: Facts, existing: Existing) -> Iterator[Drifted]:
    known = _Known(existing)
    brought, gone = _brought(existing), set(_gone(existing))
    for thing in wanted.keys() | found.keys():
        if not known.compares(thing):
            continue
        if thing not in found:
            if not _part_of_absent_set(thing, found):
                yield Drifted(Difference.MISSING, thing, wanted=wanted[thing])
        elif thing in wanted:
            if wanted[thing] not in (found[thing], FROM_ELSEWHERE):
                yield Drifted(Difference.CHANGED, thing, wanted[thing], found[thing])
        elif thing not in brought and thing not in gone and _concerns(thing, wanted):
            yield Drifted(Difference.EXTRA, thing, found=found[thing])


class _Known:
    """What of an instance was read well enough to compare it."""

    def __init__(self, existing: Existing) -> None:
        self._existing = existing
        self._arn_of = {each.label: each.arn for each in existing.permission_sets}

    def compares(self, thing: Thing) -> bool:
        """Tell whether all that decides about a thing was read."""
        knows = self._existing.knows
        if thing.kind in OF_A_SET:
            return knows(PART_OF[thing.kind], self._arn_of.get(thing.names[0], ""))
        if thing.kind is Kind.ASSIGNMENT:
            of = self._arn_of.get(thing.names[0], "")
            return knows(Part.ASSIGNMENTS, of) and knows(Part.PROVISIONING, of) and self._people()
        if thing.kind in (Kind.APPLICATION_ASSIGNMENT, Kind.ENTITLEMENT):
            return knows(PART_OF[thing.kind]) and self._people()
        return knows(PART_OF[thing.kind]) and (thing.kind is not Kind.MEMBER or self._people())

    def _people(self) -> bool:
        """Names of principals are known only where all of them were read."""
        return self._existing.knows(Part.USERS) and self._existing.knows(Part.GROUPS)


def _part_of_absent_set(thing: Thing, found: Facts) -> bool:
    """Of a set that is not there, its parts are not told again."""
    return thing.kind in OF_A_SET and Thing(Kind.PERMISSION_SET, thing.names[:1]) not in found


def _concerns(thing: Thing, wanted: Facts) -> bool:
    """Tell whether the code says all of what this extra thing belongs to."""
    if thing.kind in OF_A_SET:
        return wanted.get(Thing(Kind.PERMISSION_SET, thing.names[:1])) == ""
    if thing.kind is Kind.MEMBER:
        return wanted.get(Thing(Kind.GROUP, thing.names[:1])) == ""
    return True


def _brought(existing: Existing) -> set[Thing]:
    users = {Thing(Kind.USER, (each.user_name or each.id,)) for each in existing.users if each.external_ids}
    return users | {
        Thing(Kind.GROUP, (each.name or each.id,)) for each in existing.groups if each.external_ids
    }


def _gone(existing: Existing) -> Iterator[Thing]:
    for each in existing.gone_assignments():
        one = existing.set_of.get(each.permission_set_arn)
        label = one.label if one else each.permission_set_arn
        yield Thing(Kind.ASSIGNMENT, (label, each.account_id, each.principal_type, each.principal_id))


def _standing(existing: Existing) -> Iterator[Drifted]:
    """Yield what is wrong whatever the code says."""
    for gone in _gone(existing):
        yield Drifted(Difference.GONE, gone)
    held = {(each.permission_set_arn, each.account_id) for each in existing.assignments}
    for one in existing.permission_sets:
        for role in one.provisioned or ():
            thing = Thing(Kind.PERMISSION_SET, (one.label, role.account_id))
            if role.outdated:
                yield Drifted(Difference.OUTDATED, thing)
            unseen = not existing.knows(Part.ASSIGNMENTS, one.arn)
            if (one.arn, role.account_id) not in held and not unseen:
                yield Drifted(Difference.UNASSIGNED, thing)
