"""What an exception from the policy pack can name: rules, and exactly one resource or principal."""

from enum import Enum

from .text_rules import PERSON_TEXT
from .wrong_value import WrongValueError


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
    ROOT_STAYS_BOUND = "root-stays-bound"
    """What binds root users stays."""


def exact_name(text: str) -> str:
    """Return a name without wildcards. Raises WrongValueError for any other."""
    PERSON_TEXT.check(text)
    if any(sign in text for sign in "*?"):
        raise WrongValueError("has a wildcard", "name exactly one: an exception never grows by itself")
    return text
