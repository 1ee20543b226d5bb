"""A group in the Identity Center directory, with its members."""

from typing import NotRequired

import pulumi

from identity_center.model.plan.people import plan_group
from identity_center.resources.arguments.checks import ArgumentChecks, rules_of
from identity_center.resources.arguments.entry_args import GroupKeysArgs

from .making import PlannedComponent


class GroupArgs(GroupKeysArgs):
    """Arguments of `Group`."""

    identity_store_id: pulumi.Input[str]
    """Identity store of the instance, such as d-1234567890."""
    members: NotRequired[dict[str, pulumi.Input[str]]]
    """User ids of the members, each under a name of its own that stays: it names the membership."""


class Group(PlannedComponent):
    """People who get the same access."""

    group_id: pulumi.Output[str]
    """Id of the group in the identity store: the principal id of assignments."""
    membership_ids: pulumi.Output[dict[str, str]]
    """Ids of the memberships, under the names of the members."""

    def __init__(self, name: str, args: GroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        checks = ArgumentChecks("Group", name, args, GroupArgs)
        checks.texts(args, rules_of(GroupArgs))
        for member in args.get("members", {}):
            checks.key(member, f"members.{member}")
        checks.done()
        super().__init__(plan_group(name, args), opts)
