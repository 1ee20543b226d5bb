"""The permission sets of an instance as they are in AWS, with how strong they are."""

from collections.abc import Mapping
from typing import Any

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.objects import PermissionSet
from identity_center.model.existing.parts import Part
from identity_center.model.plan.permission_sets import plan_permission_set
from identity_center_cli.stacks.planned import INSTANCE, resources_of_plan
from identity_center_cli.stacks.recorded import view_of

from .contents import PermissionSet as Judged
from .from_stack import StackAccess

_DECIDING = (
    Part.MANAGED_POLICIES,
    Part.CUSTOMER_MANAGED_POLICIES,
    Part.INLINE_POLICIES,
    Part.BOUNDARIES,
)


def judged_sets(existing: Existing) -> Mapping[str, Judged]:
    """Return each permission set of which all policies were read, by name."""
    planned = [
        resource
        for one in existing.permission_sets
        if all(existing.knows(part, one.arn) for part in _DECIDING)
        for resource in plan_permission_set(one.label, _args(one), ())
    ]
    view = view_of({each.urn: each for each in resources_of_plan(tuple(planned))}, {})
    return {each.name: each for each in StackAccess(view).permission_sets}


def _args(one: PermissionSet) -> dict[str, Any]:
    args: dict[str, Any] = {
        "instance_arn": INSTANCE,
        "name": one.label,
        "managed_policy_arns": list(one.managed_policies or ()),
        "customer_managed_policies": [
            {"name": each.name, "path": each.path} for each in one.customer_managed_policies or ()
        ],
        "inline_policy": one.inline_policy or None,
    }
    if one.boundary is not None:
        customer = one.boundary.customer_managed
        args["permissions_boundary"] = (
            {"customer_managed_policy": {"name": customer.name, "path": customer.path}}
            if customer
            else {"managed_policy_arn": one.boundary.managed_policy_arn}
        )
    return args
