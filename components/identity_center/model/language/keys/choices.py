"""Choices of one word among several: for an application of the access portal, and the pack's rules."""

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


class ExcusableRule(Enum):
    """A rule of the policy pack that takes exceptions; docs/rules has a page for each."""

    NO_ROOT_LEVEL_ACCESS = "no-root-level-access"
    """Nobody may do everything in an account."""
    NO_PUBLIC_TRUST = "no-public-trust"
    """No role lets strangers in."""
    MFA_REQUIREMENT = "mfa-requirement"
    """People sign in with MFA."""
    IAM_MFA = "iam-mfa"
    """IAM users are bound to MFA."""
    PRIVILEGE_ESCALATION = "privilege-escalation"
    """Nobody can take more than they were given."""
    ACCESS_AS_A_WHOLE = "access-as-a-whole"
    """Who has what where, taken together."""
    CHAINS_TO_ADMINISTRATORS = "chains-to-administrators"
    """Nobody becomes an administrator by steps through others."""
    ROOT_STAYS_BOUND = "root-stays-bound"
    """What binds root users stays."""
