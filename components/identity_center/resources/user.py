"""A person in the Identity Center directory."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from .argument_checks import USER, ArgumentChecks
from .props import visible_props


class PhoneNumberArgs(TypedDict):
    """A person's telephone."""

    value: pulumi.Input[str]
    """The number, as people dial it."""
    type: NotRequired[pulumi.Input[str]]
    """What kind of number it is, such as work."""
    primary: NotRequired[pulumi.Input[bool]]
    """Whether it is the number to call first."""


class AddressArgs(TypedDict):
    """Where a person is to be found."""

    street_address: NotRequired[pulumi.Input[str]]
    """Street and number."""
    locality: NotRequired[pulumi.Input[str]]
    """Town."""
    region: NotRequired[pulumi.Input[str]]
    """State or province."""
    postal_code: NotRequired[pulumi.Input[str]]
    """Code of the town or district."""
    country: NotRequired[pulumi.Input[str]]
    """Country."""
    formatted: NotRequired[pulumi.Input[str]]
    """The whole address as it is written on an envelope."""
    type: NotRequired[pulumi.Input[str]]
    """What kind of address it is, such as work."""
    primary: NotRequired[pulumi.Input[bool]]
    """Whether it is the address to write to first."""


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
    email_type: NotRequired[pulumi.Input[str]]
    """What kind of address `email` is, such as work."""
    phone_number: NotRequired[PhoneNumberArgs]
    """Telephone. AWS keeps one."""
    address: NotRequired[AddressArgs]
    """Postal address. AWS keeps one."""
    middle_name: NotRequired[pulumi.Input[str]]
    """Middle name."""
    formatted_name: NotRequired[pulumi.Input[str]]
    """The whole name as it is written out."""
    honorific_prefix: NotRequired[pulumi.Input[str]]
    """What stands before the name, such as Dr."""
    honorific_suffix: NotRequired[pulumi.Input[str]]
    """What stands after the name, such as Jr."""
    nickname: NotRequired[pulumi.Input[str]]
    """What colleagues call them."""
    title: NotRequired[pulumi.Input[str]]
    """What they are in the organisation."""
    user_type: NotRequired[pulumi.Input[str]]
    """What they are to the organisation, such as employee."""
    preferred_language: NotRequired[pulumi.Input[str]]
    """Language to write to them in, such as en-GB."""
    locale: NotRequired[pulumi.Input[str]]
    """Language and country of dates and numbers, such as en_GB."""
    timezone: NotRequired[pulumi.Input[str]]
    """Where their clock is set, such as Europe/London."""
    profile_url: NotRequired[pulumi.Input[str]]
    """A page about them."""


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
    email_type: NotRequired[pulumi.Input[str]]
    """What kind of address `email` is, such as work."""
    phone_number: NotRequired[PhoneNumberArgs]
    """Telephone. AWS keeps one."""
    address: NotRequired[AddressArgs]
    """Postal address. AWS keeps one."""
    middle_name: NotRequired[pulumi.Input[str]]
    """Middle name."""
    formatted_name: NotRequired[pulumi.Input[str]]
    """The whole name as it is written out."""
    honorific_prefix: NotRequired[pulumi.Input[str]]
    """What stands before the name, such as Dr."""
    honorific_suffix: NotRequired[pulumi.Input[str]]
    """What stands after the name, such as Jr."""
    nickname: NotRequired[pulumi.Input[str]]
    """What colleagues call them."""
    title: NotRequired[pulumi.Input[str]]
    """What they are in the organisation."""
    user_type: NotRequired[pulumi.Input[str]]
    """What they are to the organisation, such as employee."""
    preferred_language: NotRequired[pulumi.Input[str]]
    """Language to write to them in, such as en-GB."""
    locale: NotRequired[pulumi.Input[str]]
    """Language and country of dates and numbers, such as en_GB."""
    timezone: NotRequired[pulumi.Input[str]]
    """Where their clock is set, such as Europe/London."""
    profile_url: NotRequired[pulumi.Input[str]]
    """A page about them."""


class User(pulumi.ComponentResource):
    """A person who signs in. The API gives a new user no password: see first sign-in in the README."""

    user_id: pulumi.Output[str]
    """Id of the user in the identity store: the principal id of assignments."""

    def __init__(self, name: str, args: UserArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        checks = ArgumentChecks("User", name, args, UserArgs)
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
        name=_given(attributes, _NAME),
        emails={**_given(attributes, _EMAIL), "primary": True},
        phone_numbers=_nested(attributes.get("phone_number")),
        addresses=_nested(attributes.get("address")),
        nickname=attributes.get("nickname"),
        title=attributes.get("title"),
        user_type=attributes.get("user_type"),
        preferred_language=attributes.get("preferred_language"),
        locale=attributes.get("locale"),
        timezone=attributes.get("timezone"),
        profile_url=attributes.get("profile_url"),
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(delete_before_replace=True)),
    )


#: By argument of the provider's nested name: the attribute.
_NAME = {
    "given_name": "given_name",
    "family_name": "family_name",
    "middle_name": "middle_name",
    "formatted": "formatted_name",
    "honorific_prefix": "honorific_prefix",
    "honorific_suffix": "honorific_suffix",
}
_EMAIL = {"value": "email", "type": "email_type"}


def _given(attributes: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {name: attributes[key] for name, key in names.items() if attributes.get(key) is not None}


def _nested(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if given is None else {key: value for key, value in given.items() if value is not None}
