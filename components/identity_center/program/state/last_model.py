"""What the stack's last update made: the model that it kept as an output, and the assignments in the state.

The engine answers both from the stack's own state, with one question and no call to AWS. A stack reference
would give the outputs only, and would stand in the state as a resource of its own.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import pulumi
from pulumi.runtime import rpc

from identity_center.model.access.descriptions import Described, Descriptions
from identity_center.model.access.grant import Grant
from identity_center.model.access.record import OtherGrant, RecordedModel, UnusableRecordError, read_record
from identity_center.model.existing.unrecorded import Outputs
from identity_center.model.language.keys.values import (
    PrincipalType,
    entitlement_name,
    grantee_name,
    membership_name,
)
from identity_center.model.plan.planned import COMPONENTS, Id, Plan
from identity_center.model.plan.unique_names import TYPES, Holder, State, holder
from identity_center.model.plan.update_estimate import MeasuredPace

from .refreshed_state import as_refreshed

#: The stack's output that keeps the model, for the next run of this program alone.
OUTPUT = "access_model"
#: The stack's output that says how somebody signs in for the first time.
FIRST_SIGN_IN = "first_sign_in"
#: The one that keeps how fast the last large update was.
PACE = "update_pace"
#: The one that keeps which permission sets have outdated accounts, where some have.
OUTDATED = "outdated_accounts"
#: Source: pulumi/pkg/resource/deploy/builtins.go, readStackResourceOutputs.
_QUESTION = "pulumi:pulumi:readStackResourceOutputs"
_ASSIGNMENTS = "assignments"
#: What of the state has to be as in the model, and how it is called.
_KINDS = {
    "aws:ssoadmin/accountAssignment:AccountAssignment": _ASSIGNMENTS,
    "aws:identitystore/groupMembership:GroupMembership": "memberships",
    "aws:ssoadmin/permissionSet:PermissionSet": "permission sets",
    "aws:ssoadmin/applicationAssignment:ApplicationAssignment": "assignments of applications",
    "aws:accountaccess/entitlement:Entitlement": "entitlements",
}
_DESCRIBED = {
    "aws:ssoadmin/permissionSet:PermissionSet": Described.PERMISSION_SET,
    "aws:identitystore/group:Group": Described.GROUP,
    "aws:ssoadmin/application:Application": Described.APPLICATION,
}
#: How the types of whatever belongs to the model begin. A program may make other resources beside it.
_OF_THE_MODEL = "identity-center:index:AccessModel$"
_STACK = "pulumi:pulumi:Stack"
_Link: TypeAlias = tuple[str, str]
"""Of what kind it is, as in `_KINDS`, and its name in the stack."""
_DIRECTORY = f"{COMPONENTS}Directory"


@dataclass(frozen=True)
class LastUpdate:
    """What is known of the last update that changed the stack."""

    model: RecordedModel | None = None
    """What it kept, without what a refresh found gone; None where there is nothing to compare with."""
    assignments: frozenset[str] = frozenset()
    """Names of the account assignments in the state: these are there, whatever the model says."""
    problem: str = ""
    """Why there is no model although there is a state, or that the two do not belong together; else empty."""
    state: State | None = None
    """What has names in the state; None where the engine did not give it."""
    outputs: Outputs = field(default_factory=dict)
    """What the state says of each of our resources, as a refresh found it where there was one."""
    descriptions: Descriptions = field(default_factory=Descriptions)
    """What has a description in the state, and so in AWS."""
    is_refreshed: bool = False
    """Whether the engine asked AWS for all of it in this run."""
    first_sign_in: tuple[str, ...] = ()
    """What it said of the first sign-in."""
    pace: MeasuredPace | None = None
    """How fast the last large update was."""
    outdated: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By key of a permission set: accounts that an update left with an older form of it."""
    moved_in: frozenset[Id] = frozenset()
    """Parts of the model that `pulumi state move` brought from another stack: they stand beside the model."""
    resources: Mapping[str, object] = field(default_factory=dict, repr=False)
    """The whole state as the engine gave it, by URN."""
    refreshed: Mapping[str, object] | None = field(default=None, repr=False)
    """The same as a refresh found it; None where there was none."""

    def taking_in(self, plan: Plan) -> "LastUpdate":
        """Read the state again, with the parts of the model that were moved in where they belong.

        `pulumi state move` gives what it moves the stack for a parent. What the model does not have under its
        own name stays what it is: a program may have components of its own.
        """
        wanted = {part.id for part in plan[1:] if part.is_component and part.parent == plan[0].id}
        moved = frozenset(wanted & {*_beside(self.resources)} - _within(self.resources))
        if not moved:
            return self
        refreshed = None if self.refreshed is None else _taken_in(self.refreshed, moved)
        read = _understood(_taken_in(self.resources, moved), refreshed)
        return replace(read, moved_in=moved, resources=self.resources, refreshed=self.refreshed)


