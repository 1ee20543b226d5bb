"""Taking away what an instance has and the code does not: which requests, in which order, and what stays.

The order keeps everybody within the boundary of a permission set: first goes what gives access (grants,
members, policies), and is gone from the accounts; a boundary goes after that, and only where the set then has
what the code says. What is deleted whole goes last, when nothing uses it any more.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

from identity_center.model.language.ignored_drift import Difference

from .drift import Drifted
from .existing import Existing
from .objects import GROUP, USER, ApplicationAssignment, Assignment, PermissionSet, PolicyName
from .parts import Part
from .things import (
    OF_A_SET,
    Facts,
    Kind,
    Thing,
    thing_of_assignment,
    thing_of_entitlement,
    thing_of_grantee,
    thing_of_group,
    thing_of_member,
    thing_of_user,
)


class Stage(IntEnum):
    """When something goes: each stage is over, and in the accounts, before the next."""

    ACCESS = 1
    """Grants, members, policies."""
    LIMITS = 2
    """Boundaries, and what policies of others may ask for: tags, attributes for access control."""
    OBJECTS = 3
    """Permission sets, groups and users."""


@dataclass(frozen=True)
class Request:
    """One request to AWS, by boto3's names."""

    service: str
    operation: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """One difference that goes."""

    stage: Stage
    row: Drifted
    requests: tuple[Request, ...]
    set_arn: str = ""
    """The permission set that has to be provisioned afterwards."""
    for_emergencies: bool = False
    """Whether it is of what emergencies live by: then it goes only by its name."""

    @property
    def name(self) -> str:
        """What somebody types to say that they mean this one."""
        return self.row.thing.names[-1]


@dataclass(frozen=True)
class Removal:
    """What goes, in order, and what stays although it is drift."""

    steps: tuple[Step, ...]
    stays: tuple[tuple[Drifted, str], ...] = field(default=())
    """With why, and what to do instead."""


_POLICIES: Final = frozenset({Kind.MANAGED_POLICY, Kind.CUSTOMER_POLICY, Kind.INLINE_POLICY})
_DECIDING: Final = _POLICIES | {Kind.BOUNDARY}
_STAGES: Final = {
    **dict.fromkeys(
        (
            Kind.PROVISIONED_SET,
            *_POLICIES,
            Kind.ASSIGNMENT,
            Kind.APPLICATION_ASSIGNMENT,
            Kind.ENTITLEMENT,
            Kind.MEMBER,
        ),
        Stage.ACCESS,
    ),
    **dict.fromkeys((Kind.BOUNDARY, Kind.TAG, Kind.ATTRIBUTE), Stage.LIMITS),
    # AWS deletes no group or set that somebody is assigned by. Sets before groups, groups before users.
    **dict.fromkeys((Kind.PERMISSION_SET, Kind.GROUP, Kind.USER), Stage.OBJECTS),
}
_REMOVABLE: Final = frozenset({Difference.EXTRA, Difference.GONE})
_READ: Final = (
    Part.MANAGED_POLICIES,
    Part.CUSTOMER_MANAGED_POLICIES,
    Part.INLINE_POLICIES,
    Part.BOUNDARIES,
)
_SETS_BACK: Final = "`pulumi up --refresh` sets back what is changed or missing"
#: Source: terraform-provider-aws, identitystore/group.go: the description is optional and computed.
_KEPT: Final = "a description that is there cannot be taken away: write it into the model"
_WHY: Final = {
    Difference.MISSING: _SETS_BACK,
    Difference.CHANGED: _SETS_BACK,
    Difference.UNASSIGNED: "AWS takes a role away with the last assignment: assign the set there, undo it",
}
#: AWS's own work, which ends by itself.
_UNDER_WAY: Final = "AWS is adding or removing it: look again when `aws sso-admin list-regions` shows the end"
_NOT_BY_API: Final = {
    Kind.REGION: "people sign in there, and AWS removes one Region at a time: adopt it, and take it out of "
    "the model, or remove it with `aws sso-admin remove-region`",
    Kind.APPLICATION: "the console deletes applications: their sign-in settings could not be made again",
    Kind.SESSION: _SETS_BACK,
    Kind.DESCRIPTION: _SETS_BACK,
    Kind.RELAY_STATE: _SETS_BACK,
    Kind.USER_ATTRIBUTE: _SETS_BACK,
    Kind.GROUP_DESCRIPTION: _KEPT,
    Kind.APPLICATION_SETTING: f"`pulumi up --refresh` takes tags away; {_KEPT}",
}


