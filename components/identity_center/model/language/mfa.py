"""The MFA settings of Identity Center, which only the console shows, and which of them belong together.

Source of the settings and their wording: AWS IAM Identity Center user guide, "Prompt users for MFA", "Choose
MFA types for user authentication" and "Configure MFA device enforcement".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Protocol, TypeVar

from pydantic import AfterValidator, Field, model_validator

from identity_center.model.mistakes import WrongValueError

from .key_facts import Argument
from .values import CalendarDate, Entry, Items, PersonText


class PromptMode(Enum):
    """When people are asked for their MFA device."""

    ALWAYS_ON = "always-on"
    """Every time they sign in."""
    CONTEXT_AWARE = "context-aware"
    """Only when their sign-in context changes: a device once trusted is not asked again."""
    DISABLED = "disabled"
    """Never: a password is enough."""


class MfaType(Enum):
    """A kind of MFA device that people may use."""

    SECURITY_KEYS = "security-keys"
    """Security keys and authenticators built into a computer or phone (FIDO2): they withstand phishing."""
    AUTHENTICATOR_APPS = "authenticator-apps"
    """Apps that show a code of six digits (TOTP)."""


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
#: The words of the console for each choice of "Users can authenticate with these MFA types".
TYPE_WORDS = {
    MfaType.SECURITY_KEYS: "Security keys and built-in authenticators",
    MfaType.AUTHENTICATOR_APPS: "Authenticator apps",
}
#: The words of the console for each value of "If a user does not yet have a registered MFA device".
NO_DEVICE_WORDS = {
    NoDevice.REGISTER: "Require them to register an MFA device at sign in",
    NoDevice.BLOCK: "Block their sign-in",
    NoDevice.EMAIL_OTP: "Require them to provide a one-time password sent by email to sign in",
    NoDevice.ALLOW: "Allow them to sign in",
}


Types = TypeVar("Types", bound=Sequence[object])


class DeclaredMfa(Protocol):
    """What somebody declares of the settings."""

    @property
    def prompt_mode(self) -> PromptMode | None:
        """When people are asked for their device."""

    @property
    def allowed_types(self) -> tuple[MfaType, ...] | None:
        """Kinds of device that people may register and use."""

    @property
    def no_device(self) -> NoDevice | None:
        """What happens without a registered device."""

    @property
    def identity_provider(self) -> IdentityProvider:
        """Where people sign in."""

    @property
    def enforced_by(self) -> str | None:
        """What requires MFA in an external identity provider."""


@dataclass(frozen=True)
class MfaSettings:
    """Settings as the arguments of a component declare them."""

    identity_provider: IdentityProvider
    prompt_mode: PromptMode | None = None
    allowed_types: tuple[MfaType, ...] | None = None
    no_device: NoDevice | None = None
    enforced_by: str | None = None


def each_once(types: Types) -> Types:
    """Return the kinds of device. Raises WrongValueError where one is named twice."""
    if len(set(types)) != len(types):
        raise WrongValueError("names a kind of device twice", "keep it once")
    return types


def check_settings(declared: DeclaredMfa) -> None:
    """Raise WrongValueError where a setting is missing, or does not belong to the identity provider."""
    if declared.identity_provider is IdentityProvider.EXTERNAL:
        _check_external(declared)
    else:
        _check_own(declared)


def _check_external(declared: DeclaredMfa) -> None:
    settings = {
        "promptMode": declared.prompt_mode,
        "allowedTypes": declared.allowed_types,
        "noDevice": declared.no_device,
    }
    for name, value in settings.items():
        if value is not None:
            raise WrongValueError(
                f"`{name}` is a setting that Identity Center lacks with an external identity provider",
                "leave it out, and write as `enforcedBy` what requires MFA there",
            )
    if declared.enforced_by is None:
        raise WrongValueError(
            "`enforcedBy` is missing", "write what requires MFA in the external identity provider"
        )


def _check_own(declared: DeclaredMfa) -> None:
    for name, value in {"promptMode": declared.prompt_mode, "noDevice": declared.no_device}.items():
        if value is None:
            raise WrongValueError(f"`{name}` is missing", "write what the console shows")
    if declared.enforced_by is not None:
        raise WrongValueError(
            "`enforcedBy` is said of an external identity provider only",
            f"leave it out: with `{declared.identity_provider.value}` Identity Center itself asks for MFA",
        )


def console_steps(declared: DeclaredMfa) -> tuple[str, ...]:
    """Say where in the console the declared settings are made, one step a line."""
    if declared.prompt_mode is None or declared.no_device is None:
        return (
            "MFA is asked for by the external identity provider: Identity Center has no setting for it.",
            "In that provider, what `enforcedBy` names has to require MFA for every sign-in to AWS.",
        )
    return (
        "MFA settings have no API: set and check them in the console, in the Region of the instance.",
        "IAM Identity Center > Settings > Authentication > Multi-factor authentication > Configure:",
        f"  Prompt users for MFA: {PROMPT_WORDS[declared.prompt_mode]}",
        f"  Users can authenticate with these MFA types: {_types_in_words(declared.allowed_types)}",
        f"  If a user does not yet have a registered MFA device: {NO_DEVICE_WORDS[declared.no_device]}",
    )


def _types_in_words(allowed: tuple[MfaType, ...] | None) -> str:
    if allowed is None:
        return "one of them or both (`allowedTypes` does not say)"
    return ", ".join(words for each, words in TYPE_WORDS.items() if each in allowed)


# The requirement that people sign in with MFA.
#
# Identity Center's MFA settings have no public API: they can be neither set nor read by a program. So the
# model declares what holds, mfa_settings.py says where each setting is made, and the policy pack judges the
# declaration.


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
