"""A person in the Identity Center directory."""

from typing import TypedDict

import pulumi
import pulumi_aws as aws

from .argument_checks import USER, ArgumentChecks
from .props import visible_props


class UserAttributesArgs(TypedDict):
    """What the directory knows of a person."""

    user_name: pulumi.Input[str]
    """What they sign in with: 1 to 128 characters, no white space, unique. A new one replaces the user."""
    given_name: pulumi.Input[str]
    """First name: 1 to 1024 characters."""
    family_name: pulumi.Input[str]
    """Last name: 1 to 1024 characters."""
    display_name: pulumi.Input[str]
    """The name that the console and the portal show: 1 to 1024 characters."""
    email: pulumi.Input[str]
    """E-mail address, unique in the directory: the one-time password for the first sign-in goes there."""


class UserArgs(TypedDict):
    """Arguments of `User`."""

    identity_store_id: pulumi.Input[str]
    """Identity store of the instance, such as d-1234567890."""
    user_name: pulumi.Input[str]
    """What they sign in with: 1 to 128 characters, no white space, unique. A new one replaces the user."""
    given_name: pulumi.Input[str]
    """First name: 1 to 1024 characters."""
    family_name: pulumi.Input[str]
    """Last name: 1 to 1024 characters."""
    display_name: pulumi.Input[str]
    """The name that the console and the portal show: 1 to 1024 characters."""
    email: pulumi.Input[str]
    """E-mail address, unique in the directory: the one-time password for the first sign-in goes there."""


class User(pulumi.ComponentResource):
    """A person who signs in. The API gives a new user no password: see first sign-in in the README."""

    user_id: pulumi.Output[str]
    """Id of the user in the identity store: the principal id of assignments."""

    def __init__(self, name: str, args: UserArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        checks = ArgumentChecks("User", name)
        checks.texts(args, USER)
        checks.done()
        super().__init__("identity-center:index:User", name, visible_props(args, "identity_store_id"), opts)
        user = directory_user(name, args["identity_store_id"], args, pulumi.ResourceOptions(parent=self))
        self.user_id = user.user_id
        self.register_outputs({"userId": self.user_id})


def directory_user(
    name: str,
    identity_store_id: pulumi.Input[str],
    attributes: UserAttributesArgs | UserArgs,
    opts: pulumi.ResourceOptions,
) -> aws.identitystore.User:
    """Make the user itself.

    A new user name replaces the user, and the old one goes first: the store wants an e-mail address once.
    """
    return aws.identitystore.User(
        name,
        identity_store_id=identity_store_id,
        user_name=attributes["user_name"],
        display_name=attributes["display_name"],
        name={"given_name": attributes["given_name"], "family_name": attributes["family_name"]},
        emails={"value": attributes["email"], "primary": True},
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(delete_before_replace=True)),
    )
