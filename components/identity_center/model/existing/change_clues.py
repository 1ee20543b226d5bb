"""By what an event that made a difference is known: the operations that make one, and the ids in it."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from identity_center.model.language.ignored_drift import Difference

from .drift import Drifted
from .existing import Existing
from .objects import GROUP, USER
from .things import OF_A_SET, Kind


class Clue(NamedTuple):
    """What an event has to be and to say."""

    names: frozenset[str]
    """Names of events, of which any may be it."""
    values: frozenset[str]
    """Texts that all stand in its request or answer."""


_GIVEN: Final = frozenset({Difference.EXTRA, Difference.GONE})
#: Names of the events that bring a thing about, and that take it away. Where a console has another name for
#: it, that follows. Source: API references of IAM Identity Center and the Identity Store; IAM Identity Center
#: user guide, "CloudTrail events for supported APIs".
_EVENTS: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.USER: ("CreateUser", "DeleteUser"),
    Kind.USER_ATTRIBUTE: ("UpdateUser CreateUser", "UpdateUser"),
    Kind.GROUP: ("CreateGroup", "DeleteGroup"),
    Kind.GROUP_DESCRIPTION: ("UpdateGroup CreateGroup", "UpdateGroup"),
    Kind.MEMBER: ("CreateGroupMembership AddMemberToGroup", "RemoveMemberFromGroup"),
    Kind.PERMISSION_SET: ("CreatePermissionSet", "DeletePermissionSet"),
    Kind.SESSION: ("UpdatePermissionSet CreatePermissionSet", "UpdatePermissionSet"),
    Kind.DESCRIPTION: ("UpdatePermissionSet CreatePermissionSet", "UpdatePermissionSet"),
    Kind.RELAY_STATE: ("UpdatePermissionSet CreatePermissionSet", "UpdatePermissionSet"),
    Kind.MANAGED_POLICY: (
        "AttachManagedPolicyToPermissionSet",
        "DetachManagedPolicyFromPermissionSet",
    ),
    Kind.CUSTOMER_POLICY: (
        "AttachCustomerManagedPolicyReferenceToPermissionSet",
        "DetachCustomerManagedPolicyReferenceFromPermissionSet",
    ),
    Kind.INLINE_POLICY: ("PutInlinePolicyToPermissionSet", "DeleteInlinePolicyFromPermissionSet"),
    Kind.BOUNDARY: (
        "PutPermissionsBoundaryToPermissionSet",
        "DeletePermissionsBoundaryFromPermissionSet",
    ),
    Kind.TAG: ("TagResource", "UntagResource"),
    Kind.PROVISIONED_SET: ("DeleteAccountAssignment", "DeleteAccountAssignment"),
    Kind.ASSIGNMENT: ("CreateAccountAssignment", "DeleteAccountAssignment"),
    Kind.APPLICATION: ("CreateApplication", "DeleteApplication"),
    Kind.APPLICATION_SETTING: (
        "UpdateApplication CreateApplication TagResource",
        "UpdateApplication UntagResource",
    ),
    Kind.APPLICATION_ASSIGNMENT: ("CreateApplicationAssignment", "DeleteApplicationAssignment"),
    Kind.ENTITLEMENT: ("CreateEntitlement", "DeleteEntitlement"),
    Kind.ATTRIBUTE: (
        "CreateInstanceAccessControlAttributeConfiguration UpdateInstanceAccessControlAttributeConfiguration",
        "UpdateInstanceAccessControlAttributeConfiguration DeleteInstanceAccessControlAttributeConfiguration",
    ),
    Kind.REGION: ("AddRegion RemoveRegion", "RemoveRegion"),
}


def clue_of(row: Drifted, existing: Existing) -> Clue | None:
    """Say by what the event is known that made a difference; None where nothing that AWS has names it.

    An account has an older form of a set because of provisioning that failed: no event made that.
    """
    if row.difference is Difference.OUTDATED:
        return None
    brought, taken = _EVENTS[row.thing.kind]
    there = row.difference in _GIVEN or row.difference is Difference.CHANGED
    values = _values(row, existing)
    return Clue(frozenset((brought if there else taken).split()), frozenset(values)) if values else None


def _values(row: Drifted, existing: Existing) -> tuple[str, ...]:
    """Return the ids of all that a thing ties together; none where one of them is not known."""
    kind, names = row.thing
    arns = {each.label: each.arn for each in existing.permission_sets}
    applications = {each.name or each.arn: each.arn for each in existing.applications}
    ids = {(USER, each.user_name or each.id): each.id for each in existing.users}
    ids |= {(GROUP, each.name or each.id): each.id for each in existing.groups}
    found: tuple[str | None, ...]
    if kind is Kind.PERMISSION_SET or kind in OF_A_SET:
        found = (arns.get(names[0]), *_more_of_a_set(row))
    elif kind in (Kind.USER, Kind.USER_ATTRIBUTE):
        found = (ids.get((USER, names[0])),)
    elif kind in (Kind.GROUP, Kind.GROUP_DESCRIPTION):
        found = (ids.get((GROUP, names[0])),)
    elif kind is Kind.MEMBER:
        found = ids.get((GROUP, names[0])), ids.get((USER, names[1]))
    elif kind is Kind.PROVISIONED_SET:
        found = arns.get(names[0]), names[1]
    elif kind is Kind.ASSIGNMENT:
        # Of a principal that is gone the name is its id.
        found = arns.get(names[0], names[0]), names[1], ids.get((names[2], names[3]), names[3])
    elif kind in (Kind.APPLICATION, Kind.APPLICATION_SETTING):
        found = (applications.get(names[0]),)
    elif kind is Kind.APPLICATION_ASSIGNMENT:
        found = applications.get(names[0]), ids.get((names[1], names[2]), names[2])
    elif kind is Kind.ENTITLEMENT:
        found = names[0], ids.get((names[1], names[2]), names[2])
    else:
        found = (existing.instance_arn, *(names if kind is Kind.REGION else ()))
    return () if None in found else tuple(each for each in found if each is not None)


def _more_of_a_set(row: Drifted) -> tuple[str, ...]:
    kind, names = row.thing
    if kind in (Kind.MANAGED_POLICY, Kind.TAG):
        return (names[1],)
    return (names[1].rpartition("/")[2],) if kind is Kind.CUSTOMER_POLICY else ()
