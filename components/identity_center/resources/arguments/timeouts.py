"""How long components let the provider wait for AWS."""

from collections.abc import Mapping
from typing import Final, NotRequired, TypedDict

from identity_center.model.language.keys.waiting_time import WaitingTime

from .checks import ArgumentChecks, Rules, rules_of


class AssignmentTimeoutsArgs(TypedDict):
    """How long the provider waits for assignments."""

    assignments: NotRequired[WaitingTime]
    """For one account assignment to be made or deleted, such as 45 minutes or 1h30m. The default is 30m."""


class ProvisioningTimeoutsArgs(TypedDict):
    """How long the provider waits for permission sets that change."""

    provisioning: NotRequired[WaitingTime]
    """For a changed permission set to reach every account that has it, such as 90 minutes. The default is
    1h."""


class PermissionSetTimeoutsArgs(AssignmentTimeoutsArgs, ProvisioningTimeoutsArgs):
    """How long the provider waits for a permission set and its assignments."""


class AccountAccessTimeoutsArgs(TypedDict):
    """How long the provider waits for account access manager."""

    account_access: NotRequired[WaitingTime]
    """For its application to be made or deleted, such as 20 minutes. The provider's own default is 15m."""


class RegionTimeoutsArgs(TypedDict):
    """How long the provider waits for additional Regions."""

    regions: NotRequired[WaitingTime]
    """For one Region to be added or removed, such as 90 minutes. The default is 2h."""


class ModelTimeoutsArgs(PermissionSetTimeoutsArgs, AccountAccessTimeoutsArgs, RegionTimeoutsArgs):
    """How long the provider waits for what is in a model."""


_RULES: Final[Rules] = rules_of(ModelTimeoutsArgs)


def check_timeouts(checks: ArgumentChecks, given: Mapping[str, object] | None) -> None:
    """Check that time-outs are durations, each within the limits."""
    checks.texts(given or {}, _RULES, "timeouts.")
