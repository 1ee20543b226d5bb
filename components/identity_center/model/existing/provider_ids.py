"""What an instance holds by the ids under which the Pulumi provider knows it, as `pulumi import` takes them.

A resource is found again by what its inputs say and AWS keeps unique: a user by the user name, an assignment
by principal, account and set. An id is what the engine's state has for it.
Source of the ids: pulumi-aws 7, the section "Import" of each type.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from identity_center.model.plan.planned import (
    ACCOUNT_ACCESS,
    APPLICATION,
    APPLICATION_ASSIGNMENT,
    ASSIGNMENT,
    ATTRIBUTES,
    BOUNDARY,
    CONTROL_POLICY_ATTACHMENT,
    CUSTOMER_POLICY,
    ENTITLEMENT,
    GROUP,
    IAM_GROUP_POLICY,
    IAM_USER_POLICY,
    INLINE_POLICY,
    MANAGED_POLICIES,
    MEMBERSHIP,
    PERMISSION_SET,
    REGION,
    USER,
)

from .existing import Existing
from .parts import Part

Key = tuple[str, ...]
"""What makes a thing of a type the one that is meant."""
Inputs = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that the instance holds."""

    key: Key
    id: str
    is_empty: bool = False
    """Whether it is a list that is there with every set, and has nothing: nobody has made it."""


@dataclass(frozen=True, slots=True)
class HeldType:
    """How things of a resource type are found in an instance."""

    part: Part
    """What has to be read of it."""
    held: Callable[[Existing], Iterator[Held]]
    key: Callable[[Inputs], Key]
    """What is meant by a resource's inputs. KeyError where they do not say it."""


def _users(existing: Existing) -> Iterator[Held]:
    for each in existing.users:
        yield Held((each.user_name,), f"{existing.identity_store_id}/{each.id}")


def _groups(existing: Existing) -> Iterator[Held]:
    for each in existing.groups:
        yield Held((each.name,), f"{existing.identity_store_id}/{each.id}")


def _memberships(existing: Existing) -> Iterator[Held]:
    for each in existing.memberships:
        yield Held((each.group_id, each.user_id), f"{existing.identity_store_id}/{each.id}")


def _sets(existing: Existing) -> Iterator[Held]:
    for each in existing.permission_sets:
        if each.name is not None:
            yield Held((each.name,), f"{each.arn},{existing.instance_arn}")


def _managed_policies(existing: Existing) -> Iterator[Held]:
    for each in existing.permission_sets:
        yield Held((each.arn,), f"{existing.instance_arn},{each.arn}", is_empty=not each.managed_policies)


def _customer_policies(existing: Existing) -> Iterator[Held]:
    for each in existing.permission_sets:
        for policy in each.customer_managed_policies or ():
            reference = (policy.name, policy.path)
            yield Held((*reference, each.arn), ",".join((*reference, each.arn, existing.instance_arn)))


def _inline_policies(existing: Existing) -> Iterator[Held]:
    for each in existing.permission_sets:
        if each.inline_policy:
            yield Held((each.arn,), f"{each.arn},{existing.instance_arn}")


def _boundaries(existing: Existing) -> Iterator[Held]:
    for each in existing.permission_sets:
        if each.boundary is not None:
            yield Held((each.arn,), f"{each.arn},{existing.instance_arn}")


def _assignments(existing: Existing) -> Iterator[Held]:
    for each in existing.assignments:
        key = (each.principal_id, each.principal_type, each.account_id, each.permission_set_arn)
        where = (each.account_id, "AWS_ACCOUNT", each.permission_set_arn, existing.instance_arn)
        yield Held(key, ",".join((each.principal_id, each.principal_type, *where)))


def _applications(existing: Existing) -> Iterator[Held]:
    for each in existing.applications:
        yield Held((each.name, each.provider_arn), each.arn)


def _application_assignments(existing: Existing) -> Iterator[Held]:
    for each in existing.applications:
        for grantee in each.assignments or ():
            key = (each.arn, grantee.principal_id, grantee.principal_type)
            yield Held(key, ",".join(key))


