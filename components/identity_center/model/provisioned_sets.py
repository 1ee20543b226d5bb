"""Which permission sets an account has, as AWS says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProvisionedSets:
    """Names of the permission sets that are provisioned in an account, or why AWS did not say."""

    names: frozenset[str] = frozenset()
    unseen: str = ""
    """Empty where AWS said all."""
