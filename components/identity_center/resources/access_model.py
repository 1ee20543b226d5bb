"""A whole access model from one argument."""

import pulumi

from identity_center.model.language.keys.values import PrincipalType
from identity_center.model.language.mfa import console_steps
from identity_center.model.plan.planned import Plan
from identity_center.model.plan.whole_model import ModelParts, plan_model
from identity_center.resources import messages
from identity_center.resources.arguments.access_model_args import AccessModelArgs, ModelAssignmentArgs
from identity_center.resources.arguments.checks import ArgumentChecks, rules_of
from identity_center.resources.arguments.entry_args import PolicyExceptionArgs
from identity_center.resources.arguments.timeouts import check_timeouts

from .account_access import ModelEntitlementArgs
from .application import ModelGranteeArgs, check_application
from .directory import check_directory
from .making import PlannedComponent
from .mfa_requirement import read_requirement
from .permission_set import PermissionSetAttributesArgs
from .policy_attachments import check_policies


class WholeModel(PlannedComponent):
    """Everything under one component, from a plan: the program makes the plan of a model that is checked.

    The program also tells the steps in the console itself, where they are new.
    """

    user_ids: pulumi.Output[dict[str, str]]
    """Ids of the users in the identity store, by key."""
    group_ids: pulumi.Output[dict[str, str]]
    """Ids of the groups in the identity store, by key."""
    permission_set_arns: pulumi.Output[dict[str, str]]
    """ARNs of the permission sets, by key."""
    application_arns: pulumi.Output[dict[str, str]]
    """ARNs of the applications, by key."""

    def __init__(
        self, plan: Plan, console_steps: tuple[str, ...] = (), opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(plan, opts)
        if console_steps:
            messages.info("\n".join(console_steps), self)


class AccessModel(WholeModel):
    """Everything an organisation says about who may do what, under one component."""

    def __init__(self, name: str, args: AccessModelArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        steps = _check(name, args)
        super().__init__(plan_model(name, ModelParts.of_args(args, steps)), steps, opts)


def _check(name: str, args: AccessModelArgs) -> tuple[str, ...]:
    """Check all parts before the first is registered: a model with mistakes is not made by half.

    Return the steps in the console that the MFA settings take.
    """
    checks = ArgumentChecks("AccessModel", name, args, AccessModelArgs)
    check_directory(checks, args)
    for key, entry in args.get("permission_sets", {}).items():
        place = f"permissionSets.{key}"
        checks.key(key, place)
        checks.texts(entry, rules_of(PermissionSetAttributesArgs), f"{place}.")
        check_policies(checks, entry, f"{place}.")
        _check_assignments(checks, args, entry.get("assignments", []), place)
    for key, other in args.get("external_permission_sets", {}).items():
        place = f"externalPermissionSets.{key}"
        checks.key(key, place)
        if key in args.get("permission_sets", {}):
            checks.add(place, "has the key of a permission set of the model")
        _check_assignments(checks, args, other.get("assignments", []), place)
    for key, application in args.get("applications", {}).items():
        place = f"applications.{key}"
        checks.key(key, place)
        check_application(checks, application, f"{place}.")
        for index, grantee in enumerate(application.get("assignments", [])):
            _check_principal(checks, args, grantee, f"{place}.assignments[{index}]")
    for index, item in enumerate(args.get("role_entitlements", [])):
        checks.texts(item, rules_of(ModelEntitlementArgs), f"roleEntitlements[{index}].")
        _check_principal(checks, args, item, f"roleEntitlements[{index}]")
    checks.attributes(args.get("access_control_attributes", {}), "accessControlAttributes")
    checks.regions(args.get("additional_regions", []), "additionalRegions")
    check_timeouts(checks, args.get("timeouts"))
    settings = None
    if "mfa_requirement" in args:
        settings = read_requirement(checks, args["mfa_requirement"], "mfaRequirement.")
    for index, exception in enumerate(args.get("policy_exceptions", [])):
        _check_exception(checks, exception, f"policyExceptions[{index}]")
    checks.done()
    return console_steps(settings) if settings else ()


def _check_exception(checks: ArgumentChecks, exception: PolicyExceptionArgs, place: str) -> None:
    if ("resource" in exception) == ("principal" in exception):
        checks.add(place, "names nothing, or two things; write exactly one of `resource` and `principal`")
    checks.texts(exception, rules_of(PolicyExceptionArgs), f"{place}.")


def _check_assignments(
    checks: ArgumentChecks, args: AccessModelArgs, listed: list[ModelAssignmentArgs], place: str
) -> None:
    for index, assignment in enumerate(listed):
        _check_principal(checks, args, assignment, f"{place}.assignments[{index}]")
        checks.account_ids(assignment["account_ids"], f"{place}.assignments[{index}].accountIds")


def _check_principal(
    checks: ArgumentChecks,
    args: AccessModelArgs,
    named: ModelAssignmentArgs | ModelGranteeArgs | ModelEntitlementArgs,
    place: str,
) -> None:
    if PrincipalType(named["principal_type"]) is PrincipalType.USER:
        users = {*args.get("users", {}), *args.get("external_user_ids", {})}
        checks.known(named["principal"], users, "user", f"{place}.principal")
    else:
        groups = {*args.get("groups", {}), *args.get("external_group_ids", {})}
        checks.known(named["principal"], groups, "group", f"{place}.principal")
