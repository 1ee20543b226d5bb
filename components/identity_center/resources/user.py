"""A person in the Identity Center directory."""

import pulumi

from identity_center.model.plan.people import plan_user
from identity_center.resources.arguments.checks import ArgumentChecks, rules_of
from identity_center.resources.arguments.entry_args import UserAttributesArgs

from .making import PlannedComponent


class UserArgs(UserAttributesArgs):
    """Arguments of `User`."""

    identity_store_id: pulumi.Input[str]
    """Identity store of the instance, such as d-1234567890."""


class User(PlannedComponent):
    """A person who signs in. The API gives a new user no password: see first sign-in in the README."""

    user_id: pulumi.Output[str]
    """Id of the user in the identity store: the principal id of assignments."""

    def __init__(self, name: str, args: UserArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        checks = ArgumentChecks("User", name, args, UserArgs)
        checks.texts(args, rules_of(UserAttributesArgs))
        checks.done()
        super().__init__(plan_user(name, args), opts)
