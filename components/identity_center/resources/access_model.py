"""A whole access model from one argument."""

from collections.abc import Iterator, Mapping
from typing import Any

import pulumi

from identity_center.model.language.settings import ExcusableRule
from identity_center.model.language.values import PrincipalType

from .access_model_args import (
    AccessModelArgs,
    ModelAssignmentArgs,
    ModelPermissionSetArgs,
    PolicyExceptionArgs,
)
from .account_access import AccountAccess, AccountAccessArgs, ModelEntitlementArgs, PrincipalEntitlementArgs
from .application import (
    ApplicationArgs,
    GranteeArgs,
    ModelApplicationArgs,
    ModelGranteeArgs,
    check_application,
)
from .argument_checks import EXCEPTION, PERMISSION_SET, ROLE, ArgumentChecks
from .by_key import by_key
from .directory import Directory, DirectoryArgs, check_directory
from .former_names import formerly
from .instance_settings import InstanceSettings, InstanceSettingsArgs
from .mfa_requirement import MfaRequirement, read_requirement
from .part_of_model import ModelApplication, ModelDirectory, ModelPermissionSet
from .permission_set import PermissionSetArgs, PrincipalAssignmentArgs
from .policy_attachments import MANAGED_POLICIES, check_policies
from .props import visible_props


class AccessModel(pulumi.ComponentResource):
    """Everything an organisation says about who may do what, under one component."""

    user_ids: pulumi.Output[dict[str, str]]
    """Ids of the users in the identity store, by key."""
    group_ids: pulumi.Output[dict[str, str]]
    """Ids of the groups in the identity store, by key."""
    permission_set_arns: pulumi.Output[dict[str, str]]
    """ARNs of the permission sets, by key."""
    application_arns: pulumi.Output[dict[str, str]]
    """ARNs of the applications, by key."""

    def __init__(self, name: str, args: AccessModelArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        _check(name, args)
        props = visible_props(args, "instance_arn", "identity_store_id")
        if "policy_exceptions" in args:
            props["policyExceptions"] = [_exception(args, each) for each in args["policy_exceptions"]]
        super().__init__("identity-center:index:AccessModel", name, props, opts)
        child = pulumi.ResourceOptions(parent=self)
        directory = ModelDirectory(name, _directory_args(args), child)
        principals = _Principals(directory, args)
        sets: dict[str, ModelPermissionSet] = {}
        for key, entry in args.get("permission_sets", {}).items():
            sets[key] = ModelPermissionSet(
                key, _permission_set_args(args, entry, principals), self._child(entry)
            )
        applications: dict[str, ModelApplication] = {}
        for key, application in args.get("applications", {}).items():
            applications[key] = ModelApplication(
                key, _application_args(args, application, principals), self._child(application)
            )
        if args.get("role_entitlements") or args.get("account_access_tags"):
            AccountAccess(name, _account_access_args(args, principals), child)
        if args.get("access_control_attributes"):
            attributes = args["access_control_attributes"]
            settings: InstanceSettingsArgs = {
                "instance_arn": args["instance_arn"],
                "access_control_attributes": attributes,
            }
            InstanceSettings(name, settings, child)
        if "mfa_requirement" in args:
            MfaRequirement(name, args["mfa_requirement"], child)
        self.user_ids = directory.user_ids
        self.group_ids = directory.group_ids
        self.permission_set_arns = by_key({key: entry.arn for key, entry in sets.items()})
        self.application_arns = by_key({key: entry.arn for key, entry in applications.items()})
        self.register_outputs(
            {
                "userIds": self.user_ids,
                "groupIds": self.group_ids,
                "permissionSetArns": self.permission_set_arns,
                "applicationArns": self.application_arns,
            }
        )

    def _child(self, entry: ModelPermissionSetArgs | ModelApplicationArgs) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self, aliases=list(formerly(entry.get("formerly"))))


def _check(name: str, args: AccessModelArgs) -> None:
    """Check all parts before the first is registered: a model with mistakes is not made by half."""
    checks = ArgumentChecks("AccessModel", name, args, AccessModelArgs)
    check_directory(checks, _directory_args(args))
    for key, entry in args.get("permission_sets", {}).items():
        place = f"permissionSets.{key}"
        checks.key(key, place)
        checks.texts(entry, PERMISSION_SET, f"{place}.")
        check_policies(checks, entry, f"{place}.")
        for index, assignment in enumerate(entry.get("assignments", [])):
            _check_principal(checks, args, assignment, f"{place}.assignments[{index}]")
            checks.account_ids(assignment["account_ids"], f"{place}.assignments[{index}].accountIds")
    for key, application in args.get("applications", {}).items():
        place = f"applications.{key}"
        checks.key(key, place)
        check_application(checks, application, f"{place}.")
        for index, grantee in enumerate(application.get("assignments", [])):
            _check_principal(checks, args, grantee, f"{place}.assignments[{index}]")
    for index, item in enumerate(args.get("role_entitlements", [])):
        checks.texts(item, ROLE, f"roleEntitlements[{index}].")
        _check_principal(checks, args, item, f"roleEntitlements[{index}]")
    checks.attributes(args.get("access_control_attributes", {}), "accessControlAttributes")
    if "mfa_requirement" in args:
        read_requirement(checks, args["mfa_requirement"], "mfaRequirement.")
    for index, exception in enumerate(args.get("policy_exceptions", [])):
        _check_exception(checks, exception, f"policyExceptions[{index}]")
    checks.done()


