"""Which policies which identity holds: the joins over the types of `resource_types`.

An attachment names its identity by a property. Where the value is known it is the join; in the preview of a
new stack it is not, and the engine's property dependencies tell the resource that it will come from. What
neither tells is kept as unresolved, so that nobody takes it for harmless.

The index grows resource by resource: a stack policy fills it at once, in an update each resource callback
adds one resource and asks which identities that one touches.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeVar

from .accounts import account_in
from .held_policies import HeldPolicy, WholeList, held_by, policies_held, whole_list
from .native_types import NATIVE_CREDENTIAL_ROWS, NATIVE_MEMBERSHIP_ROWS, NATIVE_POLICY_ROWS
from .observe import Absent, NotYetKnown, Observed, text_of
from .resource_types import (
    CREDENTIAL_ROWS,
    ENTRY_ROWS,
    GROUP_MEMBERSHIP,
    IDENTITY_ROWS,
    LIST_ROWS,
    MEMBERSHIP_ROWS,
    POLICY,
    POLICY_ATTACHMENT,
    POLICY_ROWS,
    Content,
    CredentialRow,
    EntryRow,
    IdentityKind,
    IdentityRow,
    ListRow,
    MembershipRow,
    PolicyRow,
)
from .resources import Resource

_Row = TypeVar("_Row", PolicyRow, MembershipRow, CredentialRow, EntryRow, ListRow)

_IDENTITIES: Final[dict[str, IdentityRow]] = {row.type: row for row in IDENTITY_ROWS}


class Key(NamedTuple):
    """What makes an identity one and the same, however it is named."""

    kind: IdentityKind
    where: str | None
    """The account, where its provider says it, else the URN of the provider: names join only within."""
    value: str
    """Its name, the ARN of a permission set, or the URN where neither is known yet."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A long-lived credential of an IAM user."""

    holder: Resource
    called: str


@dataclass(slots=True)
class Identity:
    """One identity with all that the stack puts on it."""

    key: Key
    resource: Resource | None = None
    """The resource that makes it; None where it is made elsewhere."""
    grants: list[HeldPolicy] = field(default_factory=list)
    limits: list[HeldPolicy] = field(default_factory=list)
    lists: list[WholeList] = field(default_factory=list)
    """What says of itself that it lists all its policies of a kind."""
    groups: list[Key] = field(default_factory=list)
    """The groups that an IAM user is in."""
    memberships: list[Resource] = field(default_factory=list)
    """What puts an IAM user into its groups."""
    credentials: list[Credential] = field(default_factory=list)
    """With what an IAM user signs in or signs requests."""
    entries: list[Resource] = field(default_factory=list)
    """The assignments and entitlements that let people of Identity Center use it."""

    @property
    def label(self) -> str:
        """How messages name it."""
        name = self.resource.name if self.resource else self.key.value
        return f"{self.key.kind.value} `{name}`"

    @property
    def names(self) -> frozenset[str]:
        """Every name under which an exception may mean it: its own, and the URNs of what makes it."""
        return self.own_names | {holder.urn for holder in self.holders}

    @property
    def own_names(self) -> frozenset[str]:
        """By which names AWS and the program know the identity itself, and messages show it."""
        if self.resource is None:
            return frozenset({self.key.value})
        name = text_of(self.resource.identifier("name"))
        return frozenset({self.key.value, self.resource.name} | ({name} if name else set()))

    @property
    def has_only_its_groups(self) -> bool:
        """Whether an IAM user holds nothing but what its one group holds: that is told of the group."""
        return self.key.kind is IdentityKind.USER and not self.grants and len(self.groups) == 1

    @property
    def depends_on_accounts(self) -> bool:
        """Whether its policies are those of the accounts where it is used, and not of where it is made."""
        return any(each.content is Content.REFERENCE for each in (*self.grants, *self.limits))

    @property
    def holders(self) -> tuple[Resource, ...]:
        """The resources that make it what it is."""
        found = {each.holder.urn: each.holder for each in (*self.grants, *self.limits)}
        if self.resource is not None:
            found[self.resource.urn] = self.resource
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Unresolved:
    """An attachment whose identity cannot be told yet."""

    holder: Resource
    path: str
    kind: IdentityKind


