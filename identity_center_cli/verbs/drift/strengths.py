"""How strong the access is that an instance holds or the code wants, by the evaluator."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.objects import GROUP, USER, PermissionSet
from identity_center.model.existing.parts import Part
from identity_center.model.plan.permission_sets import plan_permission_set
from identity_center_cli.report.contents import Strength
from identity_center_cli.report.from_stack import StackAccess
from identity_center_cli.stacks.planned import INSTANCE, resources_of_plan
from identity_center_cli.stacks.recorded import view_of
from identity_guard.stack.view import View

_DECIDING = (
    Part.MANAGED_POLICIES,
    Part.CUSTOMER_MANAGED_POLICIES,
    Part.INLINE_POLICIES,
    Part.BOUNDARIES,
)
#: The strongest first. What is undecided may be as strong as any, and is shown before what is harmless.
_ORDER: Final = (
    Strength.ROOT_LEVEL,
    Strength.ADMINISTRATOR,
    Strength.ESCALATES,
    Strength.UNDECIDED,
    Strength.WRITES,
    Strength.READS,
    Strength.NOTHING,
)


def strengths_in(view: View) -> Mapping[str, Strength]:
    """Return the evaluator's word on each permission set of a stack, by its name in AWS."""
    return {each.name: each.strength for each in StackAccess(view).permission_sets}


@dataclass(frozen=True)
class StrengthsInAws:
    """The evaluator's word on what an instance holds."""

    existing: Existing

    @cached_property
    def of_sets(self) -> Mapping[str, Strength]:
        """The strength of each permission set by name: undecided where not all its policies were read."""
        read = [each for each in self.existing.permission_sets if self._is_read(each)]
        planned = [resource for one in read for resource in plan_permission_set(one.label, _args(one), ())]
        known = strengths_in(view_of({each.urn: each for each in resources_of_plan(tuple(planned))}, {}))
        return {
            each.label: known.get(each.label, Strength.UNDECIDED) for each in self.existing.permission_sets
        }

    def _is_read(self, one: PermissionSet) -> bool:
        return all(self.existing.knows(part, one.arn) for part in _DECIDING)

    def of_principal(self, kind: str, name: str) -> Strength | None:
        """Return the strongest permission set that a user or group has somewhere, by groups as well."""
        ids = {each.id for each in self.existing.users if kind == USER and name in (each.user_name, each.id)}
        ids |= {each.id for each in self.existing.groups if kind == GROUP and name in (each.name, each.id)}
        ids |= {each.group_id for each in self.existing.memberships if each.user_id in ids}
        held = {each.permission_set_arn for each in self.existing.assignments if each.principal_id in ids}
        return strongest(self.of_sets[one.label] for one in self.existing.permission_sets if one.arn in held)


def strongest(found: Iterable[Strength]) -> Strength | None:
    """Return the strongest; None of nothing."""
    return min(found, key=_ORDER.index, default=None)


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