def plan_removal(
    rows: Iterable[Drifted],
    aside: Iterable[Drifted],
    existing: Existing,
    wanted: Facts,
    protected: frozenset[Thing] = frozenset(),
) -> Removal:
    """Say how what is extra or assigned to nobody goes.

    Differences set `aside` stay: they are ignored, or nobody asked for their part. `protected` are the things
    of the code that emergencies live by. Accounts that have an older form of a set are brought up to date:
    what was taken out of the set by a run that broke off is there still.
    """
    listed, kept = list(rows), frozenset(aside)
    going = [each for each in listed if each.difference in _REMOVABLE]
    requests, mixed = _requests_of(existing, going), _mixed_sets([*listed, *kept], kept, existing)
    emergencies = Emergencies(protected, existing)
    steps, stays = [], []
    for row in listed:
        why = _why_it_stays(row, mixed, wanted)
        if why:
            stays.append((row, why))
            continue
        of_a_set = row.thing.kind in _DECIDING or row.difference is Difference.OUTDATED
        steps.append(
            Step(
                _STAGES[row.thing.kind],
                row,
                requests[row.thing] if row.difference in _REMOVABLE else (),
                _arn_of(existing, row.thing.names[0]) if of_a_set else "",
                row.difference in _REMOVABLE and emergencies.concern(row.thing),
            )
        )
    order = list(_STAGES)
    steps.sort(key=lambda each: (each.stage, order.index(each.row.thing.kind), each.row.thing.names))
    return Removal(tuple(steps), tuple(stays))


def _why_it_stays(row: Drifted, mixed: Mapping[str, str], wanted: Facts) -> str:
    kind, names = row.thing
    if row.difference is Difference.OUTDATED:
        ours = wanted.get(Thing(Kind.PERMISSION_SET, names[:1])) == ""
        return mixed.get(names[0], "") if ours else "the set is not the code's"
    if row.difference not in _REMOVABLE:
        moves = kind is Kind.REGION and row.difference is Difference.CHANGED
        return _UNDER_WAY if moves else _WHY[row.difference]
    return _NOT_BY_API.get(kind) or (mixed.get(names[0], "") if kind in _DECIDING else "")


def _mixed_sets(rows: Iterable[Drifted], aside: frozenset[Drifted], existing: Existing) -> dict[str, str]:
    """Find the sets that would not be as the code says afterwards.

    To provision one puts all that it has into the accounts, also what somebody changed by hand and did not
    provision; and without its boundary that would be wider than the code.
    """
    found = {}
    for row in rows:
        if row.thing.kind in _DECIDING and (row.difference not in _REMOVABLE or row in aside):
            what = f"its {row.thing.kind.value} is " + ("set aside" if row in aside else row.difference.value)
            found[row.thing.names[0]] = (
                f"of the set {what}, and to provision the set would put that into accounts; {_SETS_BACK}"
            )
    for one in existing.permission_sets:
        if not all(existing.knows(part, one.arn) for part in _READ):
            found.setdefault(one.label, "not all policies of the set were read")
    return found


def _arn_of(existing: Existing, label: str) -> str:
    return next((each.arn for each in existing.permission_sets if each.label == label), "")


_GRANTS: Final = frozenset({Kind.ASSIGNMENT, Kind.APPLICATION_ASSIGNMENT, Kind.ENTITLEMENT})

_OF_PEOPLE: Final = _GRANTS | {Kind.MEMBER, Kind.USER, Kind.GROUP}
#: Without all of these nobody knows who is in the middle of an emergency.
_WHO_HAS_WHAT: Final = (Part.USERS, Part.GROUPS, Part.MEMBERSHIPS, Part.ASSIGNMENTS)


class Emergencies:
    """What break-glass grants live by: their permission sets, applications, roles, people and groups.

    Whoever has one of these in AWS counts as well: somebody may be in the middle of an emergency.
    """

    def __init__(self, protected: frozenset[Thing], existing: Existing) -> None:
        """Take the things of the code that the engine keeps from deletion."""
        grants = [each for each in protected if each.kind in _GRANTS]
        self._given = {(each.kind, each.names[0]) for each in grants}
        self._principals = {each.names[-2:] for each in grants}
        self._principals |= {(GROUP, each.names[0]) for each in protected if each.kind is Kind.MEMBER}
        self._principals |= {
            (each.kind.name, each.names[0]) for each in protected if each.kind in (Kind.USER, Kind.GROUP)
        }
        held = (thing for thing, _ in _of_grants(existing) if (thing.kind, thing.names[0]) in self._given)
        self._principals |= {each.names[-2:] for each in held}
        groups = {name for kind, name in self._principals if kind == GROUP}
        members = (thing_of_member(existing, each).names for each in existing.memberships)
        self._principals |= {(USER, user) for group, user in members if group in groups}
        self._unsure = bool(protected) and not all(map(existing.knows, _WHO_HAS_WHAT))

    def concern(self, thing: Thing) -> bool:
        """Tell whether a thing is one of them, or is given with one or to one of them."""
        kind, names = thing
        if kind in OF_A_SET or kind is Kind.PERMISSION_SET:
            return (Kind.ASSIGNMENT, names[0]) in self._given
        if self._unsure and kind in _OF_PEOPLE:
            return True
        if kind is Kind.MEMBER:
            return (GROUP, names[0]) in self._principals
        if kind in (Kind.USER, Kind.GROUP):
            return (kind.name, names[0]) in self._principals
        return kind in _GRANTS and ((kind, names[0]) in self._given or names[-2:] in self._principals)


