"""What is kept of a model after an update, for the next run to compare with: keys and ids, no attributes.

Of permission sets the name is kept too, since a new name replaces the set.
"""

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace

from pydantic import Field, ValidationError

from identity_center.model.language.assignments import GrantEntry
from identity_center.model.language.entry import Entry, Items
from identity_center.model.language.keys.values import PrincipalType

from .grant import Grant
from .grants import Access

_FORMAT = 1
_KINDS = {"g": PrincipalType.GROUP.value, "u": PrincipalType.USER.value}
_LETTERS = {kind: letter for letter, kind in _KINDS.items()}


OtherGrant = tuple[str, str, str]
"""Key of an application or ARN of a role, kind of the principal, its key: an application assignment, or a
role entitlement."""


class UnusableRecordError(Exception):
    """A record that this version of the program did not write."""


@dataclass(frozen=True)
class RecordedModel:
    """Who has what, by keys and ids."""

    permission_set_names: Mapping[str, str]
    """By key."""
    members: Mapping[str, frozenset[str] | None]
    """By key of the group: keys of the users in it; None for a group that comes from elsewhere."""
    grants: frozenset[Grant]
    break_glass: frozenset[Grant]
    applications: frozenset[OtherGrant]
    """Key of the application, kind and key of the principal."""
    roles: frozenset[OtherGrant]
    """ARN of the role, kind and key of the principal."""
    break_glass_applications: frozenset[OtherGrant] = frozenset()
    """Those of the applications that are for emergencies."""
    break_glass_roles: frozenset[OtherGrant] = frozenset()
    """Those of the roles."""
    protected_members: frozenset[tuple[str, str]] = frozenset()
    """Key of the group and of the user: memberships that the engine refuses to delete. A version before 0.2
    protected none."""
    protected_users: frozenset[str] = frozenset()
    """Users whom the engine refuses to delete and so to replace: these members, and who holds directly."""

    @classmethod
    def of(cls, access: Access) -> "RecordedModel":
        """Keep what is needed of a model."""
        declared = access.declared
        applications = {
            (key, *_principal(entry)): entry.break_glass
            for key, application in declared.applications.items()
            for entry in application.assignments
        }
        roles = {
            (role, *_principal(entry)): entry.break_glass
            for entry in (declared.account_access.entitlements if declared.account_access else ())
            for role in entry.roles
        }
        kept = cls(
            access.set_names,
            {
                **{key: frozenset(group.members) for key, group in declared.groups.items()},
                **dict.fromkeys(declared.external_groups),
            },
            frozenset(access.grants),
            access.break_glass,
            frozenset(applications),
            frozenset(roles),
            frozenset(held for held, break_glass in applications.items() if break_glass),
            frozenset(held for held, break_glass in roles.items() if break_glass),
        )
        allowed = declared.allow_removals
        released = allowed.break_glass_people if allowed else ()
        return kept.protecting(released)

    def protecting(self, released: Container[str] = ()) -> "RecordedModel":
        """Add whom the engine keeps for the sake of break-glass grants: nobody who is to leave."""
        held = {(grant.kind, grant.principal) for grant in self.break_glass}
        beside = self.break_glass_applications | self.break_glass_roles
        held |= {(kind, principal) for _, kind, principal in beside}
        members = frozenset(
            (group, user)
            for kind, group in held
            if kind == PrincipalType.GROUP.value
            for user in self.members.get(group) or ()
            if user not in released
        )
        users = {user for kind, user in held if kind == PrincipalType.USER.value and user not in released}
        return replace(
            self, protected_members=members, protected_users=frozenset(users | {user for _, user in members})
        )

    def with_assignments(self, names: Iterable[str]) -> "RecordedModel":
        """Add assignments that are there by their resource names, whatever the model says of them."""
        return replace(self, grants=self.grants | {grant_named(name) for name in names})

    def renamed(self, names: "FormerKeys") -> "RecordedModel":
        """Say the same in the keys of a later model, so that a new key is no change of access."""

        def principal(kind: str, key: str) -> str:
            return (names.users if kind == PrincipalType.USER.value else names.groups).get(key, key)

        def grant(one: Grant) -> Grant:
            key = names.permission_sets.get(one.permission_set, one.permission_set)
            return replace(one, permission_set=key, principal=principal(one.kind, one.principal))

        def held(listed: Iterable[OtherGrant], keys: Mapping[str, str]) -> frozenset[OtherGrant]:
            return frozenset((keys.get(key, key), kind, principal(kind, who)) for key, kind, who in listed)

        return RecordedModel(
            {names.permission_sets.get(key, key): name for key, name in self.permission_set_names.items()},
            {
                names.groups.get(key, key): None
                if users is None
                else frozenset(names.users.get(user, user) for user in users)
                for key, users in self.members.items()
            },
            frozenset(grant(one) for one in self.grants),
            frozenset(grant(one) for one in self.break_glass),
            held(self.applications, names.applications),
            held(self.roles, {}),
            held(self.break_glass_applications, names.applications),
            held(self.break_glass_roles, {}),
            frozenset(
                (names.groups.get(group, group), names.users.get(user, user))
                for group, user in self.protected_members
            ),
            frozenset(names.users.get(user, user) for user in self.protected_users),
        )


def grant_named(resource_name: str) -> Grant:
    """Read what `Grant.resource_name` gives. Raises ValueError for any other text."""
    key, kind, principal, account_id = resource_name.split("/")
    return Grant(key, principal, PrincipalType(kind.upper()).value, account_id)


