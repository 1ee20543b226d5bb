"""Everything that an instance holds, and what of it was not read: never half an answer."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property

from pydantic import Field

from identity_center.model.organisation.organisation import AccountState, MemberAccount, Organisation
from identity_center.model.organisation.organisation import Unit as OrganisationUnit

from .objects import (
    USER,
    AccountAccess,
    Application,
    Assignment,
    Attribute,
    Entitlement,
    Group,
    Membership,
    PermissionSet,
    Region,
    User,
)
from .parts import FOR_REVIEW, NOT_ASKED, Fact, Part, Unread


class Account(Fact):
    """An account of the organisation."""

    id: str
    name: str
    state: str
    unit: str | None = None
    tags: dict[str, str] | None = None
    """None where they were not read."""


class Unit(Fact):
    """An organisational unit, or the root."""

    id: str
    name: str
    parent: str | None = None


class Existing(Fact):
    """What an instance holds, read from its API between two points in time (UTC, ISO 8601)."""

    region: str
    instance_arn: str
    identity_store_id: str
    owner_account_id: str = ""
    read_from: str
    """When the first answer came: a reading that was resumed has answers as old as this."""
    read_until: str
    management_account_id: str = ""
    """Empty where the organisation was not read."""
    accounts: tuple[Account, ...] = ()
    units: tuple[Unit, ...] = ()
    users: tuple[User, ...] = ()
    groups: tuple[Group, ...] = ()
    memberships: tuple[Membership, ...] = ()
    permission_sets: tuple[PermissionSet, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    applications: tuple[Application, ...] = ()
    account_access: tuple[AccountAccess, ...] = ()
    entitlements: tuple[Entitlement, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    regions: tuple[Region, ...] = ()
    """The primary one among them, wherever they were read."""
    unread: tuple[Unread, ...] = Field(default=())
    last_whole: str = ""
    """Of a reading that went on from an earlier one: when the last one began that asked for everything."""

    @property
    def not_seen(self) -> tuple[Unread, ...]:
        """What a reading that went on from an earlier one cannot have seen."""
        if not self.last_whole:
            return ()
        of = f"principals who came and went since {self.last_whole}, where others have the same set"
        return (Unread(part=Part.ASSIGNMENTS.value, of=of, operation="", why=NOT_ASKED),)

    @property
    def is_for_review(self) -> bool:
        """Whether everything but ids, keys and names was left out."""
        return any(each.why == FOR_REVIEW for each in self.unread)

    @cached_property
    def shared_application_names(self) -> frozenset[str]:
        """The names that several applications have: AWS allows it."""
        counted = Counter(each.name for each in self.applications)
        return frozenset(name for name, count in counted.items() if count > 1)

    def knows(self, part: Part, of: str = "") -> bool:
        """Tell whether a part was read: all of it, or that of one object and all that it has.

        `existing.knows(Part.USERS)` is true only where every user was read.
        """
        return not any(
            each.part == part.value and (not of or not each.of or each.of.split(" in ")[0] == of)
            for each in self.unread
        )

    @cached_property
    def user_of(self) -> dict[str, User]:
        """The users by id."""
        return {user.id: user for user in self.users}

    @cached_property
    def group_of(self) -> dict[str, Group]:
        """The groups by id."""
        return {group.id: group for group in self.groups}

    @cached_property
    def set_of(self) -> dict[str, PermissionSet]:
        """The permission sets by ARN."""
        return {each.arn: each for each in self.permission_sets}

    @cached_property
    def account_of(self) -> dict[str, Account]:
        """The accounts by id."""
        return {account.id: account for account in self.accounts}

    @cached_property
    def members_of(self) -> dict[str, tuple[str, ...]]:
        """Ids of the users of each group that has one."""
        found: dict[str, list[str]] = {}
        for each in self.memberships:
            found.setdefault(each.group_id, []).append(each.user_id)
        return {group: tuple(sorted(users)) for group, users in found.items()}

    def principal_name(self, kind: str, principal_id: str) -> str | None:
        """Return a principal's name; the id where it has none, None where it is gone or was not read."""
        if kind == USER:
            user = self.user_of.get(principal_id)
            return None if user is None else user.user_name or user.id
        group = self.group_of.get(principal_id)
        return None if group is None else group.name or group.id

    def is_gone(self, kind: str, principal_id: str) -> bool:
        """Tell whether a principal is certainly gone: the whole directory was read, and has no such id."""
        part = Part.USERS if kind == USER else Part.GROUPS
        return self.knows(part) and self.principal_name(kind, principal_id) is None

    def gone_assignments(self) -> Iterator[Assignment]:
        """Yield the assignments of principals that are gone: they let nobody in, until an id comes back."""
        return (each for each in self.assignments if self.is_gone(each.principal_type, each.principal_id))

    @cached_property
    def organisation(self) -> Organisation | None:
        """The organisation as targets are resolved in it; None where it was not read."""
        if not self.knows(Part.ORGANISATION):
            return None
        accounts = [
            MemberAccount(each.id, each.name, AccountState.of(each.state), each.unit, each.tags)
            for each in self.accounts
        ]
        units = [OrganisationUnit(unit.id, unit.name, unit.parent) for unit in self.units]
        return Organisation.of(self.management_account_id, accounts, units)


def accounts_and_units(organisation: Organisation) -> tuple[tuple[Account, ...], tuple[Unit, ...]]:
    """Keep an organisation as facts, sorted by id."""
    accounts = sorted((organisation.accounts or {}).values(), key=lambda each: each.account_id)
    units = sorted(organisation.units.values(), key=lambda each: each.unit_id)
    return (
        tuple(
            Account(
                id=each.account_id,
                name=each.name,
                state=each.state.value,
                unit=each.unit_id,
                tags=None if each.tags is None else dict(each.tags),
            )
            for each in accounts
        ),
        tuple(Unit(id=each.unit_id, name=each.name, parent=each.parent_id) for each in units),
    )


def sorted_unread(unread: Iterable[Unread]) -> tuple[Unread, ...]:
    """Order what is not known, each once."""
    return tuple(sorted(set(unread), key=lambda each: (each.part, each.of, each.operation, each.why)))
