"""Settings of the instance, the guard of root users and MFA for IAM users as resources."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from identity_center.model.aws.iam_mfa_policy import deny_without_mfa
from identity_center.model.aws.root_guard import FEATURES, POLICY_TYPE, RootTask, deny_root, root_tasks
from identity_center.model.language.keys.argument_names import MFA_REQUIREMENT

from .people import Attributes
from .planned import (
    ATTRIBUTES,
    CONTROL_POLICY,
    CONTROL_POLICY_ATTACHMENT,
    IAM_GROUP_POLICY,
    IAM_POLICY,
    IAM_USER_POLICY,
    INLINE_POLICY,
    PERMISSION_SET,
    ROOT_FEATURES,
    Id,
    Plan,
    PlannedResource,
    Ref,
    component,
    given,
    shown,
)
from .timeouts import timed

#: AWS's shortest for a permission set; a root session itself lasts 15 minutes at most.
SESSION: Final = "PT1H"
_OF_TASKS: Final = "Root sessions in member accounts, for a few tasks only. Break-glass: watch every use"


def plan_instance_settings(name: str, args: Attributes) -> Plan:
    """Plan the attributes for access control."""
    attributes = args["access_control_attributes"]
    listed = [{"key": key, "values": [{"sources": [source]}]} for key, source in sorted(attributes.items())]
    around = component(
        "InstanceSettings",
        name,
        shown(args, "instance_arn", "access_control_attributes"),
        outputs={"attributeNames": sorted(attributes)},
    )
    inputs = given(instance_arn=args["instance_arn"], attributes=listed)
    return around, PlannedResource(ATTRIBUTES, name, inputs, parent=around.id)


def plan_mfa_requirement(name: str, args: Attributes, steps: tuple[str, ...]) -> Plan:
    """Plan the declaration of what holds for MFA: AWS has no API for it, so it has no parts."""
    props = shown(args, *MFA_REQUIREMENT)
    return (component("MfaRequirement", name, props, outputs={"consoleSteps": list(steps)}),)


def root_guard(name: str, args: Attributes) -> PlannedResource:
    """Plan the guard's component alone: what is under it depends on what AWS says of the organisation."""
    return component("RootGuard", name, shown(args, "target_ids", "instance_arn"))


def policy_name(name: str) -> str:
    """Name the guard's service control policy: no two of an organisation have the same name."""
    return f"{name}-deny-root"


def plan_root_guard(name: str, args: Attributes, partition: str, root_id: str, *, features: bool) -> Plan:
    """Plan the guard of root users; `features` says whether the partition has central root access."""
    policy = PlannedResource(
        CONTROL_POLICY,
        name,
        {
            "name": policy_name(name),
            "description": "Denies everything to root users; sessions of AssumeRoot are left alone",
            "type": POLICY_TYPE,
            "content": json.dumps(deny_root()),
        },
    )
    parts = [policy, *_bound(policy, args.get("target_ids") or [root_id])]
    permission_set: object = None
    if features:
        # Its deletion switches central root access off for the whole organisation, whoever switched it on.
        # Source: terraform-provider-aws, iam/organizations_features.go, Delete.
        features_on = {"enabledFeatures": list(FEATURES)}
        parts.append(PlannedResource(ROOT_FEATURES, name, features_on, retain_on_delete=True))
        if "instance_arn" in args:
            parts += _root_tasks(name, args, partition)
            # Whoever assigns it waits for the policy: an empty set would be assigned otherwise.
            permission_set = Ref(PERMISSION_SET, name, "arn", once=Id(INLINE_POLICY, name))
    outputs = {"policyId": policy.output("id"), "permissionSetArn": permission_set}
    around = replace(root_guard(name, args), outputs=outputs)
    return around, *timed((replace(each, parent=around.id) for each in parts), args.get("timeouts"))


def _bound(policy: PlannedResource, target_ids: list[str]) -> Iterator[PlannedResource]:
    for target_id in target_ids:
        inputs = given(policy_id=policy.output("id"), target_id=target_id)
        yield PlannedResource(CONTROL_POLICY_ATTACHMENT, f"{policy.key}/{target_id}", inputs)


def _root_tasks(name: str, args: Attributes, partition: str) -> Iterator[PlannedResource]:
    tasks = [RootTask(task) for task in args.get("tasks") or (RootTask.AUDIT, RootTask.DELETE)]
    made = PlannedResource(
        PERMISSION_SET,
        name,
        given(
            instance_arn=args["instance_arn"],
            name=args.get("permission_set_name", "RootTasks"),
            description=_OF_TASKS,
            session_duration=SESSION,
        ),
    )
    yield made
    inputs = given(
        instance_arn=args["instance_arn"],
        permission_set_arn=made.output("arn"),
        inline_policy=json.dumps(root_tasks(tasks, partition)),
    )
    yield PlannedResource(INLINE_POLICY, name, inputs)


def plan_iam_mfa_policy(name: str, args: Attributes) -> Plan:
    """Plan the policy that denies IAM users everything without MFA, and where it is attached."""
    policy = PlannedResource(
        IAM_POLICY,
        name,
        {
            "name": args.get("name", "RequireMfa"),
            "description": "Denies everything without MFA, but to set MFA up",
            "policy": json.dumps(deny_without_mfa()),
        },
    )
    arn = policy.output("arn")
    parts = [policy]
    for group in args.get("groups") or ():
        inputs = given(group=group, policy_arn=arn)
        parts.append(PlannedResource(IAM_GROUP_POLICY, f"{name}/group/{group}", inputs))
    for user in args.get("users") or ():
        inputs = given(user=user, policy_arn=arn)
        parts.append(PlannedResource(IAM_USER_POLICY, f"{name}/user/{user}", inputs))
    around = component("IamMfaPolicy", name, shown(args, "name", "groups", "users"), outputs={"arn": arn})
    return around, *(replace(each, parent=around.id) for each in parts)