def _attributes(existing: Existing) -> Iterator[Held]:
    if existing.attributes:
        yield Held((existing.instance_arn,), existing.instance_arn)


def _regions(existing: Existing) -> Iterator[Held]:
    # One that is going is nobody's to take in.
    for each in existing.regions:
        if not each.is_primary and each.status != "REMOVING":
            yield Held((each.name,), f"{existing.instance_arn},{each.name}")


def _account_access(existing: Existing) -> Iterator[Held]:
    for each in existing.account_access:
        yield Held((), each.arn)


def _entitlements(existing: Existing) -> Iterator[Held]:
    for each in existing.entitlements:
        key = (each.application_arn, each.role_arn, each.principal_type, each.principal_id)
        yield Held(key, f"{each.application_arn},{each.id}")


def _named(*names: str) -> Callable[[Inputs], Key]:
    return lambda given: tuple(str(given[name]) for name in names)


def _policy_reference(given: Inputs) -> Key:
    reference = given["customerManagedPolicyReference"]
    return reference["name"], reference.get("path") or "/", given["permissionSetArn"]


def _entitled(given: Inputs) -> Key:
    role = given["entitlement"]["principalRole"]
    principal = role["principal"]["identityCenter"]
    kind, name = ("USER", "userId") if principal.get("userId") else ("GROUP", "groupId")
    return given["applicationArn"], role["roleArn"], kind, principal[name]


HELD_TYPES: Final[Mapping[str, HeldType]] = {
    USER: HeldType(Part.USERS, _users, _named("userName")),
    GROUP: HeldType(Part.GROUPS, _groups, _named("displayName")),
    MEMBERSHIP: HeldType(Part.MEMBERSHIPS, _memberships, _named("groupId", "memberId")),
    PERMISSION_SET: HeldType(Part.PERMISSION_SETS, _sets, _named("name")),
    MANAGED_POLICIES: HeldType(Part.MANAGED_POLICIES, _managed_policies, _named("permissionSetArn")),
    CUSTOMER_POLICY: HeldType(Part.CUSTOMER_MANAGED_POLICIES, _customer_policies, _policy_reference),
    INLINE_POLICY: HeldType(Part.INLINE_POLICIES, _inline_policies, _named("permissionSetArn")),
    BOUNDARY: HeldType(Part.BOUNDARIES, _boundaries, _named("permissionSetArn")),
    ASSIGNMENT: HeldType(
        Part.ASSIGNMENTS, _assignments, _named("principalId", "principalType", "targetId", "permissionSetArn")
    ),
    APPLICATION: HeldType(Part.APPLICATIONS, _applications, _named("name", "applicationProviderArn")),
    APPLICATION_ASSIGNMENT: HeldType(
        Part.APPLICATIONS,
        _application_assignments,
        _named("applicationArn", "principalId", "principalType"),
    ),
    ATTRIBUTES: HeldType(Part.ATTRIBUTES, _attributes, _named("instanceArn")),
    REGION: HeldType(Part.REGIONS, _regions, _named("regionName")),
    ACCOUNT_ACCESS: HeldType(Part.ENTITLEMENTS, _account_access, _named()),
    ENTITLEMENT: HeldType(Part.ENTITLEMENTS, _entitlements, _entitled),
}
"""The types of which the reading of an instance tells what there is."""

WRITTEN_IDS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    CONTROL_POLICY_ATTACHMENT: (":", ("targetId", "policyId")),
    IAM_GROUP_POLICY: ("/", ("group", "policyArn")),
    IAM_USER_POLICY: ("/", ("user", "policyArn")),
}
"""Types of other services whose id is written of their inputs: the separator, and the inputs."""


def written_id(kind: str, given: Inputs) -> str | None:
    """Write the id of a resource from its inputs, where its type has such an id."""
    separator, names = WRITTEN_IDS.get(kind, ("", ()))
    known = [given.get(name) for name in names]
    return separator.join(map(str, known)) if names and all(known) else None
