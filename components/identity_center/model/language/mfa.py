"""The MFA settings of Identity Center, which only the console shows, and which of them belong together.

Source of the settings and their wording: AWS IAM Identity Center user guide, "Prompt users for MFA", "Choose
MFA types for user authentication" and "Configure MFA device enforcement".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, TypeVar

from identity_center.model.mistakes import WrongValueError


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
