"""What planned or recorded resources come to as facts that AWS can be compared with."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from identity_center.model.language.values import camel_case
from identity_center.model.plan.planned import (
    APPLICATION,
    APPLICATION_ASSIGNMENT,
    ASSIGNMENT,
    BOUNDARY,
    CUSTOMER_POLICY,
    ENTITLEMENT,
    GROUP,
    INLINE_POLICY,
    MANAGED_POLICIES,
    MEMBERSHIP,
    PERMISSION_SET,
    USER,
)

from .things import FROM_ELSEWHERE, TEXTS_OF_A_SET, Kind, Thing, same_text

_OWN_ID = {USER: "userId", GROUP: "groupId", PERMISSION_SET: "arn", APPLICATION: "arn"}
_OWN_NAME = {USER: "userName", GROUP: "displayName", PERMISSION_SET: "name", APPLICATION: "name"}


@dataclass(frozen=True, slots=True)
class Made:
    """A resource with its inputs, and the ids that others refer to it by."""

    type: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any] = field(default_factory=dict)


def wanted_of(resources: Iterable[Made], names: Mapping[str, str]) -> dict[Thing, str]:
    """Say what resources come to; `names` has names by id of what none of them makes.

    A user or group without a name there stands by its id.
    """
    listed = list(resources)
    own = {
        str(each.outputs[_OWN_ID[each.type]]): str(each.inputs[_OWN_NAME[each.type]])
        for each in listed
        if each.type in _OWN_ID and _OWN_ID[each.type] in each.outputs
    }
    elsewhere = {thing: FROM_ELSEWHERE for each in listed for thing in _named_only(each.inputs, names, own)}
    return {**elsewhere, **dict(fact for each in listed for fact in _facts(each, {**names, **own}))}


def _named_only(
    given: Mapping[str, Any], names: Mapping[str, str], own: Mapping[str, str]
) -> Iterator[Thing]:
    """Yield the principal and the permission set of a grant where nothing of the code makes them."""
    assigned = str(given.get("permissionSetArn"))
    if "targetId" in given and assigned in names and assigned not in own:
        yield Thing(Kind.PERMISSION_SET, (names[assigned],))
    principal = str(given.get("principalId"))
    if principal in names and principal not in own:
        kind = Kind.USER if given.get("principalType") == "USER" else Kind.GROUP
        yield Thing(kind, (names[principal],))


def _facts(made: Made, names: Mapping[str, str]) -> Iterator[tuple[Thing, str]]:
    def named(key: str) -> str:
        return names.get(str(given[key]), str(given[key]))

    given = made.inputs
    match made.type:
        case kind if kind == USER:
            yield Thing(Kind.USER, (given["userName"],)), ""
        case kind if kind == GROUP:
            yield Thing(Kind.GROUP, (given["displayName"],)), ""
        case kind if kind == MEMBERSHIP:
            yield Thing(Kind.MEMBER, (named("groupId"), named("memberId"))), ""
        case kind if kind == PERMISSION_SET:
            yield from _set(given)
        case kind if kind == ASSIGNMENT:
            who = (given["principalType"], named("principalId"))
            yield Thing(Kind.ASSIGNMENT, (named("permissionSetArn"), given["targetId"], *who)), ""
        case kind if kind == APPLICATION_ASSIGNMENT:
            who = (given["principalType"], named("principalId"))
            yield Thing(Kind.APPLICATION_ASSIGNMENT, (named("applicationArn"), *who)), ""
        case kind if kind == ENTITLEMENT:
            yield _entitlement(given["entitlement"]["principalRole"], names), ""
        case _ if "permissionSetArn" in given:
            yield from _attached(made, named("permissionSetArn"))


def _set(given: Mapping[str, Any]) -> Iterator[tuple[Thing, str]]:
    name = given["name"]
    yield Thing(Kind.PERMISSION_SET, (name,)), ""
    for kind, attribute in TEXTS_OF_A_SET.items():
        if given.get(camel_case(attribute)):
            yield Thing(kind, (name,)), given[camel_case(attribute)]
    for tag, value in (given.get("tags") or {}).items():
        yield Thing(Kind.TAG, (name, tag)), value


def _attached(made: Made, name: str) -> Iterator[tuple[Thing, str]]:
    given = made.inputs
    if made.type == MANAGED_POLICIES:
        for arn in given["managedPolicyArns"]:
            yield Thing(Kind.MANAGED_POLICY, (name, arn)), ""
    elif made.type == CUSTOMER_POLICY:
        yield Thing(Kind.CUSTOMER_POLICY, (name, _full(given["customerManagedPolicyReference"]))), ""
    elif made.type == INLINE_POLICY:
        yield Thing(Kind.INLINE_POLICY, (name,)), same_text(given["inlinePolicy"])
    elif made.type == BOUNDARY:
        limit = given["permissionsBoundary"]
        customer = limit.get("customerManagedPolicyReference")
        yield Thing(Kind.BOUNDARY, (name,)), _full(customer) if customer else limit["managedPolicyArn"]


def _full(reference: Mapping[str, str]) -> str:
    return f"{reference.get('path') or '/'}{reference['name']}"


def _entitlement(role: Mapping[str, Any], names: Mapping[str, str]) -> Thing:
    principal = role["principal"]["identityCenter"]
    kind, key = ("USER", "userId") if principal.get("userId") else ("GROUP", "groupId")
    who = names.get(str(principal[key]), str(principal[key]))
    return Thing(Kind.ENTITLEMENT, (role["roleArn"], kind, who))