def read_last_update() -> LastUpdate:
    """Ask the engine for the state that the last update of this stack left."""
    name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    try:
        told = pulumi.runtime.invoke(_QUESTION, {"stackName": name}).value
    except Exception as error:  # noqa: BLE001  # the SDK raises nothing narrower for a refused question
        return LastUpdate(problem=f"the engine did not give the stack's state ({error})")
    state = (told or {}).get("outputs") or {}
    return _understood(state, as_refreshed(state))


def _understood(state: Mapping[str, object], refreshed: Mapping[str, object] | None) -> LastUpdate:
    """Read a state, by URN, and what a refresh in this run found of it."""
    made = _made(state)
    model, problem = _kept_model(state, made)
    found = state if refreshed is None else refreshed
    there = _made(found)
    return LastUpdate(
        None if model is None else _without(model, made - there),
        frozenset(name for kind, name in there if kind == _ASSIGNMENTS),
        problem,
        State(tuple(each for urn, resource in state.items() for each in _named(urn, resource))),
        _outputs(found),
        _descriptions(state),
        refreshed is not None,
        _first_sign_in(state),
        _pace(_output(state, PACE)),
        _outdated(_output(state, OUTDATED)),
        resources=state,
        refreshed=refreshed,
    )


def _beside(resources: Mapping[str, object]) -> Iterator[Id]:
    """Yield the components that stand directly in the stack."""
    for urn in resources:
        *_, types, name = urn.split("::", 3)
        if types.startswith(COMPONENTS) and "$" not in types:
            yield Id(types, name)


def _within(resources: Mapping[str, object]) -> frozenset[Id]:
    """Return what stands directly in the model."""
    found = (urn.split("::", 3)[2:] for urn in resources)
    return frozenset(
        Id(types.removeprefix(_OF_THE_MODEL), name)
        for types, name in found
        if types.startswith(_OF_THE_MODEL)
    )


def _taken_in(resources: Mapping[str, object], moved: Collection[Id]) -> dict[str, object]:
    """Give what was moved in the URN that it has under the model."""
    return {_moved_into_the_model(urn, moved): each for urn, each in resources.items()}


def _moved_into_the_model(urn: str, moved: Collection[Id]) -> str:
    """Return the URN that a part has under the model; another one stays."""
    stack, project, types, name = urn.split("::", 3)
    outermost = types.partition("$")[0]
    belongs = any(each.type == outermost and _is_of(name, each) for each in moved)
    return f"{stack}::{project}::{_OF_THE_MODEL}{types}::{name}" if belongs else urn


def _pace(kept: object) -> MeasuredPace | None:
    """Read what an earlier run measured; what somebody else wrote there is no pace."""
    try:
        return MeasuredPace.read(kept) if isinstance(kept, Mapping) else None
    except (KeyError, TypeError, ValueError):
        return None


def _outdated(kept: object) -> dict[str, tuple[str, ...]]:
    """Read what an earlier update found; what somebody else wrote there is nothing."""
    if not isinstance(kept, Mapping):
        return {}
    return {str(key): tuple(map(str, each)) for key, each in kept.items() if isinstance(each, list)}


def _made(state: Mapping[str, object]) -> frozenset[_Link]:
    """Return what a state says of who has what."""
    return frozenset(name for urn, resource in state.items() for name in _links(urn, resource))


def _kept_model(state: Mapping[str, object], made: frozenset[_Link]) -> tuple[RecordedModel | None, str]:
    """Return the model that the last update kept, and why there is none or it is not the state's."""
    kept = _output(state, OUTPUT)
    if not isinstance(kept, str):
        has_assignments = any(kind == _ASSIGNMENTS for kind, _ in made)
        return None, "the last update kept no model" if has_assignments else ""
    try:
        model = read_record(kept)
    except UnusableRecordError as error:
        return None, f"the model of the last update cannot be read: {error}"
    return model, _difference(frozenset(_kept(model)), made)


def _outputs(resources: Mapping[str, object]) -> Outputs:
    """Read what the state says of the parts of our components."""
    return {
        Id(types.rsplit("$", 1)[-1], name): _said(each)
        for urn, each in resources.items()
        for *_, types, name in [urn.split("::", 3)]
        if types.startswith(COMPONENTS)
    }


def _said(resource: object) -> Mapping[str, Any]:
    """Return the properties of a resource without the marks of what is kept secret.

    They are compared, and said to nobody.
    """
    opened: Mapping[str, Any] = _opened((resource.get("outputs") or {}) if isinstance(resource, dict) else {})
    return opened


