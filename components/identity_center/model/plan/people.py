"""People, groups and memberships of the Identity Center directory as resources."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Final

from identity_center.model.language.keys.argument_names import GROUP as _OF_GROUP
from identity_center.model.language.keys.argument_names import USER as _OF_USER
from identity_center.model.language.keys.values import PrincipalType, camel_case, membership_name

from .planned import GROUP, MEMBERSHIP, USER, Id, Plan, PlannedResource, Ref, component, given, shown

Attributes = Mapping[str, Any]
"""What is said of somebody or something, by the name of the key in Python."""

#: Where the provider has a person's attribute in a nested object, and under which name there.
#: All others are inputs of their own, under the same name.
_NESTED: Final[Mapping[str, tuple[str, str]]] = {
    "given_name": ("name", "givenName"),
    "family_name": ("name", "familyName"),
    "middle_name": ("name", "middleName"),
    "formatted_name": ("name", "formatted"),
    "honorific_prefix": ("name", "honorificPrefix"),
    "honorific_suffix": ("name", "honorificSuffix"),
    "email": ("emails", "value"),
    "email_type": ("emails", "type"),
}
#: AWS keeps one of each, where the provider has a list's name.
_OBJECTS: Final[Mapping[str, str]] = {"phone_number": "phoneNumbers", "address": "addresses"}


@dataclass(frozen=True)
class Principal:
    """A user or group who gets something."""

    kind: PrincipalType
    key: str
    """A name of it that stays: it names resources."""
    id: object
    """Its id in the identity store."""
    former_key: str | None = None
    """The key that it had before."""

    @classmethod
    def of_args(cls, args: Attributes) -> "Principal":
        """Read what a component is told of a principal."""
        kind = PrincipalType(args["principal_type"])
        return cls(kind, args["principal_key"], args["principal_id"], args.get("former_principal_key"))


def user(key: str, identity_store_id: object, attributes: Attributes) -> PlannedResource:
    """Plan a user.

    A new user name replaces the user, and the old one goes first: the store wants an e-mail address once.
    """
    inputs: dict[str, Any] = {"identityStoreId": identity_store_id, "name": {}, "emails": {"primary": True}}
    for name, value in attributes.items():
        if value is None:
            continue
        if name in _NESTED:
            whole, part = _NESTED[name]
            inputs[whole][part] = value
        elif name in _OBJECTS:
            inputs[_OBJECTS[name]] = given(**value)
        else:
            inputs[camel_case(name)] = value
    return PlannedResource(USER, key, inputs, delete_before_replace=True)


def group(key: str, identity_store_id: object, attributes: Attributes) -> PlannedResource:
    """Plan the group itself."""
    inputs = given(identity_store_id=identity_store_id, **attributes)
    return PlannedResource(GROUP, key, inputs)


def membership(group_key: str, member: str, identity_store_id: object, user_id: object) -> PlannedResource:
    """Plan that one person is a member of a group."""
    inputs = given(
        identity_store_id=identity_store_id, group_id=Ref(GROUP, group_key, "groupId"), member_id=user_id
    )
    return PlannedResource(MEMBERSHIP, membership_name(group_key, member), inputs)


def plan_user(name: str, args: Attributes) -> Plan:
    """Plan the component of one user."""
    attributes = {name: args[name] for name in _OF_USER if name in args}
    made = user(name, args["identity_store_id"], attributes)
    around = component(
        "User", name, shown(args, "identity_store_id"), outputs={"userId": made.output("userId")}
    )
    return around, replace(made, parent=around.id)


def plan_group(name: str, args: Attributes) -> Plan:
    """Plan the component of one group and its members, whose ids are given by key."""
    store = args["identity_store_id"]
    attributes = {name: args[name] for name in _OF_GROUP if name in args}
    made = group(name, store, attributes)
    members = {
        member: membership(name, member, store, user_id)
        for member, user_id in args.get("members", {}).items()
    }
    around = component(
        "Group",
        name,
        shown(args, "identity_store_id", *attributes, "members"),
        outputs={
            "groupId": made.output("groupId"),
            "membershipIds": {key: each.output("membershipId") for key, each in members.items()},
        },
    )
    return around, *(replace(each, parent=around.id) for each in (made, *members.values()))


@dataclass(frozen=True)
class People:
    """Who is in a directory: users and groups of its own, and those who come from elsewhere, by key."""

    args: Attributes
    """As the component `Directory` takes them."""

    def principal(self, kind: PrincipalType, key: str) -> Principal:
        """Return a user or group by its key.

        The id depends on that one resource alone, so that a change elsewhere touches no assignment.
        """
        of_user = kind is PrincipalType.USER
        external = self.args.get("external_user_ids" if of_user else "external_group_ids", {})
        made = Ref(USER, key, "userId") if of_user else Ref(GROUP, key, "groupId")
        former = self.args.get("former_user_keys" if of_user else "former_group_keys", {})
        return Principal(kind, key, external.get(key, made), former.get(key))

    def plan(self, name: str) -> Plan:
        """Plan the component `Directory` with everybody in it."""
        around = component(
            "Directory",
            name,
            shown(self.args, "identity_store_id"),
            outputs={
                "userIds": {key: Ref(USER, key, "userId") for key in self.args.get("users", {})},
                "groupIds": {key: Ref(GROUP, key, "groupId") for key in self.args.get("groups", {})},
            },
        )
        return around, *self._users(around.id), *self._groups(around.id)

    def _users(self, parent: Id) -> Iterator[PlannedResource]:
        former, protected = self.args.get("former_user_keys", {}), self._protected_users()
        for key, attributes in self.args.get("users", {}).items():
            made = user(key, self.args["identity_store_id"], attributes)
            yield _kept(made, parent, formerly(former.get(key)), protect=key in protected)

    def _groups(self, parent: Id) -> Iterator[PlannedResource]:
        store = self.args["identity_store_id"]
        former, protected = self.args.get("former_group_keys", {}), self.args.get("protected_groups", ())
        former_users, released = self.args.get("former_user_keys", {}), self.args.get("released_users", ())
        for key, entry in self.args.get("groups", {}).items():
            attributes = {name: entry[name] for name in _OF_GROUP if name in entry}
            made = group(key, store, attributes)
            yield _kept(made, parent, formerly(former.get(key)), protect=key in protected)
            for member in entry.get("members", ()):
                made = membership(key, member, store, self.principal(PrincipalType.USER, member).id)
                names = _former_memberships(key, member, former, former_users)
                yield _kept(made, parent, names, protect=key in protected and member not in released)

    def _protected_users(self) -> frozenset[str]:
        """Return whom the engine keeps: a group that lets somebody in lives by its members."""
        groups = self.args.get("groups", {})
        members = {
            member
            for key in self.args.get("protected_groups", ())
            for member in groups.get(key, {}).get("members", ())
        }
        return frozenset(
            {*self.args.get("protected_users", ()), *members}.difference(self.args.get("released_users", ()))
        )


def _kept(
    made: PlannedResource, parent: Id, former_names: tuple[str, ...], *, protect: bool
) -> PlannedResource:
    return replace(made, parent=parent, former_names=former_names, protect=protect)


def formerly(name: str | None) -> tuple[str, ...]:
    """Return the former names of a resource that was called `name`; none where it was not renamed."""
    return () if name is None else (name,)


def _former_memberships(
    group_key: str, member: str, former_groups: Mapping[str, str], former_users: Mapping[str, str]
) -> tuple[str, ...]:
    """Name a membership by every mixture of old and new keys but the one of today."""
    groups = [group_key, *formerly(former_groups.get(group_key))]
    members = [member, *formerly(former_users.get(member))]
    _, *others = product(groups, members)
    return tuple(membership_name(*keys) for keys in others)
