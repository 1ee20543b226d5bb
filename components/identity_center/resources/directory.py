"""People, groups and memberships of a whole model under one component."""

from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from identity_center.model.language.values import PrincipalType, membership_name

from .argument_checks import GROUP, USER, ArgumentChecks
from .by_key import by_key
from .former_names import formerly, formerly_of
from .group import directory_group, group_membership
from .props import visible_props
from .user import UserAttributesArgs, directory_user


class DirectoryGroupArgs(TypedDict):
    """A group whose members are users of the same directory."""

    display_name: pulumi.Input[str]
    """The name that the console shows: 1 to 1024 characters, unique. Changed in place."""
    description: NotRequired[pulumi.Input[str]]
    """What the group is for: 1 to 1024 characters."""
    members: NotRequired[list[str]]
    """Keys of the users in it."""


class DirectoryArgs(TypedDict):
    """Arguments of `Directory`."""

    identity_store_id: pulumi.Input[str]
    """Identity store of the instance, such as d-1234567890."""
    users: NotRequired[dict[str, UserAttributesArgs]]
    """People, under keys that stay: they name the resources."""
    groups: NotRequired[dict[str, DirectoryGroupArgs]]
    """Groups, under keys that stay: they name the resources."""
    external_user_ids: NotRequired[dict[str, pulumi.Input[str]]]
    """Ids in the identity store of people who come from elsewhere, by key: they can be members of groups."""
    external_group_ids: NotRequired[dict[str, pulumi.Input[str]]]
    """Ids in the identity store of groups that come from elsewhere, by key."""
    former_user_keys: NotRequired[dict[str, str]]
    """By key of a user: the key that they had before, so that the engine keeps what is there."""
    former_group_keys: NotRequired[dict[str, str]]
    """By key of a group: the key that it had before."""
    protected_users: NotRequired[list[str]]
    """Keys of users whom the engine refuses to delete."""
    protected_groups: NotRequired[list[str]]
    """Keys of groups that the engine refuses to delete."""


class Directory(pulumi.ComponentResource):
    """The people and groups of a model, as direct children: a component each would double the stack."""

    user_ids: pulumi.Output[dict[str, str]]
    """Ids of the users in the identity store, by key."""
    group_ids: pulumi.Output[dict[str, str]]
    """Ids of the groups in the identity store, by key."""

    def __init__(self, name: str, args: DirectoryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        self._check(name, args)
        props = visible_props(args, "identity_store_id")
        super().__init__("identity-center:index:Directory", name, props, opts)
        self._external_users = args.get("external_user_ids", {})
        self._external_groups = args.get("external_group_ids", {})
        self._users = self._make_users(args)
        self._groups = self._make_groups(args)
        self.user_ids = by_key({key: user.user_id for key, user in self._users.items()})
        self.group_ids = by_key({key: group.group_id for key, group in self._groups.items()})
        self.register_outputs({"userIds": self.user_ids, "groupIds": self.group_ids})

    def _check(self, name: str, args: DirectoryArgs) -> None:
        checks = ArgumentChecks("Directory", name, args, DirectoryArgs)
        check_directory(checks, args)
        checks.done()

    def principal_id(self, principal_type: PrincipalType, key: str) -> pulumi.Output[str]:
        """Return the id of one user or group, as AWS gives it.

        It depends on that one resource alone, so that a change elsewhere touches no assignment.
        """
        if principal_type is PrincipalType.USER:
            if key in self._external_users:
                return pulumi.Output.from_input(self._external_users[key])
            user_id: pulumi.Output[str] = self._users[key].user_id
            return user_id
        if key in self._external_groups:
            return pulumi.Output.from_input(self._external_groups[key])
        group_id: pulumi.Output[str] = self._groups[key].group_id
        return group_id

    def _make_users(self, args: DirectoryArgs) -> dict[str, aws.identitystore.User]:
        former, protected = args.get("former_user_keys", {}), args.get("protected_users", [])
        users: dict[str, aws.identitystore.User] = {}
        for key, user in args.get("users", {}).items():
            opts = self._child(formerly(former.get(key)), protect=key in protected)
            users[key] = directory_user(key, args["identity_store_id"], user, opts)
        return users

    def _make_groups(self, args: DirectoryArgs) -> dict[str, aws.identitystore.Group]:
        store = args["identity_store_id"]
        former_users, former = args.get("former_user_keys", {}), args.get("former_group_keys", {})
        protected = args.get("protected_groups", [])
        groups: dict[str, aws.identitystore.Group] = {}
        for key, group in args.get("groups", {}).items():
            opts = self._child(formerly(former.get(key)), protect=key in protected)
            made = directory_group(key, store, group["display_name"], group.get("description"), opts)
            for member in group.get("members", []):
                user_id = self.principal_id(PrincipalType.USER, member)
                aliases = formerly_of(membership_name, (key, former), (member, former_users))
                name = membership_name(key, member)
                group_membership(name, store, made.group_id, user_id, self._child(aliases))
            groups[key] = made
        return groups

    def _child(self, aliases: list[pulumi.Alias], *, protect: bool = False) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self, aliases=list(aliases), protect=protect or None)


def check_directory(checks: ArgumentChecks, args: DirectoryArgs) -> None:
    """Check keys, attributes and members."""
    users = args.get("users", {})
    people = {**users, **args.get("external_user_ids", {})}
    for key in args.get("external_user_ids", {}):
        checks.key(key, f"externalUserIds.{key}")
    for key in args.get("external_group_ids", {}):
        checks.key(key, f"externalGroupIds.{key}")
    for key, user in users.items():
        checks.key(key, f"users.{key}")
        checks.texts(user, USER, f"users.{key}.")
    for key, group in args.get("groups", {}).items():
        checks.key(key, f"groups.{key}")
        checks.texts(group, GROUP, f"groups.{key}.")
        for index, member in enumerate(group.get("members", [])):
            checks.known(member, people, "user", f"groups.{key}.members[{index}]")
