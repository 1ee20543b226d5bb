"""Users, groups and who is in them, as the model says them."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, Final

from identity_center.model.existing.details import SPELT
from identity_center.model.existing.objects import GROUP as OF_GROUP
from identity_center.model.existing.objects import USER as OF_USER
from identity_center.model.existing.objects import Address, Group, Membership, Phone, User
from identity_center.model.existing.owners import CONTROL_TOWER, CONTROL_TOWER_GROUPS
from identity_center.model.existing.parts import Part
from identity_center.model.existing.things import Kind, Thing
from identity_center.model.plan.planned import MEMBERSHIP

from .keys import key_of_words, keys_of_person
from .proposal import Adopting, Said, problem_of, referred_to

_DIRECTORY: Final = "it comes from another directory (it has an external id)"


class People:
    """The principals that the model has or gets: each is added where something first needs it."""

    def __init__(self, adopting: Adopting) -> None:
        self._adopting = adopting
        self._existing = adopting.existing
        self._keys: dict[str, str] = dict(adopting.model.principals)
        self._cannot: dict[str, str] = {}
        """Why the model cannot say somebody, by id."""
        self._members_of: dict[str, list[Membership]] = defaultdict(list)
        for each in adopting.existing.memberships:
            self._members_of[each.group_id].append(each)
        self._ways = Counter(str(way) for user in adopting.existing.users for way in _ways_to(user))
        """How many users each way of telling them leads to."""
        declared = adopting.model.declared
        self._names = {entry.user_name.casefold() for entry in declared.users.values()}
        self._names |= {entry.email.casefold() for entry in declared.users.values()}
        self._groups = {entry.display_name.casefold() for entry in declared.groups.values()}

    def add_users(self) -> None:
        """Add everybody who was made in the directory itself."""
        for user in sorted(self._existing.users, key=lambda each: (each.user_name, each.id)):
            if user.id not in self._keys and not user.external_ids:
                self._add_user(user)

    def _add_user(self, user: User) -> None:
        entry = entry_of_user(user)
        problem = unsayable(user) or problem_of("users", entry) or self._twice(user)
        if problem is not None:
            self._cannot[user.id] = problem
            return
        key = self._adopting.model.user_keys.take(keys_of_person(user.user_name), "user", user.id)
        self._keys[user.id] = key
        self._names |= {user.user_name.casefold(), user.emails[0].value.casefold()}
        self._adopting.proposal.add("users", key, entry)

    def _twice(self, user: User) -> str | None:
        if {user.user_name.casefold(), user.emails[0].value.casefold()} & self._names:
            return "another user has the same name or e-mail address, or one that differs in case only"
        return None

    def add_groups(self) -> None:
        """Add every group that was made in the directory itself, and members that groups got since."""
        for group in sorted(self._existing.groups, key=lambda each: (each.name, each.id)):
            if group.id in self._keys:
                self._add_members(group)
            elif not group.external_ids and group.name not in CONTROL_TOWER_GROUPS:
                self._add_group(group)

    def _add_group(self, group: Group) -> None:
        entry: Said = {"displayName": group.name}
        if group.description:
            entry["description"] = group.description
        problem = problem_of("groups", entry) or self._group_twice(group)
        if problem is None and not self._existing.knows(Part.MEMBERSHIPS, group.id):
            problem = "its members were not read"
        if problem is not None:
            self._cannot[group.id] = problem
            return
        key = self._adopting.model.group_keys.take([key_of_words(group.name)], "group", group.id)
        self._keys[group.id] = key
        self._groups.add(group.name.casefold())
        members = [member for _, member in self._members(group)]
        self._adopting.proposal.add("groups", key, {**entry, **({"members": members} if members else {})})

    def _group_twice(self, group: Group) -> str | None:
        if group.name.casefold() in self._groups:
            return "another group has the same name, or one that differs in case only"
        return None

    def _add_members(self, group: Group) -> None:
        """Add who joined a group of the model since; who is in other groups is not said here."""
        key = self._keys[group.id]
        if key not in self._adopting.model.declared.groups:
            return
        for user_id, member in self._members(group):
            if not self._adopting.model.has(MEMBERSHIP, group.id, user_id):
                self._adopting.proposal.append(("groups", key, "members"), member)

    def _members(self, group: Group) -> Iterator[tuple[str, str]]:
        """Yield id and key of each member, in the order of their keys."""
        found: list[tuple[str, str]] = []
        for each in self._members_of[group.id]:
            key = self.key(OF_USER, each.user_id)
            if key is not None:
                found.append((each.user_id, key))
                continue
            names = (group.name, self._existing.principal_name(OF_USER, each.user_id) or each.user_id)
            what = f"member {each.user_id} of group {group.name}"
            self._adopting.proposal.leave_out(what, self.why(each.user_id), Thing(Kind.MEMBER, names))
        return iter(sorted(found, key=lambda pair: pair[1]))

    def key(self, kind: str, identifier: str) -> str | None:
        """Return the key of a user or group, which becomes one from elsewhere where nothing else fits."""
        if identifier in self._keys:
            return self._keys[identifier]
        if kind == OF_USER and identifier in self._existing.user_of:
            return self._refer_to_user(self._existing.user_of[identifier])
        if kind == OF_GROUP and identifier in self._existing.group_of:
            return self._refer_to_group(self._existing.group_of[identifier])
        return None

    def why(self, identifier: str) -> str:
        """Say why somebody has no key."""
        return self._cannot.get(identifier, "the principal is gone or was not read")

    def _refer_to_user(self, user: User) -> str | None:
        entry = next((each for each in _ways_to(user) if problem_of("externalUsers", each) is None), None)
        if entry is None or not self._existing.knows(Part.USERS) or self._ways[str(entry)] > 1:
            self._cannot.setdefault(user.id, "no name, address or external id tells which user is meant")
            return None
        key = self._adopting.model.user_keys.take(keys_of_person(user.user_name), "user", user.id)
        return self._referred(user.id, "externalUsers", key, entry)

    def _refer_to_group(self, group: Group) -> str | None:
        entry = {"displayName": group.name}
        problem = problem_of("externalGroups", entry)
        same = [each for each in self._existing.groups if each.name.casefold() == group.name.casefold()]
        if problem is not None or len(same) > 1:
            self._cannot.setdefault(group.id, problem or "another group has the same name")
            return None
        key = self._adopting.model.group_keys.take([key_of_words(group.name)], "group", group.id)
        return self._referred(group.id, "externalGroups", key, entry)

    def _referred(self, identifier: str, part: str, key: str, entry: Said) -> str:
        self._keys[identifier] = key
        self._adopting.proposal.add(part, key, entry)
        return key

    def tell_left_out(self) -> None:
        """Note who is nowhere in the model, once all that needs somebody was added."""
        proposal = self._adopting.proposal
        for user in self._existing.users:
            thing = Thing(Kind.USER, (user.user_name or user.id,))
            if user.id in self._cannot:
                proposal.leave_out(
                    f"user {user.id}", referred_to(self._cannot[user.id], user.id in self._keys), thing
                )
            elif user.external_ids:
                proposal.leave_out(f"user {user.id}", referred_to(_DIRECTORY, user.id in self._keys), thing)
        for group in self._existing.groups:
            thing = Thing(Kind.GROUP, (group.name or group.id,))
            why = self._cannot.get(group.id) or _owner_of(group)
            if why is not None:
                what = f"group {group.name or group.id}"
                proposal.leave_out(what, referred_to(why, group.id in self._keys), thing)


def _owner_of(group: Group) -> str | None:
    if group.external_ids:
        return _DIRECTORY
    return f"{CONTROL_TOWER} makes it" if group.name in CONTROL_TOWER_GROUPS else None


def unsayable(user: User) -> str | None:
    """Say what the directory has of a user that the model, which has one of each, cannot say."""
    if len(user.emails) != 1:
        return f"it has {len(user.emails)} e-mail addresses, and the model wants one"
    if not user.emails[0].primary:
        return "its e-mail address is not its primary one"
    if len(user.phones) > 1 or len(user.addresses) > 1:
        return "it has several telephones or addresses, and the model has one of each"
    return None


def entry_of_user(user: User) -> Said:
    """Return what a model says of a user; `unsayable` tells whether that is all that the directory has."""
    return dict(_user(user))


def _user(user: User) -> Iterator[tuple[str, Any]]:
    said = {
        "userName": user.user_name,
        "givenName": user.given_name,
        "familyName": user.family_name,
        "displayName": user.display_name,
        "email": user.emails[0].value if user.emails else "",
        "emailType": user.emails[0].kind if user.emails else "",
        **{SPELT.get(name, name): value for name, value in sorted(user.attributes.items())},
    }
    yield from ((name, value) for name, value in said.items() if value)
    for phone in user.phones:
        yield "phoneNumber", dict(_parts(phone))
    for address in user.addresses:
        yield "address", dict(_parts(address))


def _parts(of: Phone | Address) -> Iterator[tuple[str, Any]]:
    for name, value in of.model_dump(by_alias=True, exclude_defaults=True).items():
        yield {"kind": "type"}.get(name, name), value


def _ways_to(user: User) -> Iterator[Said]:
    """Yield what tells which user is meant, the clearest first."""
    if user.user_name:
        yield {"userName": user.user_name}
    for each in user.external_ids:
        yield {"externalId": {"issuer": each.issuer, "id": each.id}}
    for email in user.emails:
        yield {"email": email.value}
    if user.display_name:
        yield {"displayName": user.display_name}
