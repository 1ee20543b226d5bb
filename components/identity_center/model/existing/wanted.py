"""What planned or recorded resources come to as facts that AWS can be compared with."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from identity_center.model.language.keys.values import camel_case
from identity_center.model.plan.planned import (
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
    REGION,
    USER,
)

from .details import attributes_wanted, settings_wanted
from .things import ACTIVE, FROM_ELSEWHERE, TEXTS_OF_A_SET, Kind, Thing, parts_of, same_text

_Inputs = Mapping[str, Any]
_Names = Mapping[str, str]
"""Names by id."""
_OWN_ID = {USER: "userId", GROUP: "groupId", PERMISSION_SET: "arn", APPLICATION: "arn"}
_OWN_NAME = {USER: "userName", GROUP: "displayName", PERMISSION_SET: "name", APPLICATION: "name"}


@dataclass(frozen=True, slots=True)
class Made:
    """A resource with its inputs, and the ids that others refer to it by."""

    type: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any] = field(default_factory=dict)
    protected: bool = False
    """Whether the engine refuses to delete it, as what emergencies live by."""


def wanted_of(resources: Iterable[Made], names: Mapping[str, str]) -> dict[Thing, str]:
    """Say what resources come to; `names` has names by id of what none of them makes.

    A user or group without a name there stands by its id.
    """
    listed = list(resources)
    own = _own_names(listed)
    elsewhere = {thing: FROM_ELSEWHERE for each in listed for thing in _named_only(each.inputs, names, own)}
    return {**elsewhere, **dict(fact for each in listed for fact in _facts(each, {**names, **own}))}


def protected_of(resources: Iterable[Made], names: Mapping[str, str]) -> frozenset[Thing]:
    """Return those of the wanted things that the engine refuses to delete: break-glass grants and people."""
    listed = list(resources)
    named = {**names, **_own_names(listed)}
    return frozenset(thing for each in listed if each.protected for thing, _ in _facts(each, named))


def _own_names(listed: Iterable[Made]) -> dict[str, str]:
    return {
        str(each.outputs[_OWN_ID[each.type]]): str(each.inputs[_OWN_NAME[each.type]])
        for each in listed
        if each.type in _OWN_ID and _OWN_ID[each.type] in each.outputs
    }


def _named_only(
    given: Mapping[str, Any], names: Mapping[str, str], own: Mapping[str, str]
) -> Iterator[Thing]:
    """Yield the principal and the set of a grant, and the member of a group, where nothing makes them."""
    assigned = str(given.get("permissionSetArn"))
    if "targetId" in given and assigned in names and assigned not in own:
        yield Thing(Kind.PERMISSION_SET, (names[assigned],))
    for kind, principal in _principals(given):
        if principal in names and principal not in own:
            yield Thing(kind, (names[principal],))


def _principals(given: Mapping[str, Any]) -> Iterator[tuple[Kind, str]]:
    """Yield whom a resource names by their ids."""
    if "principalId" in given:
        yield Kind.USER if given.get("principalType") == "USER" else Kind.GROUP, str(given["principalId"])
    if "memberId" in given:
        yield Kind.USER, str(given["memberId"])
    if "entitlement" in given:
        principal = given["entitlement"]["principalRole"]["principal"]["identityCenter"]
        for kind, key in ((Kind.USER, "userId"), (Kind.GROUP, "groupId")):
            if principal.get(key):
                yield kind, str(principal[key])


def _facts(made: Made, names: Mapping[str, str]) -> Iterator[tuple[Thing, str]]:
    read = _READERS.get(made.type)
    if read is not None:
        yield from read(made.inputs, names)
    elif "permissionSetArn" in made.inputs:
        yield from _attached(made, _named(made.inputs, "permissionSetArn", names))


def _named(given: _Inputs, key: str, names: _Names) -> str:
    return names.get(str(given[key]), str(given[key]))


def _user(given: _Inputs, _names: _Names) -> Iterator[tuple[Thing, str]]:
    yield (thing := Thing(Kind.USER, (given["userName"],))), ""
    yield from parts_of(Kind.USER_ATTRIBUTE, thing, attributes_wanted(given))


def _group(given: _Inputs, _names: _Names) -> Iterator[tuple[Thing, str]]:
    yield (thing := Thing(Kind.GROUP, (given["displayName"],))), ""
    if given.get("description"):
        yield Thing(Kind.GROUP_DESCRIPTION, thing.names), given["description"]


def _member(given: _Inputs, names: _Names) -> Iterator[tuple[Thing, str]]:
    yield Thing(Kind.MEMBER, (_named(given, "groupId", names), _named(given, "memberId", names))), ""


def _assignment(given: _Inputs, names: _Names) -> Iterator[tuple[Thing, str]]:
    who = (given["principalType"], _named(given, "principalId", names))
    yield Thing(Kind.ASSIGNMENT, (_named(given, "permissionSetArn", names), given["targetId"], *who)), ""


def _application(given: _Inputs, _names: _Names) -> Iterator[tuple[Thing, str]]:
    yield (thing := Thing(Kind.APPLICATION, (given["name"],))), ""
    yield from parts_of(Kind.APPLICATION_SETTING, thing, settings_wanted(given))


def _application_assignment(given: _Inputs, names: _Names) -> Iterator[tuple[Thing, str]]:
    who = (given["principalType"], _named(given, "principalId", names))
    yield Thing(Kind.APPLICATION_ASSIGNMENT, (_named(given, "applicationArn", names), *who)), ""


def _attributes(given: _Inputs, _names: _Names) -> Iterator[tuple[Thing, str]]:
    for each in given["attributes"]:
        sources = (source for value in each["values"] for source in value["sources"])
        yield Thing(Kind.ATTRIBUTE, (each["key"],)), ", ".join(sources)


def _region(given: _Inputs, _names: _Names) -> Iterator[tuple[Thing, str]]:
    yield Thing(Kind.REGION, (given["regionName"],)), ACTIVE


def _set(given: _Inputs, _names: _Names) -> Iterator[tuple[Thing, str]]:
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


def _entitlement(given: _Inputs, names: _Names) -> Iterator[tuple[Thing, str]]:
    role = given["entitlement"]["principalRole"]
    principal = role["principal"]["identityCenter"]
    kind, key = ("USER", "userId") if principal.get("userId") else ("GROUP", "groupId")
    yield Thing(Kind.ENTITLEMENT, (role["roleArn"], kind, _named(principal, key, names))), ""


_READERS: Final[Mapping[str, Callable[[_Inputs, _Names], Iterator[tuple[Thing, str]]]]] = {
    USER: _user,
    GROUP: _group,
    MEMBERSHIP: _member,
    PERMISSION_SET: _set,
    ASSIGNMENT: _assignment,
    APPLICATION: _application,
    APPLICATION_ASSIGNMENT: _application_assignment,
    ENTITLEMENT: _entitlement,
    ATTRIBUTES: _attributes,
    REGION: _region,
}