class Identities:
    """All identities seen so far."""

    def __init__(self) -> None:
        """Start with none."""
        self.by_key: dict[Key, Identity] = {}
        self.unresolved: list[Unresolved] = []
        self._keys: dict[str, Key] = {}
        self._attachments: dict[str, dict[str, Resource]] = {}
        """By ARN or URN of a policy, the attachments that say who has it."""
        self._users: dict[Key, dict[Key, Identity]] = {}
        """By group, the users that were put into it."""
        self._members: dict[Key, dict[str, Resource]] = {}
        """By group, what says who all its members are."""
        self._seen: set[str] = set()

    @property
    def everyone(self) -> tuple[Identity, ...]:
        """All of them, in the order in which they were seen."""
        return tuple(self.by_key.values())

    def add(self, resource: Resource) -> list[Identity]:
        """Take in one resource; return the identities that it makes, changes or completes."""
        if resource.urn in self._seen:
            self._forget(resource.urn)
        self._seen.add(resource.urn)
        touched = {identity.key: identity for identity in self._contribute(resource)}
        return [*touched.values(), *self._members_of(touched)]

    def _contribute(self, resource: Resource) -> Iterator[Identity]:
        """Note what a resource says of identities; yield each of them."""
        if row := _IDENTITIES.get(resource.type):
            identity = self._identity(self._key_of(resource, row))
            identity.resource = resource
            yield identity
        for policy in _POLICY_ROWS_OF.get(resource.type, ()):
            for identity in self._named(resource, policy.kind, policy.identity):
                held = held_by(resource, policy)
                (identity.limits if policy.boundary else identity.grants).extend(held)
                yield identity
        for row_of_list in _LISTS_OF.get(resource.type, ()):
            if not isinstance(resource.declared.get(*row_of_list.at), Absent):
                for identity in self._named(resource, row_of_list.kind, row_of_list.identity):
                    identity.lists.append(whole_list(resource, row_of_list))
                    yield identity
        if resource.type == POLICY_ATTACHMENT:
            yield from self._note_attachment(resource)
        for entry in _ENTRIES_OF.get(resource.type, ()):
            for identity in self._named(resource, entry.kind, entry.identity):
                identity.entries.append(resource)
                yield identity
        yield from self._note_user(resource)

    def _note_attachment(self, attachment: Resource) -> Iterator[Identity]:
        """Note who has a policy by the one attachment that says so; yield all who have it besides."""
        for policy in _policies_of(attachment):
            self._attachments.setdefault(policy, {})[attachment.urn] = attachment
            for identity in self.by_key.values():
                if any(policy in policies_held(each) for each in identity.grants):
                    yield identity

    def attachments_of(self, held: HeldPolicy) -> tuple[Resource, ...]:
        """Return the attachments that say who has a managed policy, but for the one that holds this."""
        if held.content is not Content.MANAGED or not self._attachments:
            return ()
        found = {
            urn: attachment
            for policy in policies_held(held)
            for urn, attachment in self._attachments.get(policy, {}).items()
            if urn != held.holder.urn
        }
        return tuple(found.values())

    def _note_user(self, resource: Resource) -> Iterator[Identity]:
        for row in _CREDENTIALS_OF.get(resource.type, ()):
            if row.when and isinstance(resource.declared.get(row.when), Absent):
                continue
            for identity in self._named(resource, IdentityKind.USER, (row.user,) if row.user else ()):
                identity.credentials.append(Credential(resource, row.called))
                yield identity
        for membership in _MEMBERSHIPS_OF.get(resource.type, ()):
            if isinstance(resource.declared.get(membership.group), Absent):
                continue
            groups = self._targets(resource, IdentityKind.GROUP, (membership.group,))
            users = (membership.user,) if membership.user else ()
            for identity in self._named(resource, IdentityKind.USER, users):
                identity.groups.extend(key for key in groups if key not in identity.groups)
                identity.memberships.append(resource)
                for key in groups:
                    self._users.setdefault(key, {})[identity.key] = identity
                yield identity
            yield from self._note_members(resource, groups)

    def _note_members(self, membership: Resource, groups: list[Key]) -> Iterator[Identity]:
        """Note what says who all members of a group are; yield those who are in it besides.

        One of CloudFormation, which has no name, adds users and takes nobody out.
        """
        if membership.type != GROUP_MEMBERSHIP or isinstance(membership.declared.get("name"), Absent):
            return
        for group in groups:
            self._members.setdefault(group, {})[membership.urn] = membership
            yield self._identity(group)

    def lists_of_members(self, group: Key) -> tuple[Resource, ...]:
        """Return what says who all the members of a group are."""
        return tuple(self._members.get(group, {}).values())

    def users_of(self, group: Key) -> tuple[Identity, ...]:
        """Return the users that were put into a group."""
        return tuple(self._users.get(group, {}).values())

    def taken_out_by(self, user: Identity, group: Key) -> tuple[Resource, ...]:
        """Return what says of a group that a user is not among its members."""
        own = {each.urn for each in user.memberships}
        return tuple(each for each in self.lists_of_members(group) if each.urn not in own)

    def _named(self, resource: Resource, kind: IdentityKind, path: tuple[str, ...]) -> Iterator[Identity]:
        return (self._identity(key) for key in self._targets(resource, kind, path))

    def _identity(self, key: Key) -> Identity:
        return self.by_key.setdefault(key, Identity(key))

    def _members_of(self, touched: dict[Key, Identity]) -> list[Identity]:
        """Return the users whose access changes because a group's does."""
        groups = {key for key in touched if key.kind is IdentityKind.GROUP}
        if not groups:
            return []
        return [
            each
            for each in self.by_key.values()
            if each.key not in touched and not groups.isdisjoint(each.groups)
        ]

    def _forget(self, urn: str) -> None:
        """Drop what an earlier registration of the same resource said."""
        for identity in self.by_key.values():
            identity.grants = [each for each in identity.grants if each.holder.urn != urn]
            identity.limits = [each for each in identity.limits if each.holder.urn != urn]
            identity.lists = [each for each in identity.lists if each.holder.urn != urn]
            identity.entries = [each for each in identity.entries if each.urn != urn]
            identity.memberships = [each for each in identity.memberships if each.urn != urn]
            identity.credentials = [each for each in identity.credentials if each.holder.urn != urn]
        self.unresolved = [each for each in self.unresolved if each.holder.urn != urn]
        for noted in (*self._attachments.values(), *self._members.values()):
            noted.pop(urn, None)

    def _key_of(self, resource: Resource, row: IdentityRow) -> Key:
        name = text_of(resource.identifier(row.called[0]))
        own = Key(row.kind, None, resource.urn)
        key = own if name is None else _key(row.kind, resource, name)
        self._keys[resource.urn] = key
        return key

    def _targets(self, holder: Resource, kind: IdentityKind, path: tuple[str, ...]) -> list[Key]:
        """Find the identities that a property names."""
        if not path:
            return [self._keys[holder.urn]]
        of_kind = [
            self._keys[urn]
            for urn in holder.by_property.get(path[0], ())
            if urn in self._keys and self._keys[urn].kind is kind
        ]
        members = holder.declared.members(*path)
        found: dict[Key, None] = {}
        for member in members:
            for key in self._target(holder, kind, member, of_kind, alone=len(members) == 1):
                found[key] = None
        return list(found)

    def _among_accounts(self, key: Key, holder: Resource, name: str) -> Key:
        """Return the key of what an ARN names, in the account that the ARN names."""
        account = account_in(name) if key.kind is not IdentityKind.PERMISSION_SET else None
        if account is None or account == key.where:
            return key
        elsewhere = key._replace(where=account)
        found = self.by_key.get(key)
        if elsewhere in self.by_key or holder.provider_account:
            return elsewhere
        made_in = found.resource.account if found and found.resource else None
        # A provider that names no account may be that account's, unless what it made says otherwise.
        return key if made_in in (None, account) else elsewhere

    def _target(
        self, holder: Resource, kind: IdentityKind, member: Observed, of_kind: list[Key], *, alone: bool
    ) -> list[Key]:
        if isinstance(member, Absent):
            return []
        if (name := text_of(member)) is not None:
            key = self._among_accounts(_key(kind, holder, name), holder, name)
            if key not in self.by_key and alone and len(of_kind) == 1:
                return of_kind
            return [key]
        # A property that takes one identity depends on one; one that takes a list may depend on many.
        if of_kind and (len(of_kind) == 1 or not alone):
            return of_kind
        path = member.path if isinstance(member, NotYetKnown) else "?"
        self.unresolved.append(Unresolved(holder, path, kind))
        return []


