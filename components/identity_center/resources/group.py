"""A group in the Identity Center directory, with its members."""

from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from identity_center.model.language.values import membership_name

from .argument_checks import GROUP, ArgumentChecks
from .by_key import by_key
from .props import visible_props


class GroupArgs(TypedDict):
    """Arguments of `Group`."""

    identity_store_id: pulumi.Input[str]
    """Identity store of the instance, such as d-1234567890."""
    display_name: pulumi.Input[str]
    """The name that the console shows: 1 to 1024 characters, unique. Changed in place."""
    description: NotRequired[pulumi.Input[str]]
    """What the group is for: 1 to 1024 characters."""
    members: NotRequired[dict[str, pulumi.Input[str]]]
    """User ids of the members, each under a name of its own that stays: it names the membership."""


class Group(pulumi.ComponentResource):
    """People who get the same access."""

    group_id: pulumi.Output[str]
    """Id of the group in the identity store: the principal id of assignments."""
    membership_ids: pulumi.Output[dict[str, str]]
    """Ids of the memberships, under the names of the members."""

    def __init__(self, name: str, args: GroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        _check(name, args)
        props = visible_props(args, "identity_store_id", "display_name", "description", "members")
        super().__init__("identity-center:index:Group", name, props, opts)
        child = pulumi.ResourceOptions(parent=self)
        store = args["identity_store_id"]
        group = directory_group(name, store, args["display_name"], args.get("description"), child)
        memberships = {
            member: group_membership(membership_name(name, member), store, group.group_id, user_id, child)
            for member, user_id in args.get("members", {}).items()
        }
        self.group_id = group.group_id
        self.membership_ids = by_key({key: made.membership_id for key, made in memberships.items()})
        self.register_outputs({"groupId": self.group_id, "membershipIds": self.membership_ids})


def _check(name: str, args: GroupArgs) -> None:
    checks = ArgumentChecks("Group", name, args, GroupArgs)
    checks.texts(args, GROUP)
    for member in args.get("members", {}):
        checks.key(member, f"members.{member}")
    checks.done()


def directory_group(
    name: str,
    identity_store_id: pulumi.Input[str],
    display_name: pulumi.Input[str],
    description: pulumi.Input[str] | None,
    opts: pulumi.ResourceOptions,
) -> aws.identitystore.Group:
    """Make the group itself."""
    return aws.identitystore.Group(
        name,
        identity_store_id=identity_store_id,
        display_name=display_name,
        description=description,
        opts=opts,
    )


def group_membership(
    name: str,
    identity_store_id: pulumi.Input[str],
    group_id: pulumi.Input[str],
    user_id: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> aws.identitystore.GroupMembership:
    """Make one person a member of a group."""
    return aws.identitystore.GroupMembership(
        name, identity_store_id=identity_store_id, group_id=group_id, member_id=user_id, opts=opts
    )
