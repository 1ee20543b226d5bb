"""A written model as the pack sees a stack: what a run would make, with ids made up from its keys."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from identity_center.model.access.grants import Access, OpenGrant
from identity_center.model.language.keys.values import PrincipalType
from identity_center.model.plan.declared import plan_access
from identity_center.model.plan.planned import (
    ASSIGNMENT,
    GROUP,
    INLINE_POLICY,
    MEMBERSHIP,
    PERMISSION_SET,
    USER,
    Plan,
    PlannedResource,
    Ref,
    Secret,
    references,
)
from identity_center_cli.stacks.recorded import view_of
from identity_guard.stack.observe import Properties
from identity_guard.stack.resource_types import COVERED_TYPES
from identity_guard.stack.resources import Resource
from identity_guard.stack.view import View

#: What the model does not say, and no rule of the pack reads: which instance it is for.
INSTANCE: Final = "instance"


def view_of_model(model: Access, supplied: Mapping[str, str] | None = None) -> View:
    """Make the view of the stack that a model would make.

    `supplied` are texts of customer-managed policies, by name.
    """
    planned = (*plan_of(model), *_beside(model))
    return view_of({each.urn: each for each in resources_of_plan(planned)}, supplied or {})


def plan_of(model: Access) -> Plan:
    """Plan what a model makes; who and what comes from elsewhere gets ids made up."""
    external = {
        kind: {key: made_up_id(kind, key) for key in keys}
        for kind, keys in ((USER, model.declared.external_users), (GROUP, model.declared.external_groups))
    }
    access = replace(
        model,
        external_user_ids=external[USER],
        external_group_ids=external[GROUP],
        external_set_arns=made_up_sets(model),
    )
    return plan_access("identity-center", access, INSTANCE, INSTANCE)


def made_up_sets(model: Access) -> dict[str, str]:
    """Make up the ARNs of the permission sets that others make, by key."""
    return {key: made_up_id(PERMISSION_SET, key) for key in model.declared.external_permission_sets}


def made_up_id(kind: str, key: str) -> str:
    """Make up the id of a resource; a key is unique among its kind."""
    return f"{kind}/{key}"


def resources_of_plan(planned: Plan) -> Iterator[Resource]:
    """Give each resource that rules cover its inputs, and the outputs that others refer to."""
    outputs = defaultdict[tuple[str, str], dict[str, str]](dict)
    for each in planned:
        for ref in references(each.inputs):
            outputs[ref.type, ref.key][ref.output] = made_up_id(ref.type, ref.key)
    for each in planned:
        if each.type in COVERED_TYPES:
            urn = f"urn:pulumi:model::identity-center::{each.type}::{each.key}"
            properties = {**known(each.inputs), **outputs[each.id]}
            yield Resource(each.type, urn, each.key, inputs=Properties(properties))


def known(value: object) -> Any:  # noqa: ANN401 - a property may hold anything
    """Put made-up ids in the place of references, and open secrets."""
    if isinstance(value, Ref):
        return made_up_id(value.type, value.key)
    if isinstance(value, Secret):
        return known(value.value)
    if isinstance(value, Mapping):
        return {name: known(each) for name, each in value.items()}
    return [known(each) for each in value] if isinstance(value, list | tuple) else value


def _beside(model: Access) -> Iterator[PlannedResource]:
    """Yield who and what comes from elsewhere, and the assignments of which the accounts are not known."""
    for key, user in model.declared.external_users.items():
        names = {"userName": user.user_name, "displayName": user.display_name}
        said = {name: value for name, value in names.items() if value is not None}
        yield PlannedResource(USER, key, {**said, "userId": made_up_id(USER, key)})
    for key, group in model.declared.external_groups.items():
        inputs = {"displayName": group.display_name, "groupId": made_up_id(GROUP, key)}
        yield PlannedResource(GROUP, key, inputs)
        # Who is in it is said where it comes from.
        members = {"groupId": made_up_id(GROUP, key), "memberId": UNKNOWN_STRING_VALUE}
        yield PlannedResource(MEMBERSHIP, f"{key}/members-of-elsewhere", members)
    for key, other in model.declared.external_permission_sets.items():
        arn = made_up_id(PERMISSION_SET, key)
        yield PlannedResource(PERMISSION_SET, key, {"name": other.name, "arn": arn})
        # What it may do is said where it is made.
        unseen = {"permissionSetArn": arn, "inlinePolicy": UNKNOWN_STRING_VALUE}
        yield PlannedResource(INLINE_POLICY, f"{key}/policies-of-elsewhere", unseen)
    yield from map(_open, model.open_grants)


def _open(wanted: OpenGrant) -> PlannedResource:
    kind = USER if wanted.kind == PrincipalType.USER.value else GROUP
    inputs = {
        "permissionSetArn": Ref(PERMISSION_SET, wanted.permission_set, "arn"),
        "principalType": wanted.kind,
        "principalId": made_up_id(kind, wanted.principal),
        "targetId": UNKNOWN_STRING_VALUE,
    }
    name = f"{wanted.permission_set}/{wanted.kind.lower()}/{wanted.principal}/{wanted.target}"
    return PlannedResource(ASSIGNMENT, name, inputs)
