"""The accounts and units of the organisation, as far as the credentials of the run may see them."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import TypeVar

from identity_center.model.mistakes import UnansweredError, nearest


class AccountState(Enum):
    """Whether an account can be assigned to. Source: Organizations, shape AccountState; others cannot."""

    ACTIVE = "ACTIVE"
    """In use."""
    OTHER = "OTHER"
    """Suspended, closed, about to be, or not yet activated."""

    @classmethod
    def of(cls, text: str) -> "AccountState":
        """Read a state, or a status, as the Organizations API gives it."""
        return cls.ACTIVE if text == cls.ACTIVE.value else cls.OTHER


class UnreadOrganisationError(UnansweredError):
    """AWS did not say all that is needed of the organisation."""


@dataclass(frozen=True)
class MemberAccount:
    """One account of the organisation."""

    account_id: str
    name: str
    state: AccountState
    unit_id: str | None = None
    """The unit, or the root, that it is in; None where that was not read."""
    tags: Mapping[str, str] | None = None
    """None where they were not read."""


@dataclass(frozen=True)
class Unit:
    """An organisational unit, or the root."""

    unit_id: str
    """`ou-…`, or `r-…` for the root."""
    name: str
    parent_id: str | None
    """None for the root."""


class PolicyKind(Enum):
    """The kinds of organization policies that limit what may be done (Organizations, shape PolicyType)."""

    SCP = "SERVICE_CONTROL_POLICY"
    """Limits the principals of the accounts that it is above."""
    RCP = "RESOURCE_CONTROL_POLICY"
    """Limits what may be done to the resources of those accounts."""


@dataclass(frozen=True)
class LimitingPolicy:
    """One service control policy, or resource control policy."""

    policy_id: str
    name: str
    kind: PolicyKind
    text: str
    """The document, as JSON."""
    targets: frozenset[str]
    """Ids of the root, units and accounts that it is attached to."""


@dataclass(frozen=True)
class LimitingPolicies:
    """The service control policies and resource control policies of an organisation."""

    enabled: frozenset[PolicyKind]
    """The kinds that are in force; of the others nothing is read."""
    policies: tuple[LimitingPolicy, ...]

    def attached_to(self, target: str, kind: PolicyKind) -> tuple[LimitingPolicy, ...]:
        """Return the policies of a kind that are attached to a root, a unit or an account itself."""
        return tuple(each for each in self.policies if each.kind is kind and target in each.targets)


_Key = TypeVar("_Key", bound=Hashable)


def _grouped(pairs: Iterable[tuple[_Key, str]]) -> dict[_Key, tuple[str, ...]]:
    found: dict[_Key, list[str]] = {}
    for key, item in pairs:
        found.setdefault(key, []).append(item)
    return {key: tuple(items) for key, items in found.items()}


@dataclass(frozen=True)
class Organisation:
    """What the Organizations API says of the accounts, now or when a snapshot was taken."""

    management_account_id: str
    accounts: Mapping[str, MemberAccount] | None
    """By id; None where the credentials may not list accounts: then no id can be checked."""
    units: Mapping[str, Unit] = field(default_factory=dict)
    """By id, the root included; none where they were not read."""
    taken_at: datetime | None = None
    """When the snapshot was taken that this comes from; None where AWS was asked in this run."""
    organisation_id: str | None = None
    """`o-…`; None where it was not read."""
    limits: LimitingPolicies | None = None
    """What limits access from above; None where it was not read."""

    @classmethod
    def of(
        cls,
        management_account_id: str,
        accounts: Sequence[MemberAccount],
        units: Sequence[Unit] = (),
        taken_at: datetime | None = None,
    ) -> "Organisation":
        """Make one from lists; a list without the management account was not allowed to be read."""
        by_id = {account.account_id: account for account in accounts}
        known = by_id if management_account_id in by_id else None
        return cls(management_account_id, known, {unit.unit_id: unit for unit in units}, taken_at)

    @property
    def has_units(self) -> bool:
        """Whether the tree of units was read."""
        return bool(self.units)

    @property
    def has_tags(self) -> bool:
        """Whether the tags of all accounts that a selection may reach were read."""
        return self.accounts is not None and all(account.tags is not None for account in self.members)

    @cached_property
    def members(self) -> tuple[MemberAccount, ...]:
        """Every account that a selection may reach: active, and not the management account."""
        return tuple(
            account
            for account in (self.accounts or {}).values()
            if account.state is AccountState.ACTIVE and account.account_id != self.management_account_id
        )

    @cached_property
    def by_name(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of the accounts of each name, in order: AWS lets several have the same."""
        accounts = sorted((self.accounts or {}).items())
        return _grouped((account.name, account_id) for account_id, account in accounts)

    @cached_property
    def unit_paths(self) -> Mapping[str, str]:
        """Path of each unit from the root, by id: `/` for the root, else such as `/Workloads/Production`."""
        return {unit_id: "/" + "/".join(self._names(unit_id)) for unit_id in self.units}

    @cached_property
    def units_by_path(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of the units of each path. Names may hold a `/`, so several may have the same."""
        return _grouped((path, unit_id) for unit_id, path in self.unit_paths.items())

    @cached_property
    def units_by_name(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of the units of each name, wherever they are."""
        return _grouped((unit.name, unit_id) for unit_id, unit in self.units.items())

    @cached_property
    def members_by_unit(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of the members that are in each unit itself."""
        return _grouped((member.unit_id or "", member.account_id) for member in self.members)

    @cached_property
    def members_by_tag(self) -> Mapping[tuple[str, str | None], frozenset[str]]:
        """Ids of the members that have each tag with each value, and with any (None)."""
        pairs = (
            ((key, value), member.account_id)
            for member in self.members
            for key, known in (member.tags or {}).items()
            for value in (known, None)
        )
        return {tag: frozenset(ids) for tag, ids in _grouped(pairs).items()}

    def _names(self, unit_id: str) -> list[str]:
        names: list[str] = []
        seen: set[str] = set()
        unit = self.units.get(unit_id)
        while unit is not None and unit.parent_id is not None and unit.unit_id not in seen:
            seen.add(unit.unit_id)
            names.insert(0, unit.name)
            unit = self.units.get(unit.parent_id)
        return names

    def path_to(self, account_id: str) -> tuple[str, ...] | None:
        """Return the ids from the root down to the unit that an account is in; None where it is not known."""
        account = (self.accounts or {}).get(account_id)
        unit = self.units.get(account.unit_id or "") if account else None
        path: list[str] = []
        while unit is not None and unit.unit_id not in path:
            path.insert(0, unit.unit_id)
            unit = self.units.get(unit.parent_id or "")
        return tuple(path) or None

    @cached_property
    def _children(self) -> Mapping[str, tuple[str, ...]]:
        return _grouped((unit.parent_id or "", unit_id) for unit_id, unit in self.units.items())

    def unit_and_below(self, unit_id: str) -> frozenset[str]:
        """Return the ids of a unit and of all units below it, however deep."""
        found: set[str] = set()
        waiting = [unit_id]
        while waiting:
            current = waiting.pop()
            if current not in found:
                found.add(current)
                waiting.extend(self._children.get(current, ()))
        return frozenset(found)

    def closest_account(self, account_id: str) -> str:
        """Say which account may be meant by an id that the organisation does not have."""
        accounts = self.accounts or {}
        closest = nearest(account_id, accounts)
        if closest is not None:
            return f"did you mean `{closest}` ({accounts[closest].name})?"
        return f"its accounts are listed by `aws organizations list-accounts` ({len(accounts)} of them)"