def _opened(value: Any) -> Any:  # noqa: ANN401  # any property
    if rpc.is_rpc_secret(value):
        return _opened(rpc.unwrap_rpc_secret(value))
    if isinstance(value, Mapping):
        return {name: _opened(each) for name, each in value.items()}
    return value


def _is_of(name: str, component: Id) -> bool:
    """Tell whether a resource has a name that a component or its parts have: parts begin with its key.

    The people in a directory have keys of their own.
    """
    return component.type == _DIRECTORY or name == component.key or name.startswith(f"{component.key}/")


def _named(urn: str, resource: object) -> Iterator[Holder]:
    """Yield a resource of the state that has a name which AWS keeps unique."""
    *_, types, key = urn.split("::")
    outermost, kind = types.split("$", 1)[0], types.rsplit("$", 1)[-1]
    if kind in TYPES and outermost.startswith(COMPONENTS):
        yield holder(kind, _said(resource), outermost, key)


def _descriptions(state: Mapping[str, object]) -> Descriptions:
    """Read who has a description. The state has what AWS has, whatever the model says of it."""
    names: dict[Described, dict[str, str]] = {kind: {} for kind in Described}
    for urn, resource in state.items():
        *_, types, name = urn.split("::")
        kind = _DESCRIBED.get(types.rsplit("$", 1)[-1]) if types.startswith(_OF_THE_MODEL) else None
        outputs = _said(resource)
        if kind is not None and outputs.get("description"):
            names[kind][name] = str(outputs.get("name"))
    return Descriptions(names)


def _links(urn: str, resource: object) -> Iterator[_Link]:
    """Yield what a resource of the state says of who has what: the kind, and its name."""
    *_, types, name = urn.split("::")
    kind = _KINDS.get(types.rsplit("$", 1)[-1]) if types.startswith(_OF_THE_MODEL) else None
    if kind == "permission sets":
        outputs = resource.get("outputs") if isinstance(resource, dict) else None
        yield kind, f"{name} named {(outputs or {}).get('name')}"
    elif kind is not None:
        yield kind, name


def _kept(model: RecordedModel) -> Iterator[_Link]:
    """Yield the same of a model."""
    yield from map(_grant, model.grants)
    for group, users in model.members.items():
        yield from (_membership(group, user) for user in users or ())
    for key, name in model.permission_set_names.items():
        yield "permission sets", f"{key} named {name}"
    yield from map(_application, model.applications)
    yield from map(_role, model.roles)


def _without(model: RecordedModel, gone: AbstractSet[_Link]) -> RecordedModel:
    """Take out what nobody has any more."""
    return replace(
        model,
        members={
            group: users and frozenset(user for user in users if _membership(group, user) not in gone)
            for group, users in model.members.items()
        },
        grants=frozenset(each for each in model.grants if _grant(each) not in gone),
        applications=frozenset(each for each in model.applications if _application(each) not in gone),
        roles=frozenset(each for each in model.roles if _role(each) not in gone),
    )


def _grant(grant: Grant) -> _Link:
    return _ASSIGNMENTS, grant.resource_name


def _membership(group: str, user: str) -> _Link:
    return "memberships", membership_name(group, user)


def _application(held: OtherGrant) -> _Link:
    key, kind, principal = held
    return "assignments of applications", grantee_name(key, PrincipalType(kind), principal)


def _role(held: OtherGrant) -> _Link:
    arn, kind, principal = held
    return "entitlements", entitlement_name(arn, PrincipalType(kind), principal)


def _output(resources: Mapping[str, object], name: str) -> object:
    """Find an output of the stack itself; None where it has none of that name."""
    for resource in resources.values():
        if isinstance(resource, dict) and resource.get("type") == _STACK:
            return _opened((resource.get("outputs") or {}).get(name))
    return None


def _first_sign_in(state: Mapping[str, object]) -> tuple[str, ...]:
    said = _output(state, FIRST_SIGN_IN)
    return tuple(map(str, said)) if isinstance(said, list) else ()


def _difference(kept: frozenset[_Link], made: frozenset[_Link]) -> str:
    """Say that a later update did not come to its end: what it left is not what was kept."""
    parts = []
    for kind in _KINDS.values():
        more = sum(one == kind for one, _ in made - kept)
        fewer = sum(one == kind for one, _ in kept - made)
        if more or fewer:
            parts.append(f"{more} {kind} more and {fewer} fewer")
    if not parts:
        return ""
    return (
        f"the state has {', '.join(parts)} than the model of the last complete update: a later update "
        "failed, or somebody changed the state; should this one fail on what AWS does not have any more, "
        "`identity-center recover` takes that out of the state"
    )
