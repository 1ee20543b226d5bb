"""How long the provider waits for what is planned: an option of the old SDK's types, an input of newer ones.

docs/timeouts.md tells users the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from identity_center.model.language.keys.waiting_time import DEFAULTS, waiting_time

from .planned import (
    ACCOUNT_ACCESS,
    ASSIGNMENT,
    BOUNDARY,
    CUSTOMER_POLICY,
    INLINE_POLICY,
    MANAGED_POLICIES,
    PERMISSION_SET,
    REGION,
    Plan,
    PlannedResource,
)


class Given(Enum):
    """How the provider is told a time-out."""

    OPTION = "customTimeouts"
    """The engine's resource option; types on Terraform's old SDK heed it, others ignore it without a word."""
    INPUT = "timeouts"
    """An input; the only way of types on Terraform's plugin framework, and only some of them have it."""


@dataclass(frozen=True)
class Waiting:
    """What a type waits for."""

    time: str
    """A field of TimeoutsEntry."""
    operations: tuple[str, ...]
    """Those of which the provider takes a time-out: it ignores that of any other."""
    given: Given
    source: str
    """The file of terraform-provider-aws, internal/service, whose schema has these time-outs."""


#: All types of a plan of which the provider takes a time-out.
#: An inline policy is updated with the time-out of its creation, but the provider takes none for an update.
WAITING: Final[Mapping[str, Waiting]] = {
    ASSIGNMENT: Waiting("assignments", ("create", "delete"), Given.OPTION, "ssoadmin/account_assignment.go"),
    PERMISSION_SET: Waiting("provisioning", ("update",), Given.OPTION, "ssoadmin/permission_set.go"),
    INLINE_POLICY: Waiting(
        "provisioning", ("create", "delete"), Given.OPTION, "ssoadmin/permission_set_inline_policy.go"
    ),
    BOUNDARY: Waiting(
        "provisioning", ("create", "delete"), Given.OPTION, "ssoadmin/permissions_boundary_attachment.go"
    ),
    CUSTOMER_POLICY: Waiting(
        "provisioning", ("create", "delete"), Given.OPTION, "ssoadmin/customer_managed_policy_attachment.go"
    ),
    MANAGED_POLICIES: Waiting(
        "provisioning",
        ("create", "update"),
        Given.INPUT,
        "ssoadmin/managed_policy_attachments_exclusive.go",
    ),
    REGION: Waiting("regions", ("create", "delete"), Given.INPUT, "ssoadmin/region.go"),
    ACCOUNT_ACCESS: Waiting(
        "account_access", ("create", "delete"), Given.INPUT, "accountaccess/application.go"
    ),
}


def timed(plan: Iterable[PlannedResource], times: Mapping[str, str] | None) -> Plan:
    """Say in a plan how long is waited; `times` has what differs from the defaults."""
    return tuple(_timed(each, times or {}) for each in plan)


def _timed(planned: PlannedResource, times: Mapping[str, str]) -> PlannedResource:
    waiting = WAITING.get(planned.type)
    if waiting is None:
        return planned
    time = times.get(waiting.time) or DEFAULTS.get(waiting.time)
    if time is None:
        return planned
    told = dict.fromkeys(waiting.operations, waiting_time(time))
    if waiting.given is Given.OPTION:
        return replace(planned, timeouts=told)
    return replace(planned, inputs={**planned.inputs, waiting.given.value: told})
