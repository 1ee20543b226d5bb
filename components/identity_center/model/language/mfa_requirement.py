"""The requirement that people sign in with MFA.

Identity Center's MFA settings have no public API: they can be neither set nor read by a program. So the
model declares what holds, mfa.py says where each setting is made, and the policy pack judges the declaration.
"""

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from .entry import CalendarDate, Entry, Items
from .keys.key_facts import Argument
from .keys.values import PersonText
from .mfa import IdentityProvider, MfaType, NoDevice, PromptMode, check_settings, each_once


class MfaRequirementEntry(Entry):
    """What holds for MFA at sign-in, who looked, and until when the word is good."""

    prompt_mode: Annotated[PromptMode | None, Field(strict=False)] = None
    """When people are asked for their MFA device. Not with an external identity provider."""
    allowed_types: (
        Annotated[
            Items[Annotated[MfaType, Field(strict=False)]], Field(min_length=1), AfterValidator(each_once)
        ]
        | None
    ) = None
    """Kinds of device that people may register and use. Not with an external identity provider."""
    no_device: Annotated[NoDevice | None, Field(strict=False)] = None
    """What happens to people without a registered device. Not with an external identity provider."""
    identity_provider: Annotated[IdentityProvider, Field(strict=False)]
    """Where people sign in: it decides who asks for MFA."""
    enforced_by: Annotated[PersonText | None, Argument(early=True)] = None
    """What requires MFA there, such as a sign-on policy's name. With an external identity provider only."""
    confirmed_by: Annotated[PersonText | None, Argument(early=True)] = None
    """Who compared the settings with this declaration, such as a team or a ticket."""
    valid_until: CalendarDate | None = None
    """The last day on which the confirmation counts, such as 2027-02-15."""

    @model_validator(mode="after")
    def _settings_belong_to_the_provider(self) -> "MfaRequirementEntry":
        check_settings(self)
        return self


# What a person has to do to sign in for the first time.
#
# Users made through the API get no password and no invitation by themselves.
# Source: AWS IAM Identity Center user guide, "Email one-time password to users created with API"; it is a
# setting of the console.
#: What an administrator does once. The setting has no API.
_SEND_PASSWORDS = (
    "Once, an administrator, in the console of IAM Identity Center:",
    'Settings > Authentication > Standard authentication > Configure > tick "Send email OTP".',
    "Without that setting a new user has no password: then Users > the user > Reset password sends one.",
)


def first_sign_in(portal_url: str | None, requirement: MfaRequirementEntry | None) -> tuple[str, ...]:
    """Say it in steps: what an administrator does once, then what each new person does."""
    portal = portal_url or "the access portal (set `portalUrl` to see its address here)"
    provider = requirement.identity_provider if requirement else IdentityProvider.BUILT_IN
    if provider is not IdentityProvider.BUILT_IN:
        return (f"Each person: open {portal} and sign in with the organisation's identity provider.",)
    device = requirement.no_device if requirement else None
    return (
        *_SEND_PASSWORDS,
        f"Each new person: open {portal}, enter the user name, then the password from the e-mail.",
        "Set a password of your own when asked.",
        *_DEVICE_STEPS.get(device, ()),
    )


_DEVICE_STEPS: dict[NoDevice | None, tuple[str, ...]] = {
    NoDevice.REGISTER: ("Register an MFA device when asked: an authenticator app or a security key.",),
    NoDevice.BLOCK: (
        "Before that, an administrator registers an MFA device for the person, or they are blocked.",
    ),
}
