"""What the stack's last update made: the model that it kept as an output, and the assignments in the state.

The engine answers both from the stack's own state, with one question and no call to AWS. A stack reference
would give the outputs only, and would stand in the state as a resource of its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi.runtime import rpc

from identity_center.model.access.descriptions import Described, Descriptions
from identity_center.model.access.record import RecordedModel, UnusableRecordError, read_record
from identity_center.model.language.values import (
    PrincipalType,
    entitlement_name,
    grantee_name,
    membership_name,
)

#: The stack's output that keeps the model, for the next run of this program alone.
OUTPUT = "access_model"
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


@dataclass(frozen=True)
class LastUpdate:
    """What is known of the last update that changed the stack."""

    model: RecordedModel | None
    """What it kept; None where there is nothing to compare with."""
    assignments: frozenset[str]
    """Names of the account assignments in the state: these are there, whatever the model says."""
    descriptions: Descriptions
    """What has a description in the state, and so in AWS."""
    problem: str
    """Why there is no model although there is a state, or that the two do not belong together; else empty."""


def read_last_update() -> LastUpdate:
    """Ask the engine for the state that the last update of this stack left."""
    name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    try:
        told = pulumi.runtime.invoke(_QUESTION, {"stackName": name}).value
    except Exception as error:  # noqa: BLE001  # the SDK raises nothing narrower for a refused question
        problem = f"the engine did not give the stack's state ({error})"
        return LastUpdate(None, frozenset(), Descriptions(), problem)
    state = (told or {}).get("outputs") or {}
    made = frozenset(name for urn, resource in state.items() for name in _made(urn, resource))
    assignments = frozenset(name for kind, name in made if kind == "assignments")
    descriptions = _descriptions(state)
    kept = _output(state)
    if kept is None:
        problem = "the last update kept no model" if assignments else ""
        return LastUpdate(None, assignments, descriptions, problem)
    try:
        model = read_record(kept)
    except UnusableRecordError as error:
        problem = f"the model of the last update cannot be read: {error}"
        return LastUpdate(None, assignments, descriptions, problem)
    return LastUpdate(model, assignments, descriptions, _difference(frozenset(_kept(model)), made))


def _descriptions(state: Mapping[str, object]) -> Descriptions:
    """Read who has a description. The state has what AWS has, whatever the model says of it."""
    names: dict[Described, dict[str, str]] = {kind: {} for kind in Described}
    for urn, resource in state.items():
        *_, types, name = urn.split("::")
        kind = _DESCRIBED.get(types.rsplit("$", 1)[-1]) if types.startswith(_OF_THE_MODEL) else None
        outputs = (resource.get("outputs") if isinstance(resource, dict) else None) or {}
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


def _output(resources: Mapping[str, object]) -> str | None:
    """Find the kept model among the outputs of the stack itself."""
    for resource in resources.values():
        if isinstance(resource, dict) and resource.get("type") == _STACK:
            kept = (resource.get("outputs") or {}).get(OUTPUT)
            if rpc.is_rpc_secret(kept):
                kept = rpc.unwrap_rpc_secret(kept)
            return kept if isinstance(kept, str) else None
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
        "failed, or somebody changed the state"
    )