def _key(kind: IdentityKind, holder: Resource, value: str) -> Key:
    """Make the key of a name. An IAM identity may be given by its ARN: its name is the last part."""
    if kind is IdentityKind.PERMISSION_SET:
        return Key(kind, None, value)
    where = holder.provider_account or holder.provider
    return Key(kind, where, value.rpartition("/")[2] if value.startswith("arn:") else value)


def _policies_of(attachment: Resource) -> Iterator[str]:
    """Yield the ARN of the policy that an attachment attaches, or else the URNs that it may come from."""
    arn = text_of(attachment.declared.get("policyArn"))
    yield from (arn,) if arn is not None else attachment.by_property.get("policyArn", ())


def _by_type(rows: Iterable[_Row]) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.type, []).append(row)
    return found


_POLICY_ROWS_OF: Final = _by_type((*POLICY_ROWS, *NATIVE_POLICY_ROWS))
_MEMBERSHIPS_OF: Final = _by_type((*MEMBERSHIP_ROWS, *NATIVE_MEMBERSHIP_ROWS))
_CREDENTIALS_OF: Final = _by_type((*CREDENTIAL_ROWS, *NATIVE_CREDENTIAL_ROWS))
_ENTRIES_OF: Final = _by_type(ENTRY_ROWS)
_LISTS_OF: Final = _by_type(LIST_ROWS)

IDENTITY_TYPES: Final = frozenset(_IDENTITIES)
FIRST_TYPES: Final = IDENTITY_TYPES | {POLICY}
"""Types to add before others where the whole is at hand, so that attachments find what they name."""
