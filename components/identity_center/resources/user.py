"""A person in the Identity Center directory.

An argument that the model has as a key is described there, once: `serving.py` reads it from the entry.
"""

from typing import NotRequired, TypedDict

import pulumi

from identity_center.model.language.values import Email, PersonText, UserName
from identity_center.model.plan.people import plan_user

from .argument_checks import ArgumentChecks, rules_of
from .making import PlannedComponent


class PhoneNumberArgs(TypedDict):
    """A person's telephone."""

    value: pulumi.Input[str]
    type: NotRequired[pulumi.Input[str]]
    primary: NotRequired[pulumi.Input[bool]]


class AddressArgs(TypedDict):
    """Where a person is to be found."""

    street_address: NotRequired[pulumi.Input[str]]
    locality: NotRequired[pulumi.Input[str]]
    region: NotRequired[pulumi.Input[str]]
    postal_code: NotRequired[pulumi.Input[str]]
    country: NotRequired[pulumi.Input[str]]
    formatted: NotRequired[pulumi.Input[str]]
    type: NotRequired[pulumi.Input[str]]
    primary: NotRequired[pulumi.Input[bool]]


class UserAttributesArgs(TypedDict):
    """What the directory knows of a person."""

    user_name: pulumi.Input[UserName]
    given_name: pulumi.Input[PersonText]
    family_name: pulumi.Input[PersonText]
    display_name: pulumi.Input[PersonText]
    email: pulumi.Input[Email]
    email_type: NotRequired[pulumi.Input[PersonText]]
    phone_number: NotRequired[PhoneNumberArgs]
    address: NotRequired[AddressArgs]
    middle_name: NotRequired[pulumi.Input[PersonText]]
    formatted_name: NotRequired[pulumi.Input[PersonText]]
    honorific_prefix: NotRequired[pulumi.Input[PersonText]]
    honorific_suffix: NotRequired[pulumi.Input[PersonText]]
    nickname: NotRequired[pulumi.Input[PersonText]]
    title: NotRequired[pulumi.Input[PersonText]]
    user_type: NotRequired[pulumi.Input[PersonText]]
    preferred_language: NotRequired[pulumi.Input[PersonText]]
    locale: NotRequired[pulumi.Input[PersonText]]
    timezone: NotRequired[pulumi.Input[PersonText]]
    profile_url: NotRequired[pulumi.Input[PersonText]]


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
