"""How strong the access is that an instance holds or the code wants, by the evaluator."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.objects import GROUP, USER
from identity_center_cli.report.contents import STRONGEST_FIRST, Strength
from identity_center_cli.report.existing_sets import judged_sets
from identity_center_cli.report.from_stack import StackAccess
from identity_guard.stack.view import View


def strengths_in(view: View) -> Mapping[str, Strength]:
    """Return the evaluator's word on each permission set of a stack, by its name in AWS."""
    return {each.name: each.strength for each in StackAccess(view).permission_sets}


def role_strengths_in(view: View) -> Mapping[str, Strength]:
    """Return the evaluator's word on each role that a stack itself makes, by its ARN."""
    return StackAccess(view).role_strengths


@dataclass(frozen=True)
class StrengthsInAws:
    """The evaluator's word on what an instance holds."""

    existing: Existing

    @cached_property
    def of_sets(self) -> Mapping[str, Strength]:
        """The strength of each permission set by name: undecided where not all its policies were read."""
        known = judged_sets(self.existing)
        return {
            each.label: known[each.label].strength if each.label in known else Strength.UNDECIDED
            for each in self.existing.permission_sets
        }

    def of_principal(self, kind: str, name: str) -> Strength | None:
        """Return the strongest permission set that a user or group has somewhere, by groups as well."""
        ids = {each.id for each in self.existing.users if kind == USER and name in (each.user_name, each.id)}
        ids |= {each.id for each in self.existing.groups if kind == GROUP and name in (each.name, each.id)}
        ids |= {each.group_id for each in self.existing.memberships if each.user_id in ids}
        held = {each.permission_set_arn for each in self.existing.assignments if each.principal_id in ids}
        return strongest(self.of_sets[one.label] for one in self.existing.permission_sets if one.arn in held)


def strongest(found: Iterable[Strength]) -> Strength | None:
    """Return the strongest; None of nothing."""
    return min(found, key=STRONGEST_FIRST.index, default=None)
