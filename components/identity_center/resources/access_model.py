"""A whole access model from one argument."""

from typing import NotRequired, TypedDict

import pulumi

from identity_center.model.principals import PrincipalType

from .argument_checks import PERMISSION_SET, ArgumentChecks
from .by_key import by_key
from .directory import Directory, DirectoryArgs, DirectoryGroupArgs, check_directory
from .mfa_requirement import MfaRequirement, MfaRequirementArgs, read_requirement
from .permission_set import PermissionSet, PermissionSetArgs, PrincipalAssignmentArgs
from .props import visible_props
from .user import UserAttributesArgs


class ModelAssignmentArgs(TypedDict):
    """A principal of the model who gets a permission set, and where."""

    principal_type: PrincipalType
    """Whether a user or a group gets it."""
    principal: str
    """Key of the user or group in the model."""
    account_ids: list[str]
    """Accounts where it holds: ids of 12 digits."""


class ModelPermissionSetArgs(TypedDict):
    """A permission set of the model, with its assignments."""

    name: pulumi.Input[str]
    """Its name in the portal and in role names: 1 to 32 characters. A new one replaces the permission set."""
    description: NotRequired[pulumi.Input[str]]
    """What it is for: 1 to 700 characters of Latin-1."""
    session_duration: NotRequired[pulumi.Input[str]]
    """How long a session lasts, in ISO 8601: PT1H (the default) to PT12H."""
    managed_policy_arns: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """ARNs of all its AWS-managed policies."""
    assignments: NotRequired[list[ModelAssignmentArgs]]
    """Who gets it where."""


class AccessModelArgs(TypedDict):
    """Arguments of `AccessModel`."""

    instance_arn: pulumi.Input[str]
    """ARN of the Identity Center instance."""
    identity_store_id: pulumi.Input[str]
    """Identity store of the instance, such as d-1234567890."""
    users: NotRequired[dict[str, UserAttributesArgs]]
    """People, under keys that stay: they name the resources."""
    groups: NotRequired[dict[str, DirectoryGroupArgs]]
    """Groups, under keys that stay: they name the resources."""
    permission_sets: NotRequired[dict[str, ModelPermissionSetArgs]]
    """Permission sets, under keys that stay: they name the resources."""
    mfa_requirement: NotRequired[MfaRequirementArgs]
    """What holds for MFA at sign-in."""


class AccessModel(pulumi.ComponentResource):
    """Everything an organisation says about who may do what: directory, permission sets, assignments, MFA."""

    user_ids: pulumi.Output[dict[str, str]]
    """Ids of the users in the identity store, by key."""
    group_ids: pulumi.Output[dict[str, str]]
    """Ids of the groups in the identity store, by key."""
    permission_set_arns: pulumi.Output[dict[str, str]]
    """ARNs of the permission sets, by key."""

    def __init__(self, name: str, args: AccessModelArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        _check(name, args)
        props = visible_props(args, "instance_arn", "identity_store_id")
        super().__init__("identity-center:index:AccessModel", name, props, opts)
        child = pulumi.ResourceOptions(parent=self)
        directory = Directory(name, _directory_args(args), child)
        sets = {
            key: PermissionSet(key, _permission_set_args(args["instance_arn"], entry, directory), child)
            for key, entry in args.get("permission_sets", {}).items()
        }
        if "mfa_requirement" in args:
            MfaRequirement(name, args["mfa_requirement"], child)
        self.user_ids = directory.user_ids
        self.group_ids = directory.group_ids
        self.permission_set_arns = by_key({key: entry.arn for key, entry in sets.items()})
        self.register_outputs(
            {
                "userIds": self.user_ids,
                "groupIds": self.group_ids,
                "permissionSetArns": self.permission_set_arns,
            }
        )


def _check(name: str, args: AccessModelArgs) -> None:
    """Check all parts before the first is registered: a model with mistakes is not made by half."""
    checks = ArgumentChecks("AccessModel", name)
    check_directory(checks, _directory_args(args))
    for key, entry in args.get("permission_sets", {}).items():
        place = f"permissionSets.{key}"
        checks.key(key, place)
        checks.texts(entry, PERMISSION_SET, f"{place}.")
        for index, assignment in enumerate(entry.get("assignments", [])):
            _check_assignment(checks, args, assignment, f"{place}.assignments[{index}]")
    if "mfa_requirement" in args:
        read_requirement(checks, args["mfa_requirement"], "mfaRequirement.")
    checks.done()


def _check_assignment(
    checks: ArgumentChecks, args: AccessModelArgs, assignment: ModelAssignmentArgs, place: str
) -> None:
    if PrincipalType(assignment["principal_type"]) is PrincipalType.USER:
        checks.known(assignment["principal"], args.get("users", {}), "user", f"{place}.principal")
    else:
        checks.known(assignment["principal"], args.get("groups", {}), "group", f"{place}.principal")
    checks.account_ids(assignment["account_ids"], f"{place}.accountIds")


def _directory_args(args: AccessModelArgs) -> DirectoryArgs:
    return {
        "identity_store_id": args["identity_store_id"],
        "users": args.get("users", {}),
        "groups": args.get("groups", {}),
    }


def _permission_set_args(
    instance_arn: pulumi.Input[str], entry: ModelPermissionSetArgs, directory: Directory
) -> PermissionSetArgs:
    args: PermissionSetArgs = {
        "instance_arn": instance_arn,
        "name": entry["name"],
        "managed_policy_arns": entry.get("managed_policy_arns", []),
        "assignments": [_principal_assignment(item, directory) for item in entry.get("assignments", [])],
    }
    if "description" in entry:
        args["description"] = entry["description"]
    if "session_duration" in entry:
        args["session_duration"] = entry["session_duration"]
    return args


def _principal_assignment(item: ModelAssignmentArgs, directory: Directory) -> PrincipalAssignmentArgs:
    principal_type = PrincipalType(item["principal_type"])
    return {
        "principal_type": principal_type,
        "principal_key": item["principal"],
        "principal_id": directory.principal_id(principal_type, item["principal"]),
        "account_ids": item["account_ids"],
    }
