"""The requirement that people sign in with MFA.

Identity Center's MFA settings have no public API: they can be neither set nor read by a program. So the model
declares what holds, this module says where each setting is made, and the policy pack judges the declaration.
Source of the settings and their wording: AWS IAM Identity Center user guide, "Prompt users for MFA" and
"Configure MFA device enforcement".
"""

from collections.abc import Iterator
from enum import Enum
from typing import Annotated

from pydantic import Field, model_validator

from .fields import CalendarDate, Entry, PersonText, mistake


class PromptMode(Enum):
    """When people are asked for their MFA device."""

    ALWAYS_ON = "always-on"
    """Every time they sign in."""
    CONTEXT_AWARE = "context-aware"
    """Only when their sign-in context changes: a device once trusted is not asked again."""
    DISABLED = "disabled"
    """Never: a password is enough."""


class NoDevice(Enum):
    """What happens to people who have no MFA device registered."""

    REGISTER = "register"
    """They register one before they can sign in."""
    BLOCK = "block"
    """They cannot sign in."""
    EMAIL_OTP = "email-otp"
    """They get a one-time password by e-mail, which AWS does not count as MFA."""
    ALLOW = "allow"
    """They sign in with their password alone."""


class IdentityProvider(Enum):
    """Where people are known and sign in."""

    BUILT_IN = "built-in"
    """The Identity Center directory."""
    ACTIVE_DIRECTORY = "active-directory"
    """AWS Managed Microsoft AD or AD Connector."""
    EXTERNAL = "external"
    """An external identity provider, which asks for MFA itself: Identity Center has no MFA settings then."""


#: The words of the console for each value of "Prompt users for MFA".
PROMPT_WORDS = {
    PromptMode.ALWAYS_ON: "Every time they sign in (always-on)",
    PromptMode.CONTEXT_AWARE: "Only when their sign-in context changes (context-aware)",
    PromptMode.DISABLED: "Never (disabled)",
}
#: The words of the console for each value of "If a user does not yet have a registered MFA device".
NO_DEVICE_WORDS = {
    NoDevice.REGISTER: "Require them to register an MFA device at sign in",
    NoDevice.BLOCK: "Block their sign-in",
    NoDevice.EMAIL_OTP: "Require them to provide a one-time password sent by email to sign in",
    NoDevice.ALLOW: "Allow them to sign in",
}


class MfaRequirementEntry(Entry):
    """What holds for MFA at sign-in, who looked, and until when the word is good."""

    prompt_mode: Annotated[PromptMode | None, Field(strict=False)] = None
    """When people are asked for their device. Not with an external identity provider."""
    no_device: Annotated[NoDevice | None, Field(strict=False)] = None
    """What happens without a registered device. Not with an external identity provider."""
    identity_provider: Annotated[IdentityProvider, Field(strict=False)]
    """Where people sign in: it decides who asks for MFA."""
    confirmed_by: PersonText | None = None
    """Who compared the console with this declaration, such as a team or a ticket."""
    valid_until: CalendarDate | None = None
    """The last day on which the confirmation counts."""

    @model_validator(mode="after")
    def _settings_belong_to_the_provider(self) -> "MfaRequirementEntry":
        external = self.identity_provider is IdentityProvider.EXTERNAL
        given = [name for name, value in self._settings() if value is not None]
        missing = [name for name, value in self._settings() if value is None]
        if external and given:
            raise mistake(
                f"`{given[0]}` is a setting that Identity Center lacks with an external identity provider",
                "leave it out, and confirm that the identity provider asks for MFA",
            )
        if not external and missing:
            raise mistake(f"`{missing[0]}` is missing", "write what the console shows")
        return self

    def _settings(self) -> Iterator[tuple[str, PromptMode | NoDevice | None]]:
        yield "promptMode", self.prompt_mode
        yield "noDevice", self.no_device


def console_steps(requirement: MfaRequirementEntry) -> tuple[str, ...]:
    """Say where in the console the declared settings are made, one step a line."""
    if requirement.prompt_mode is None or requirement.no_device is None:
        return (
            "MFA is asked for by the external identity provider: Identity Center has no setting for it.",
            "In that provider, require MFA for every sign-in to AWS.",
        )
    return (
        "MFA settings have no API: set and check them in the console, in the Region of the instance.",
        "IAM Identity Center > Settings > Authentication > Multi-factor authentication > Configure:",
        f"  Prompt users for MFA: {PROMPT_WORDS[requirement.prompt_mode]}",
        f"  If a user does not yet have a registered MFA device: {NO_DEVICE_WORDS[requirement.no_device]}",
    )
