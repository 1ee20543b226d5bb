"""People, groups and memberships of a whole model under one component."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi

from identity_center.model.plan.people import People
from identity_center.resources.arguments.checks import ArgumentChecks, rules_of
from identity_center.resources.arguments.entry_args import GroupKeysArgs, UserAttributesArgs

from .making import PlannedComponent


class DirectoryGroupArgs(GroupKeysArgs):
    """A group whose members are users of the same directory."""

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
    """Keys of groups that the engine refuses to delete, with the memberships and users that they live by."""
    released_users: NotRequired[list[str]]
    """Keys of users whom it deletes all the same, with their memberships: they are to leave. Write them in
    one update, and take them out of users and groups in the next."""


class Directory(PlannedComponent):
    """The people and groups of a model, as direct children: a component each would double the stack."""

    user_ids: pulumi.Output[dict[str, str]]
    """Ids of the users in the identity store, by key."""
    group_ids: pulumi.Output[dict[str, str]]
    """Ids of the groups in the identity store, by key."""

    def __init__(self, name: str, args: DirectoryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        checks = ArgumentChecks("Directory", name, args, DirectoryArgs)
        check_directory(checks, args)
        checks.done()
        super().__init__(People(args).plan(name), opts)


def check_directory(checks: ArgumentChecks, args: Mapping[str, Any]) -> None:
    """Check keys, attributes and members."""
    users = args.get("users", {})
    people = {**users, **args.get("external_user_ids", {})}
    for key in args.get("external_user_ids", {}):
        checks.key(key, f"externalUserIds.{key}")
    for key in args.get("external_group_ids", {}):
        checks.key(key, f"externalGroupIds.{key}")
    for key, user in users.items():
        checks.key(key, f"users.{key}")
        checks.texts(user, rules_of(UserAttributesArgs), f"users.{key}.")
    for key, group in args.get("groups", {}).items():
        checks.key(key, f"groups.{key}")
        checks.texts(group, rules_of(DirectoryGroupArgs), f"groups.{key}.")
        for index, member in enumerate(group.get("members", [])):
            checks.known(member, people, "user", f"groups.{key}.members[{index}]")
