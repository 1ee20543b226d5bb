"""The guard of root users: central root access, a policy that denies root, a permission set for its tasks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from identity_center.model.aws.root_guard import (
    MOST_POLICIES_OF_A_TARGET,
    POLICY_TYPE,
    TARGET,
    Ground,
    RootTask,
    full_targets,
)
from identity_center.model.language.keys.text_rules import PERMISSION_SET_NAME
from identity_center.model.plan.settings import plan_root_guard, policy_name, root_guard
from identity_center.resources import messages
from identity_center.resources.arguments.checks import ArgumentChecks
from identity_center.resources.arguments.refusal import ORGANISATION_ACTIONS, RefusedLookupError
from identity_center.resources.arguments.timeouts import ProvisioningTimeoutsArgs, check_timeouts

from .making import make_parts


class RootGuardArgs(TypedDict):
    """Arguments of `RootGuard`."""

    target_ids: NotRequired[list[str]]
    """Organisational units or accounts whose root users are denied: ids, known before the update since they
    name the resources. Without it the whole organisation."""
    instance_arn: NotRequired[pulumi.Input[str]]
    """ARN of the Identity Center instance. With it, a permission set for root tasks is made."""
    tasks: NotRequired[list[RootTask]]
    """What the permission set may become root for: to audit and delete credentials unless said otherwise."""
    permission_set_name: NotRequired[str]
    """Name of the permission set: RootTasks unless said otherwise. Name it in the pack's `breakGlass`."""
    timeouts: NotRequired[ProvisioningTimeoutsArgs]
    """How long the provider waits."""


class RootGuard(pulumi.ComponentResource):
    """Keeps root users of member accounts out. The management account's cannot be kept out: audit it.

    It is made with the management account's credentials: by a provider of its own, or in a stack of its own,
    where Identity Center is managed by a delegated administrator.
    """

    policy_id: pulumi.Output[str]
    """Id of the service control policy."""
    permission_set_arn: pulumi.Output[str | None]
    """ARN of the permission set for root tasks; none without an instance or without central root access."""

    def __init__(self, name: str, args: RootGuardArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        _check(name, args)
        itself = root_guard(name, args)
        super().__init__(itself.type, name, dict(itself.inputs), opts)
        ground, root_id = _survey(name, args.get("target_ids"), pulumi.InvokeOptions(parent=self))
        if ground.note:
            messages.warn(ground.note, self)
        messages.info(
            f"service control policies do not bind the management account {ground.management_account_id}: "
            "its root user is watched by `identity-center root audit`",
            self,
        )
        features, partition = ground.has_features, ground.partition
        make_parts(self, plan_root_guard(name, args, partition, root_id, features=features))


def _check(name: str, args: RootGuardArgs) -> None:
    checks = ArgumentChecks("RootGuard", name, args, RootGuardArgs)
    targets = args.get("target_ids") or []
    for index, target in enumerate(targets):
        if TARGET.fullmatch(target) is None:
            remedy = "write the id of a root (r-…), a unit (ou-…) or an account (12 digits)"
            checks.add(f"targetIds[{index}]", f"`{target}` is not a place in the organisation; {remedy}")
    if len(set(targets)) != len(targets):
        checks.add("targetIds", "names a place twice; keep it once")
    checks.texts(args, {"permission_set_name": PERMISSION_SET_NAME.check})
    check_timeouts(checks, args.get("timeouts"))
    checks.done()


def _survey(name: str, targets: list[str] | None, opts: pulumi.InvokeOptions) -> tuple[Ground, str]:
    """Ask AWS what there is, before anything is made; return it with the id of the organisation's root.

    Raises RefusedLookupError with everything that is missing.
    """
    with _answered(name, ", ".join(ORGANISATION_ACTIONS)):
        partition = aws.get_partition(opts=opts).partition
        caller = aws.get_caller_identity(opts=opts).account_id
        found = aws.organizations.get_organization(opts=opts)
    ground = Ground(
        partition,
        caller,
        found.master_account_id,
        found.feature_set,
        list(found.aws_service_access_principals),
        list(found.enabled_policy_types),
    )
    _end_with(name, ground.problems())
    root_id = found.roots[0].id
    with _answered(name, "organizations:ListPoliciesForTarget and organizations:DescribePolicy"):
        others = {target: _other_policies(name, target, opts) for target in targets or [root_id]}
    _end_with(name, tuple(full_targets(others)))
    return ground, root_id


@contextmanager
def _answered(name: str, actions: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # the SDK raises nothing narrower for a refused lookup
        raise RefusedLookupError(
            f"RootGuard `{name}`: AWS did not say what the organisation has: {error}",
            f"use the management account's credentials, with {actions}",
        ) from error


def _end_with(name: str, problems: tuple[tuple[str, str], ...]) -> None:
    if problems:
        told = "\n".join(f"RootGuard `{name}`: {problem}" for problem, _ in problems)
        raise RefusedLookupError(told, "; ".join(remedy for _, remedy in problems))


def _other_policies(name: str, target: str, opts: pulumi.InvokeOptions) -> int:
    """Count the policies of a target beside the guard's own, of which AWS tells by its name alone."""
    asked = aws.organizations.get_policies_for_target(target_id=target, filter=POLICY_TYPE, opts=opts)
    if len(asked.ids) < MOST_POLICIES_OF_A_TARGET:
        return len(asked.ids)
    names = [aws.organizations.get_policy(policy_id=each, opts=opts).name for each in asked.ids]
    return sum(each != policy_name(name) for each in names)
