"""The requirement that people sign in with MFA.

Identity Center's MFA settings have no public API: they can be neither set nor read by a program. So the model
declares what holds, mfa_settings.py says where each setting is made, and the policy pack judges the
declaration.
"""

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from .fields import CalendarDate, Entry, Items, PersonText
from .mfa_settings import IdentityProvider, MfaType, NoDevice, PromptMode, check_settings, each_once


class MfaRequirementEntry(Entry):
    """What holds for MFA at sign-in, who looked, and until when the word is good."""

    prompt_mode: Annotated[PromptMode | None, Field(strict=False)] = None
    """When people are asked for their device. Not with an external identity provider."""
    allowed_types: (
        Annotated[
            Items[Annotated[MfaType, Field(strict=False)]], Field(min_length=1), AfterValidator(each_once)
        ]
        | None
    ) = None
    """Kinds of device that people may register and use. Not with an external identity provider."""
    no_device: Annotated[NoDevice | None, Field(strict=False)] = None
    """What happens without a registered device. Not with an external identity provider."""
    identity_provider: Annotated[IdentityProvider, Field(strict=False)]
    """Where people sign in: it decides who asks for MFA."""
    enforced_by: PersonText | None = None
    """What requires MFA there, such as a sign-on policy's name. With an external identity provider only."""
    confirmed_by: PersonText | None = None
    """Who compared the settings with this declaration, such as a team or a ticket."""
    valid_until: CalendarDate | None = None
    """The last day on which the confirmation counts."""

    @model_validator(mode="after")
    def _settings_belong_to_the_provider(self) -> "MfaRequirementEntry":
        check_settings(self)
        return self