def _principal(entry: GrantEntry) -> tuple[str, str]:
    return entry.principal_type.value, entry.principal


@dataclass(frozen=True)
class FormerKeys:
    """The keys of now, by the keys that the same things had before."""

    users: Mapping[str, str]
    groups: Mapping[str, str]
    permission_sets: Mapping[str, str]
    applications: Mapping[str, str]

    @classmethod
    def of(cls, access: Access) -> "FormerKeys":
        """Read every `formerly` of a model."""
        declared = access.declared

        def former(*parts: Mapping[str, object]) -> dict[str, str]:
            return {
                before: key
                for part in parts
                for key, entry in part.items()
                if (before := getattr(entry, "formerly", None)) is not None
            }

        return cls(
            former(declared.users, declared.external_users),
            former(declared.groups, declared.external_groups),
            former(declared.permission_sets, declared.external_permission_sets),
            former(declared.applications),
        )


class _Set(Entry):
    name: str
    grants: dict[str, int]
    """By principal, such as `g/developers`: the place of its accounts in `accounts`."""
    break_glass: dict[str, int]


class _Record(Entry):
    format: int
    accounts: Items[Items[str]]
    """Lists of accounts, each once: most principals share them."""
    sets: dict[str, _Set]
    groups: dict[str, Items[str] | None]
    applications: dict[str, Items[str]]
    roles: dict[str, Items[str]]
    break_glass_applications: dict[str, Items[str]] = Field(default_factory=dict)
    break_glass_roles: dict[str, Items[str]] = Field(default_factory=dict)
    protected_members: dict[str, Items[str]] = Field(default_factory=dict)
    """By key of a group."""
    protected_users: Items[str] = ()


def write_record(model: RecordedModel) -> str:
    """Write a model as JSON; the same model is the same text."""
    lists: dict[tuple[str, ...], int] = {}

    def by_principal(key: str, grants: Iterable[Grant]) -> dict[str, int]:
        accounts: dict[str, list[str]] = {}
        for grant in sorted(one for one in grants if one.permission_set == key):
            accounts.setdefault(f"{_LETTERS[grant.kind]}/{grant.principal}", []).append(grant.account_id)
        return {who: lists.setdefault(tuple(ids), len(lists)) for who, ids in accounts.items()}

    grants, break_glass = _by_set(model.grants), _by_set(model.break_glass)
    sets = {
        key: {
            "name": name,
            "grants": by_principal(key, grants.get(key, ())),
            "breakGlass": by_principal(key, break_glass.get(key, ())),
        }
        for key, name in sorted(model.permission_set_names.items())
    }
    document = {
        "format": _FORMAT,
        "sets": sets,
        "accounts": [list(ids) for ids in lists],
        "groups": {
            key: None if users is None else sorted(users) for key, users in sorted(model.members.items())
        },
        "applications": _listed(model.applications),
        "roles": _listed(model.roles),
        "breakGlassApplications": _listed(model.break_glass_applications),
        "breakGlassRoles": _listed(model.break_glass_roles),
        "protectedMembers": {
            group: sorted(user for each, user in model.protected_members if each == group)
            for group in sorted({group for group, _ in model.protected_members})
        },
        "protectedUsers": sorted(model.protected_users),
    }
    return json.dumps(document, separators=(",", ":"))


def _by_set(grants: Iterable[Grant]) -> dict[str, list[Grant]]:
    found: dict[str, list[Grant]] = {}
    for grant in grants:
        found.setdefault(grant.permission_set, []).append(grant)
    return found


def _listed(held: Iterable[OtherGrant]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, kind, who in sorted(held):
        found.setdefault(key, []).append(f"{_LETTERS[kind]}/{who}")
    return found


def read_record(text: str) -> RecordedModel:
    """Read what `write_record` wrote. Raises UnusableRecordError, without quoting the record."""
    try:
        read = _Record.model_validate(json.loads(text))
        if read.format != _FORMAT:
            raise UnusableRecordError(f"it has format {read.format}, and this program knows {_FORMAT}")
        return RecordedModel(
            {key: one.name for key, one in read.sets.items()},
            {key: None if users is None else frozenset(users) for key, users in read.groups.items()},
            frozenset(_grants(read, "grants")),
            frozenset(_grants(read, "break_glass")),
            _read_held(read.applications),
            _read_held(read.roles),
            _read_held(read.break_glass_applications),
            _read_held(read.break_glass_roles),
            frozenset((group, user) for group, users in read.protected_members.items() for user in users),
            frozenset(read.protected_users),
        )
    except (ValidationError, ValueError, LookupError) as error:
        raise UnusableRecordError(f"it is not what this program writes ({type(error).__name__})") from error


def _read_held(written: Mapping[str, Iterable[str]]) -> frozenset[OtherGrant]:
    return frozenset((key, *_split(who)) for key, listed in written.items() for who in listed)


def _grants(read: _Record, field: str) -> Iterable[Grant]:
    for key, one in read.sets.items():
        held: Mapping[str, int] = getattr(one, field)
        for who, place in held.items():
            kind, principal = _split(who)
            for account_id in read.accounts[place]:
                yield Grant(key, principal, kind, account_id)


def _split(who: str) -> tuple[str, str]:
    letter, _, key = who.partition("/")
    return _KINDS[letter], key