# Requests, by the thing that they take away. Source: API references of IAM Identity Center, of the Identity
# Store, and botocore's model of account-access.
_SSO, _STORE, _ACCESS = "sso-admin", "identitystore", "account-access"
_Requests = Iterator[tuple[Thing, Request]]


def _requests_of(existing: Existing, rows: Iterable[Drifted]) -> dict[Thing, tuple[Request, ...]]:
    found: dict[Thing, tuple[Request, ...]] = {}
    attributes = frozenset(each.thing.names[0] for each in rows if each.thing.kind is Kind.ATTRIBUTE)
    known = (
        *_of_people(existing),
        *_of_sets(existing),
        *_of_grants(existing),
        *_of_attributes(existing, attributes & {each.key for each in existing.attributes}),
    )
    for thing, request in known:
        found[thing] = (*found.get(thing, ()), request)
    return found


def _of_people(existing: Existing) -> _Requests:
    store = {"IdentityStoreId": existing.identity_store_id}
    for user in existing.users:
        yield thing_of_user(user), Request(_STORE, "delete_user", {**store, "UserId": user.id})
    for group in existing.groups:
        yield thing_of_group(group), Request(_STORE, "delete_group", {**store, "GroupId": group.id})
    for each in existing.memberships:
        asked = {**store, "MembershipId": each.id}
        yield thing_of_member(existing, each), Request(_STORE, "delete_group_membership", asked)


def _of_sets(existing: Existing) -> _Requests:
    for one in existing.permission_sets:
        of = {"InstanceArn": existing.instance_arn, "PermissionSetArn": one.arn}
        for kind, names, operation, more in _parts(one):
            yield Thing(kind, (one.label, *names)), Request(_SSO, operation, {**of, **more})
        for key in one.tags or {}:
            asked = {"InstanceArn": existing.instance_arn, "ResourceArn": one.arn, "TagKeys": [key]}
            yield Thing(Kind.TAG, (one.label, key)), Request(_SSO, "untag_resource", asked)


def _parts(one: PermissionSet) -> Iterator[tuple[Kind, tuple[str, ...], str, dict[str, Any]]]:
    yield Kind.PERMISSION_SET, (), "delete_permission_set", {}
    for arn in one.managed_policies or ():
        detach = "detach_managed_policy_from_permission_set"
        yield Kind.MANAGED_POLICY, (arn,), detach, {"ManagedPolicyArn": arn}
    for policy in one.customer_managed_policies or ():
        detach = "detach_customer_managed_policy_reference_from_permission_set"
        yield Kind.CUSTOMER_POLICY, (str(policy),), detach, {"CustomerManagedPolicyReference": _named(policy)}
    if one.inline_policy:
        yield Kind.INLINE_POLICY, (), "delete_inline_policy_from_permission_set", {}
    if one.boundary:
        yield Kind.BOUNDARY, (), "delete_permissions_boundary_from_permission_set", {}


def _named(policy: PolicyName) -> dict[str, str]:
    return {"Name": policy.name, "Path": policy.path}


def _of_grants(existing: Existing) -> _Requests:
    for each in existing.assignments:
        asked = {
            "InstanceArn": existing.instance_arn,
            "PermissionSetArn": each.permission_set_arn,
            "TargetType": "AWS_ACCOUNT",
            "TargetId": each.account_id,
            **_to(each),
        }
        yield thing_of_assignment(existing, each), Request(_SSO, "delete_account_assignment", asked)
    for application in existing.applications:
        for grantee in application.assignments or ():
            asked = {"ApplicationArn": application.arn, **_to(grantee)}
            delete = Request(_SSO, "delete_application_assignment", asked)
            yield thing_of_grantee(existing, application, grantee), delete
    for entitled in existing.entitlements:
        asked = {"applicationArn": entitled.application_arn, "entitlementId": entitled.id}
        yield thing_of_entitlement(existing, entitled), Request(_ACCESS, "delete_entitlement", asked)


def _to(each: Assignment | ApplicationAssignment) -> dict[str, str]:
    return {"PrincipalType": each.principal_type, "PrincipalId": each.principal_id}


def _of_attributes(existing: Existing, gone: frozenset[str]) -> _Requests:
    """AWS keeps the attributes as one configuration: what stays is written, or all of it is deleted."""
    of = {"InstanceArn": existing.instance_arn}
    stays = [
        {"Key": each.key, "Value": {"Source": list(each.sources)}}
        for each in existing.attributes
        if each.key not in gone
    ]
    what = "instance_access_control_attribute_configuration"
    written = {"InstanceAccessControlAttributeConfiguration": {"AccessControlAttributes": stays}}
    request = (
        Request(_SSO, f"update_{what}", {**of, **written}) if stays else Request(_SSO, f"delete_{what}", of)
    )
    for key in gone:
        yield Thing(Kind.ATTRIBUTE, (key,)), request