def _check_exception(checks: ArgumentChecks, exception: PolicyExceptionArgs, place: str) -> None:
    if ("resource" in exception) == ("principal" in exception):
        checks.add(place, "names nothing, or two things; write exactly one of `resource` and `principal`")
    checks.texts(exception, EXCEPTION, f"{place}.")


def _exception(args: AccessModelArgs, exception: PolicyExceptionArgs) -> dict[str, str]:
    """Say an exception as the pack reads it. Of a permission set, in an update, the pack knows no name."""
    said = {"rule": ExcusableRule(exception["rule"]).value, "expires": exception["expires"]}
    if "resource" in exception:
        return {**said, "resource": exception["resource"]}
    said["principal"] = exception["principal"]
    for key, entry in args.get("permission_sets", {}).items():
        if entry["name"] == exception["principal"]:
            said["resource"] = f"{MANAGED_POLICIES}::{key}"
    return said


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


def _directory_args(args: AccessModelArgs) -> DirectoryArgs:
    protected = set(_protected(args))
    return {
        "identity_store_id": args["identity_store_id"],
        "users": args.get("users", {}),
        "groups": args.get("groups", {}),
        "external_user_ids": args.get("external_user_ids", {}),
        "external_group_ids": args.get("external_group_ids", {}),
        "former_user_keys": args.get("former_user_keys", {}),
        "former_group_keys": args.get("former_group_keys", {}),
        "protected_users": sorted(key for kind, key in protected if kind is PrincipalType.USER),
        "protected_groups": sorted(key for kind, key in protected if kind is PrincipalType.GROUP),
    }


def _protected(args: AccessModelArgs) -> Iterator[tuple[PrincipalType, str]]:
    """Yield the principals of break-glass grants: without them, the grants are gone as well."""
    for entry in args.get("permission_sets", {}).values():
        for assignment in entry.get("assignments", []):
            if assignment.get("break_glass_account_ids"):
                yield PrincipalType(assignment["principal_type"]), assignment["principal"]
    applications = args.get("applications", {}).values()
    grantees = [grantee for entry in applications for grantee in entry.get("assignments", [])]
    for named in (*grantees, *args.get("role_entitlements", [])):
        if named.get("break_glass"):
            yield PrincipalType(named["principal_type"]), named["principal"]


class _Principals:
    """Users and groups of the model, by key: their ids, and the keys that they had before."""

    def __init__(self, directory: Directory, args: AccessModelArgs) -> None:
        self._directory = directory
        self._former = {
            PrincipalType.USER: args.get("former_user_keys", {}),
            PrincipalType.GROUP: args.get("former_group_keys", {}),
        }

    def args(self, principal_type: PrincipalType, key: str) -> Any:  # noqa: ANN401  # a part of three args
        """Return what says who is meant."""
        kind = PrincipalType(principal_type)
        former = self._former[kind].get(key)
        return {
            "principal_type": kind,
            "principal_key": key,
            "principal_id": self._directory.principal_id(kind, key),
            **({} if former is None else {"former_principal_key": former}),
        }


#: Arguments that a permission set of the model and the component have in common.
_OF_SETS = (
    "name",
    "description",
    "session_duration",
    "relay_state",
    "customer_managed_policies",
    "inline_policy",
    "permissions_boundary",
    "tags",
)
_OF_APPLICATIONS = ("name", "application_provider_arn", "description", "status", "portal", "tags")


def _common(entry: Mapping[str, Any], names: tuple[str, ...]) -> Any:  # noqa: ANN401  # a part of two args
    return {name: entry[name] for name in names if name in entry}


def _permission_set_args(
    args: AccessModelArgs, entry: ModelPermissionSetArgs, principals: _Principals
) -> PermissionSetArgs:
    common: PermissionSetArgs = _common(entry, _OF_SETS)
    common["instance_arn"] = args["instance_arn"]
    common["managed_policy_arns"] = entry.get("managed_policy_arns", [])
    common["assignments"] = [
        _assignment(principals.args(item["principal_type"], item["principal"]), item)
        for item in entry.get("assignments", [])
    ]
    return common


def _assignment(principal: PrincipalAssignmentArgs, item: ModelAssignmentArgs) -> PrincipalAssignmentArgs:
    principal["account_ids"] = item["account_ids"]
    principal["break_glass_account_ids"] = item.get("break_glass_account_ids", [])
    return principal


def _application_args(
    args: AccessModelArgs, entry: ModelApplicationArgs, principals: _Principals
) -> ApplicationArgs:
    common: ApplicationArgs = _common(entry, _OF_APPLICATIONS)
    common["instance_arn"] = args["instance_arn"]
    grantees: list[GranteeArgs] = []
    for item in entry.get("assignments", []):
        grantee: GranteeArgs = principals.args(item["principal_type"], item["principal"])
        grantee["break_glass"] = item.get("break_glass", False)
        grantees.append(grantee)
    common["assignments"] = grantees
    return common


def _account_access_args(args: AccessModelArgs, principals: _Principals) -> AccountAccessArgs:
    entitlements: list[PrincipalEntitlementArgs] = []
    for item in args.get("role_entitlements", []):
        made: PrincipalEntitlementArgs = principals.args(item["principal_type"], item["principal"])
        made["role_arn"] = item["role_arn"]
        made["break_glass"] = item.get("break_glass", False)
        entitlements.append(made)
    return {
        "instance_arn": args["instance_arn"],
        "tags": args.get("account_access_tags", {}),
        "entitlements": entitlements,
    }
