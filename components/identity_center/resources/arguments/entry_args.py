"""Arguments that are keys of the model, under the same names and with the same words.

Written from the entries in `model/language` by `make docs`: change those.
"""

from typing import NotRequired, TypedDict

import pulumi

from identity_center.model.language.keys.choices import ExcusableRule, SignInOrigin, Switch
from identity_center.model.language.keys.values import (
    ApplicationDescription,
    ApplicationName,
    ApplicationProviderArn,
    ApplicationUrl,
    DateText,
    Email,
    ExactName,
    GroupName,
    PermissionSetDescription,
    PermissionSetName,
    PersonText,
    RelayState,
    SessionDuration,
    UserName,
)
from identity_center.model.language.mfa import IdentityProvider, MfaType, NoDevice, PromptMode


class PhoneNumberArgs(TypedDict):
    """A person's telephone."""

    value: pulumi.Input[PersonText]
    """The number, as people dial it."""
    type: NotRequired[pulumi.Input[PersonText]]
    """What kind of number it is, such as work."""
    primary: NotRequired[pulumi.Input[bool]]
    """Whether it is the number to call first."""


class AddressArgs(TypedDict):
    """Where a person is to be found."""

    street_address: NotRequired[pulumi.Input[PersonText]]
    """Street and number."""
    locality: NotRequired[pulumi.Input[PersonText]]
    """Town."""
    region: NotRequired[pulumi.Input[PersonText]]
    """State or province."""
    postal_code: NotRequired[pulumi.Input[PersonText]]
    """Code of the town or district, in quotes where it has digits only."""
    country: NotRequired[pulumi.Input[PersonText]]
    """Country."""
    formatted: NotRequired[pulumi.Input[PersonText]]
    """The whole address as it is written on an envelope."""
    type: NotRequired[pulumi.Input[PersonText]]
    """What kind of address it is, such as work."""
    primary: NotRequired[pulumi.Input[bool]]
    """Whether it is the address to write to first."""


class UserAttributesArgs(TypedDict):
    """A person who signs in, made and changed by this stack."""

    user_name: pulumi.Input[UserName]
    """What they sign in with: 1 to 128 characters, no white space, unique. A new one replaces the user."""
    given_name: pulumi.Input[PersonText]
    """First name."""
    family_name: pulumi.Input[PersonText]
    """Last name."""
    display_name: pulumi.Input[PersonText]
    """The name that the console and the portal show."""
    email: pulumi.Input[Email]
    """Where the one-time password for the first sign-in goes: unique in the directory."""
    email_type: NotRequired[pulumi.Input[PersonText]]
    """What kind of address `email` is, such as work."""
    phone_number: NotRequired[PhoneNumberArgs]
    """Telephone. AWS keeps one."""
    address: NotRequired[AddressArgs]
    """Postal address. AWS keeps one."""
    middle_name: NotRequired[pulumi.Input[PersonText]]
    """Middle name."""
    formatted_name: NotRequired[pulumi.Input[PersonText]]
    """The whole name as it is written out."""
    honorific_prefix: NotRequired[pulumi.Input[PersonText]]
    """What stands before the name, such as Dr."""
    honorific_suffix: NotRequired[pulumi.Input[PersonText]]
    """What stands after the name, such as Jr."""
    nickname: NotRequired[pulumi.Input[PersonText]]
    """What colleagues call them."""
    title: NotRequired[pulumi.Input[PersonText]]
    """What they are in the organisation."""
    user_type: NotRequired[pulumi.Input[PersonText]]
    """What they are to the organisation, such as employee."""
    preferred_language: NotRequired[pulumi.Input[PersonText]]
    """Language to write to them in, such as en-GB."""
    locale: NotRequired[pulumi.Input[PersonText]]
    """Language and country of dates and numbers, such as en_GB."""
    timezone: NotRequired[pulumi.Input[PersonText]]
    """Where their clock is set, such as Europe/London."""
    profile_url: NotRequired[pulumi.Input[PersonText]]
    """A page about them."""


class GroupKeysArgs(TypedDict):
    """People who get the same access, in a group that is made and changed by this stack."""

    display_name: pulumi.Input[GroupName]
    """The name that the console shows: 1 to 1024 characters, unique. Changed in place."""
    description: NotRequired[pulumi.Input[PersonText]]
    """What the group is for. It can be changed, but not taken away again."""


class PermissionSetKeysArgs(TypedDict):
    """What somebody may do in the accounts where it is assigned."""

    description: NotRequired[pulumi.Input[PermissionSetDescription]]
    """What it is for: 1 to 700 characters of Latin-1. It can be changed, but not taken away again."""
    session_duration: NotRequired[pulumi.Input[SessionDuration]]
    """How long a session lasts, in ISO 8601: PT1H (the default) to PT12H."""
    relay_state: NotRequired[pulumi.Input[RelayState]]
    """Page that the console opens with, such as https://eu-west-1.console.aws.amazon.com/ec2/."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags of the permission set, at most 75."""
    name: pulumi.Input[PermissionSetName]
    """Its name in the portal and in role names: 1 to 32 characters. A new one replaces the permission set."""


class PortalArgs(TypedDict):
    """How the access portal shows an application."""

    visibility: NotRequired[Switch]
    """Whether people see it. The default is that they do. Another value replaces the application."""
    origin: SignInOrigin
    """Where a sign-in begins."""
    application_url: NotRequired[ApplicationUrl]
    """The application's own address: with `origin: application`, and only with it."""


class ApplicationAttributesArgs(TypedDict):
    """An application, and who may use it."""

    name: pulumi.Input[ApplicationName]
    """What people see: 1 to 100 characters."""
    application_provider_arn: pulumi.Input[ApplicationProviderArn]
    """ARN of its application provider, such as arn:aws:sso::aws:applicationProvider/custom. A new one
    replaces the application."""
    description: NotRequired[pulumi.Input[ApplicationDescription]]
    """What it is for: 1 to 128 characters. It can be changed, but not taken away again."""
    status: NotRequired[Switch]
    """Whether people can sign in to it. The default is that they can."""
    portal: NotRequired[PortalArgs]
    """How the access portal shows it."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags of the application, at most 75."""


class MfaRequirementArgs(TypedDict):
    """What holds for MFA at sign-in, who looked, and until when the word is good."""

    prompt_mode: NotRequired[PromptMode]
    """When people are asked for their MFA device. Not with an external identity provider."""
    allowed_types: NotRequired[list[MfaType]]
    """Kinds of device that people may register and use. Not with an external identity provider."""
    no_device: NotRequired[NoDevice]
    """What happens to people without a registered device. Not with an external identity provider."""
    identity_provider: IdentityProvider
    """Where people sign in: it decides who asks for MFA."""
    enforced_by: NotRequired[PersonText]
    """What requires MFA there, such as a sign-on policy's name. With an external identity provider only."""
    confirmed_by: NotRequired[PersonText]
    """Who compared the settings with this declaration, such as a team or a ticket."""
    valid_until: NotRequired[DateText]
    """The last day on which the confirmation counts, such as 2027-02-15."""


class PolicyExceptionArgs(TypedDict):
    """One finding of the policy pack that somebody answers for, until a day."""

    rule: ExcusableRule
    """The rule that would refuse the stack."""
    resource: NotRequired[ExactName]
    """The resource that is meant: its URN, or the end of it from the type on, such as
    `aws:iam/role:Role::break-glass`. Exactly one of `resource` and `principal`."""
    principal: NotRequired[ExactName]
    """The permission set, role, user or group that is meant, by its name in AWS."""
    expires: DateText
    """The last day on which it holds, such as 2027-02-15, in UTC."""
