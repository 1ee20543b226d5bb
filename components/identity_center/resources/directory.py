"""People, groups and memberships of a whole model under one component."""

from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from identity_center.model.principals import PrincipalType
from identity_center.model.resource_names import membership_name

from .argument_checks import GROUP, USER, ArgumentChecks
from .by_key import by_key
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


class Directory(pulumi.ComponentResource):
    """The people and groups of a model, as direct children: a component each would double the stack."""

    user_ids: pulumi.Output[dict[str, str]]
    """Ids of the users in the identity store, by key."""
    group_ids: pulumi.Output[dict[str, str]]
    """Ids of the groups in the identity store, by key."""

    def __init__(self, name: str, args: DirectoryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        checks = ArgumentChecks("Directory", name)
        check_directory(checks, args)
        checks.done()
        props = visible_props(args, "identity_store_id")
        super().__init__("identity-center:index:Directory", name, props, opts)
        self._users = self._make_users(args)
        self._groups = self._make_groups(args)
        self.user_ids = by_key({key: user.user_id for key, user in self._users.items()})
        self.group_ids = by_key({key: group.group_id for key, group in self._groups.items()})
        self.register_outputs({"userIds": self.user_ids, "groupIds": self.group_ids})

    def principal_id(self, principal_type: PrincipalType, key: str) -> pulumi.Output[str]:
        """Return the id of one user or group, as AWS gives it.

        It depends on that one resource alone, so that a change elsewhere touches no assignment.
        """
        if principal_type is PrincipalType.USER:
            user_id: pulumi.Output[str] = self._users[key].user_id
            return user_id
        group_id: pulumi.Output[str] = self._groups[key].group_id
        return group_id

    def _make_users(self, args: DirectoryArgs) -> dict[str, aws.identitystore.User]:
        child = pulumi.ResourceOptions(parent=self)
        return {
            key: directory_user(key, args["identity_store_id"], user, child)
            for key, user in args.get("users", {}).items()
        }

    def _make_groups(self, args: DirectoryArgs) -> dict[str, aws.identitystore.Group]:
        child, store = pulumi.ResourceOptions(parent=self), args["identity_store_id"]
        groups: dict[str, aws.identitystore.Group] = {}
        for key, group in args.get("groups", {}).items():
            made = directory_group(key, store, group["display_name"], group.get("description"), child)
            for member in group.get("members", []):
                user_id = self.principal_id(PrincipalType.USER, member)
                group_membership(membership_name(key, member), store, made.group_id, user_id, child)
            groups[key] = made
        return groups


def check_directory(checks: ArgumentChecks, args: DirectoryArgs) -> None:
    """Check keys, attributes and members."""
    users = args.get("users", {})
    for key, user in users.items():
        checks.key(key, f"users.{key}")
        checks.texts(user, USER, f"users.{key}.")
    for key, group in args.get("groups", {}).items():
        checks.key(key, f"groups.{key}")
        checks.texts(group, GROUP, f"groups.{key}.")
        for index, member in enumerate(group.get("members", [])):
            checks.known(member, users, "user", f"groups.{key}.members[{index}]")
