"""The id by which Pulumi imports each resource of a plan: what the instance holds in its place.

Forms of the ids. Source: terraform-provider-aws, "Import" of each resource's page, and the importers in
internal/service/identitystore, ssoadmin and accountaccess.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.objects import Application, PermissionSet
from identity_center.model.plan.planned import (
    ACCOUNT_ACCESS,
    APPLICATION,
    APPLICATION_ASSIGNMENT,
    ASSIGNMENT,
    ATTRIBUTES,
    BOUNDARY,
    CUSTOMER_POLICY,
    ENTITLEMENT,
    GROUP,
    INLINE_POLICY,
    MANAGED_POLICIES,
    MEMBERSHIP,
    PERMISSION_SET,
    USER,
    Id,
    Plan,
    PlannedResource,
    Ref,
    Secret,
)


@dataclass(frozen=True)
class Imports:
    """A plan beside what the instance holds."""

    plan: Plan
    ids: Mapping[Id, str]
    """What to import each resource by; those that the instance does not have are not among them."""
    known_as: Mapping[Id, str]
    """Of those that others refer to: their own id or ARN, without what makes an import id of it."""

    @property
    def absent(self) -> Iterator[PlannedResource]:
        """What would be made, since the instance does not have it."""
        return (each for each in self.plan if not each.is_component and each.id not in self.ids)

    @cached_property
    def key_of(self) -> Mapping[tuple[str, str], str]:
        """The key of each resource that is there, by type and import id."""
        return {(which.type, identifier): which.key for which, identifier in self.ids.items()}


def imports_of(plan: Plan, existing: Existing) -> Imports:
    """Find what the instance holds in the place of each resource of a plan."""
    finding = _Finding(plan, existing)
    return Imports(plan, dict(finding.found()), finding.outputs)


def opened(value: object, known_as: Mapping[Id, str | None]) -> Any:  # noqa: ANN401 - an input may be anything
    """Put what others are known by in the place of references, and open secrets."""
    if isinstance(value, Ref):
        return known_as.get(Id(value.type, value.key))
    if isinstance(value, Secret):
        return opened(value.value, known_as)
    if isinstance(value, Mapping):
        return {name: opened(each, known_as) for name, each in value.items()}
    return [opened(each, known_as) for each in value] if isinstance(value, list | tuple) else value


def user_id(existing: Existing, identifier: str) -> str:
    """Write the import id of a user."""
    return f"{existing.identity_store_id}/{identifier}"


def group_id(existing: Existing, identifier: str) -> str:
    """Write the import id of a group."""
    return f"{existing.identity_store_id}/{identifier}"


def membership_id(existing: Existing, identifier: str) -> str:
    """Write the import id of a membership."""
    return f"{existing.identity_store_id}/{identifier}"


def set_id(existing: Existing, arn: str) -> str:
    """Write the import id of a permission set, of its inline policy and of its boundary."""
    return f"{arn},{existing.instance_arn}"


def assignment_id(existing: Existing, arn: str, kind: str, principal: str, account: str) -> str:
    """Write the import id of an account assignment."""
    return f"{principal},{kind},{account},AWS_ACCOUNT,{arn},{existing.instance_arn}"


def application_assignment_id(arn: str, kind: str, principal: str) -> str:
    """Write the import id of an application assignment."""
    return f"{arn},{principal},{kind}"


def entitlement_id(application_arn: str, identifier: str) -> str:
    """Write the import id of a role entitlement."""
    return f"{application_arn},{identifier}"


class _Finding:
    """One plan, looked up in one instance; what others refer to is found before them."""

    def __init__(self, plan: Plan, existing: Existing) -> None:
        self._plan, self._existing = plan, existing
        self.outputs: dict[Id, str] = {}
        """The id or ARN that others refer to each resource by."""
        self._users = {user.user_name.casefold(): user.id for user in existing.users if user.user_name}
        self._groups = {group.name.casefold(): group.id for group in existing.groups if group.name}
        self._sets = {one.name: one for one in existing.permission_sets if one.name}
        self._members = {(each.group_id, each.user_id): each.id for each in existing.memberships}
        self._assigned = {
            (each.permission_set_arn, each.principal_type, each.principal_id, each.account_id)
            for each in existing.assignments
        }
        self._entitled = {
            (each.role_arn, each.principal_type, each.principal_id): each for each in existing.entitlements
        }

    def found(self) -> Iterator[tuple[Id, str]]:
        """Yield which resources are there, with their import ids."""
        for each in self._plan:
            look = _LOOKS.get(each.type)
            identifier = look(self, each, opened(each.inputs, self.outputs)) if look else None
            if identifier is not None:
                yield each.id, identifier

    def user(self, planned: PlannedResource, given: Mapping[str, Any]) -> str | None:
        found = self._users.get(given["userName"].casefold())
        return self._known(planned, found, user_id(self._existing, found or ""))

    def group(self, planned: PlannedResource, given: Mapping[str, Any]) -> str | None:
        found = self._groups.get(given["displayName"].casefold())
        return self._known(planned, found, group_id(self._existing, found or ""))

    def _known(self, planned: PlannedResource, found: str | None, identifier: str) -> str | None:
        if found is None:
            return None
        self.outputs[planned.id] = found
        return identifier

    def membership(self, _: PlannedResource, given: Mapping[str, Any]) -> str | None:
        found = self._members.get((given["groupId"], given["memberId"]))
        return None if found is None else membership_id(self._existing, found)

    def permission_set(self, planned: PlannedResource, given: Mapping[str, Any]) -> str | None:
        found = self._sets.get(given["name"])
        arn = found.arn if found else None
        return self._known(planned, arn, set_id(self._existing, arn or ""))

    def _set(self, given: Mapping[str, Any]) -> PermissionSet | None:
        return self._existing.set_of.get(given["permissionSetArn"] or "")

    def managed_policies(self, _: PlannedResource, given: Mapping[str, Any]) -> str | None:
        """Find the list, which is there where the set is, even an empty one. Its id has the other order."""
        found = self._set(given)
        return f"{self._existing.instance_arn},{found.arn}" if found else None

    def customer_policy(self, _: PlannedResource, given: Mapping[str, Any]) -> str | None:
        found, wanted = self._set(given), given["customerManagedPolicyReference"]
        for policy in (found.customer_managed_policies or ()) if found else ():
            if found and (policy.name, policy.path) == (wanted["name"], wanted["path"]):
                return f"{policy.name},{policy.path},{set_id(self._existing, found.arn)}"
        return None

    def inline_policy(self, _: PlannedResource, given: Mapping[str, Any]) -> str | None:
        found = self._set(given)
        return set_id(self._existing, found.arn) if found and found.inline_policy else None

    def boundary(self, _: PlannedResource, given: Mapping[str, Any]) -> str | None:
        found = self._set(given)
        return set_id(self._existing, found.arn) if found and found.boundary else None

    def assignment(self, _: PlannedResource, given: Mapping[str, Any]) -> str | None:
        arn, kind, who = given["permissionSetArn"], given["principalType"], given["principalId"]
        if (arn, kind, who, given["targetId"]) not in self._assigned:
            return None
        return assignment_id(self._existing, arn, kind, who, given["targetId"])

    def application(self, planned: PlannedResource, given: Mapping[str, Any]) -> str | None:
        """Find it by name and provider; of several, nobody can tell which is meant."""
        meant = [each for each in self._existing.applications if _is_meant(each, given)]
        arn = meant[0].arn if len(meant) == 1 else None
        return self._known(planned, arn, arn or "")

    def application_assignment(self, _: PlannedResource, given: Mapping[str, Any]) -> str | None:
        arn, kind, who = given["applicationArn"], given["principalType"], given["principalId"]
        for each in self._existing.applications:
            there = {(one.principal_type, one.principal_id) for one in each.assignments or ()}
            if each.arn == arn and (kind, who) in there:
                return application_assignment_id(arn, kind, who)
        return None

    def attributes(self, _: PlannedResource, __: Mapping[str, Any]) -> str | None:
        return self._existing.instance_arn if self._existing.attributes else None

    def account_access(self, planned: PlannedResource, _: Mapping[str, Any]) -> str | None:
        there = self._existing.account_access
        arn = there[0].arn if len(there) == 1 else None
        return self._known(planned, arn, arn or "")

    def entitlement(self, _: PlannedResource, given: Mapping[str, Any]) -> str | None:
        role = given["entitlement"]["principalRole"]
        principal = role["principal"]["identityCenter"]
        kind, key = ("USER", "userId") if "userId" in principal else ("GROUP", "groupId")
        found = self._entitled.get((role["roleArn"], kind, principal[key]))
        return None if found is None else entitlement_id(found.application_arn, found.id)


def _is_meant(there: Application, given: Mapping[str, Any]) -> bool:
    return (there.name, there.provider_arn) == (given["name"], given["applicationProviderArn"])


_Look = Callable[[_Finding, PlannedResource, Mapping[str, Any]], str | None]
_LOOKS: Final[Mapping[str, _Look]] = {
    USER: _Finding.user,
    GROUP: _Finding.group,
    MEMBERSHIP: _Finding.membership,
    PERMISSION_SET: _Finding.permission_set,
    MANAGED_POLICIES: _Finding.managed_policies,
    CUSTOMER_POLICY: _Finding.customer_policy,
    INLINE_POLICY: _Finding.inline_policy,
    BOUNDARY: _Finding.boundary,
    ASSIGNMENT: _Finding.assignment,
    APPLICATION: _Finding.application,
    APPLICATION_ASSIGNMENT: _Finding.application_assignment,
    ATTRIBUTES: _Finding.attributes,
    ACCOUNT_ACCESS: _Finding.account_access,
    ENTITLEMENT: _Finding.entitlement,
}
