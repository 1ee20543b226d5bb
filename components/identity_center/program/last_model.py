"""What the stack's last update made: the model that it kept as an output, and the assignments in the state.

The engine answers both from the stack's own state, with one question and no call to AWS. A stack reference
would give the outputs only, and would stand in the state as a resource of its own.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pulumi
from pulumi.runtime import rpc

from identity_center.model.access.descriptions import Described, Descriptions
from identity_center.model.access.record import RecordedModel, UnusableRecordError, read_record
from identity_center.model.existing.unrecorded import Outputs
from identity_center.model.language.values import (
    PrincipalType,
    entitlement_name,
    grantee_name,
    membership_name,
)
from identity_center.model.plan.planned import COMPONENTS, Id, Plan
from identity_center.model.plan.unique_names import TYPES, Holder, State, holder
from identity_center.model.plan.update_estimate import MeasuredPace

#: The stack's output that keeps the model, for the next run of this program alone.
OUTPUT = "access_model"
#: The one that keeps how fast the last large update was.
PACE = "update_pace"
#: The one that keeps which permission sets have outdated accounts, where some have.
OUTDATED = "outdated_accounts"
#: Source: pulumi/pkg/resource/deploy/builtins.go, readStackResourceOutputs.
_QUESTION = "pulumi:pulumi:readStackResourceOutputs"
#: What of the state has to be as in the model, and how it is called.
_KINDS = {
    "aws:ssoadmin/accountAssignment:AccountAssignment": "assignments",
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
_DIRECTORY = f"{COMPONENTS}Directory"


@dataclass(frozen=True)
class LastUpdate:
    """What is known of the last update that changed the stack."""

    model: RecordedModel | None = None
    """What it kept; None where there is nothing to compare with."""
    assignments: frozenset[str] = frozenset()
    """Names of the account assignments in the state: these are there, whatever the model says."""
    problem: str = ""
    """Why there is no model although there is a state, or that the two do not belong together; else empty."""
    state: State | None = None
    """What has names in the state; None where the engine did not give it."""
    outputs: Outputs = field(default_factory=dict)
    """What the state says of each of our resources."""
    descriptions: Descriptions = field(default_factory=Descriptions)
    """What has a description in the state, and so in AWS."""
    pace: MeasuredPace | None = None
    """How fast the last large update was."""
    outdated: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By key of a permission set: accounts that an update left with an older form of it."""
    moved_in: frozenset[Id] = frozenset()
    """Parts of the model that `pulumi state move` brought from another stack: they stand beside the model."""
    resources: Mapping[str, object] = field(default_factory=dict, repr=False)
    """The whole state as the engine gave it, by URN."""

    def taking_in(self, plan: Plan) -> "LastUpdate":
        """Read the state again, with the parts of the model that were moved in where they belong.

        `pulumi state move` gives what it moves the stack for a parent. What the model does not have under its
        own name stays what it is: a program may have components of its own.
        """
        wanted = {part.id for part in plan[1:] if part.is_component and part.parent == plan[0].id}
        moved = frozenset(wanted & {*_beside(self.resources)} - _within(self.resources))
        if not moved:
            return self
        inside = {_moved_into_the_model(urn, moved): each for urn, each in self.resources.items()}
        return replace(_understood(inside), moved_in=moved, resources=self.resources)


def read_last_update() -> LastUpdate:
    """Ask the engine for the state that the last update of this stack left."""
    name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    try:
        told = pulumi.runtime.invoke(_QUESTION, {"stackName": name}).value
    except Exception as error:  # noqa: BLE001  # the SDK raises nothing narrower for a refused question
        return LastUpdate(problem=f"the engine did not give the stack's state ({error})")
    return _understood((told or {}).get("outputs") or {})


def _understood(state: Mapping[str, object]) -> LastUpdate:
    """Read a state, by URN."""
    made = frozenset(name for urn, resource in state.items() for name in _made(urn, resource))
    assignments = frozenset(name for kind, name in made if kind == "assignments")
    model, problem = _kept_model(state, made, assignments)
    return LastUpdate(
        model,
        assignments,
        problem,
        State(tuple(each for urn, resource in state.items() for each in _named(urn, resource))),
        _outputs(state),
        _descriptions(state),
        _pace(_output(state, PACE)),
        _outdated(_output(state, OUTDATED)),
        resources=state,
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


def _kept_model(
    state: Mapping[str, object], made: frozenset[tuple[str, str]], assignments: frozenset[str]
) -> tuple[RecordedModel | None, str]:
    """Return the model that the last update kept, and why there is none or it is not the state's."""
    kept = _output(state, OUTPUT)
    if not isinstance(kept, str):
        return None, "the last update kept no model" if assignments else ""
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


def _made(urn: str, resource: object) -> Iterator[tuple[str, str]]:
    """Yield what a resource of the state says of who has what: the kind, and its name."""
    *_, types, name = urn.split("::")
    kind = _KINDS.get(types.rsplit("$", 1)[-1]) if types.startswith(_OF_THE_MODEL) else None
    if kind == "permission sets":
        outputs = resource.get("outputs") if isinstance(resource, dict) else None
        yield kind, f"{name} named {(outputs or {}).get('name')}"
    elif kind is not None:
        yield kind, name


def _kept(model: RecordedModel) -> Iterator[tuple[str, str]]:
    """Yield the same of a model."""
    yield from (("assignments", grant.resource_name) for grant in model.grants)
    for group, users in model.members.items():
        yield from (("memberships", membership_name(group, user)) for user in users or ())
    for key, name in model.permission_set_names.items():
        yield "permission sets", f"{key} named {name}"
    for key, kind, principal in model.applications:
        yield "assignments of applications", grantee_name(key, PrincipalType(kind), principal)
    for arn, kind, principal in model.roles:
        yield "entitlements", entitlement_name(arn, PrincipalType(kind), principal)


def _output(resources: Mapping[str, object], name: str) -> object:
    """Find one of the outputs of the stack itself."""
    for resource in resources.values():
        if isinstance(resource, dict) and resource.get("type") == _STACK:
            kept = (resource.get("outputs") or {}).get(name)
            return rpc.unwrap_rpc_secret(kept) if rpc.is_rpc_secret(kept) else kept
    return None


def _difference(kept: frozenset[tuple[str, str]], made: frozenset[tuple[str, str]]) -> str:
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
