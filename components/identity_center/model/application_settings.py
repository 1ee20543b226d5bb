"""The choices that AWS has for an application of the access portal."""

from enum import Enum


class Switch(Enum):
    """On or off. Source: botocore, sso-admin, shapes ApplicationStatus and ApplicationVisibility."""

    ENABLED = "enabled"
    """On."""
    DISABLED = "disabled"
    """Off."""


class SignInOrigin(Enum):
    """Where a sign-in begins. Source: botocore, sso-admin, shape SignInOrigin."""

    IDENTITY_CENTER = "identity-center"
    """Identity Center signs people in to the application."""
    APPLICATION = "application"
    """People are sent to the application's own address, which sends them back to sign in."""
