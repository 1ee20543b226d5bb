"""A checked access model as the arguments of the component that makes it."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import pulumi

from identity_center.model.access.grants import Access, Grant
from identity_center.model.access.permission_sets import ResolvedSet
from identity_center.model.language.applications import ApplicationEntry
from identity_center.model.language.assignments import GrantEntry
from identity_center.model.language.directory import AddressEntry, GroupEntry, PhoneNumberEntry, UserEntry
from identity_center.model.language.mfa import MfaRequirementEntry
from identity_center.model.language.permission_sets import CustomerPolicy
from identity_center.model.language.settings import AccountAccessEntry, PolicyExceptionEntry
from identity_center.resources.access_model_args import (
    AccessModelArgs,
    ModelAssignmentArgs,
    ModelPermissionSetArgs,
    PolicyExceptionArgs,
)
from identity_center.resources.account_access import ModelEntitlementArgs
from identity_center.resources.application import ModelApplicationArgs, ModelGranteeArgs
from identity_center.resources.directory import DirectoryGroupArgs
from identity_center.resources.mfa_requirement import MfaRequirementArgs
from identity_center.resources.policy_attachments import CustomerManagedPolicyArgs
from identity_center.resources.user import UserAttributesArgs

from .preflight import Checked


def access_model_args(checked: Checked) -> AccessModelArgs:
    """Say the whole model in the component's words. What the stack keeps encrypted stays a secret."""
    access = checked.access
    declared = access.declared
    grants = {key: list(same) for key, same in groupby(access.grants, key=lambda grant: grant.permission_set)}
    secret_users = "users" in checked.secret_keys
    args: AccessModelArgs = {
        "instance_arn": checked.instance.arn,
        "identity_store_id": checked.instance.identity_store_id,
        "users": {key: _user(entry, secret=secret_users) for key, entry in access.users.items()},
        "groups": {key: _group(entry) for key, entry in access.groups.items()},
        "external_user_ids": dict(access.external_user_ids),
        "external_group_ids": dict(access.external_group_ids),
        "permission_sets": {
            key: _permission_set(made, grants.get(key, []), access)
            for key, made in access.permission_sets.items()
        },
        "applications": {key: _application(entry) for key, entry in declared.applications.items()},
        "access_control_attributes": dict(declared.access_control_attributes),
        "former_user_keys": _former({**declared.users, **declared.external_users}),
        "former_group_keys": _former({**declared.groups, **declared.external_groups}),
    }
    if declared.account_access is not None:
        args["account_access_tags"] = dict(declared.account_access.tags)
        args["role_entitlements"] = _entitlements(declared.account_access)
    if declared.mfa_requirement is not None:
        args["mfa_requirement"] = _mfa_requirement(declared.mfa_requirement)
    if declared.policy_exceptions:
        args["policy_exceptions"] = [_policy_exception(entry) for entry in declared.policy_exceptions]
    return args


def _former(entries: dict[str, Any]) -> dict[str, str]:
    return {key: entry.formerly for key, entry in entries.items() if entry.formerly is not None}


#: Attributes that go to the component under the same name.
_OF_PEOPLE = (
    "user_name",
    "given_name",
    "family_name",
    "display_name",
    "email",
    "email_type",
    "middle_name",
    "formatted_name",
    "honorific_prefix",
    "honorific_suffix",
    "nickname",
    "title",
    "user_type",
    "preferred_language",
    "locale",
    "timezone",
    "profile_url",
)


def _user(entry: UserEntry, *, secret: bool) -> UserAttributesArgs:
    def kept(value: object) -> Any:  # noqa: ANN401  # an input of the value's own type
        return pulumi.Output.secret(value) if secret else value

    args: dict[str, Any] = {
        name: kept(getattr(entry, name)) for name in _OF_PEOPLE if getattr(entry, name) is not None
    }
    for name, nested in (("phone_number", entry.phone_number), ("address", entry.address)):
        if nested is not None:
            args[name] = {key: kept(value) for key, value in _said(nested)}
    attributes: UserAttributesArgs = args  # type: ignore[assignment]  # its keys are the names above
    return attributes


def _said(entry: PhoneNumberEntry | AddressEntry) -> list[tuple[str, object]]:
    return [(name, value) for name, value in entry if value is not None]


def _group(entry: GroupEntry) -> DirectoryGroupArgs:
    args: DirectoryGroupArgs = {"display_name": entry.display_name, "members": list(entry.members)}
    if entry.description is not None:
        args["description"] = entry.description
    return args


def _permission_set(made: ResolvedSet, grants: Sequence[Grant], access: Access) -> ModelPermissionSetArgs:
    entry = made.entry
    args: ModelPermissionSetArgs = {
        "name": entry.name,
        "managed_policy_arns": list(made.managed_policy_arns),
        "assignments": _assignments(grants, access),
    }
    if entry.session_duration is not None:
        args["session_duration"] = entry.session_duration
    if entry.description is not None:
        args["description"] = entry.description
    if entry.relay_state is not None:
        args["relay_state"] = entry.relay_state
    if entry.tags:
        args["tags"] = dict(entry.tags)
    if entry.formerly is not None:
        args["formerly"] = entry.formerly
    if made.customer_policies:
        args["customer_managed_policies"] = [_by_name(policy) for policy in made.customer_policies]
    if made.inline_policy is not None:
        args["inline_policy"] = made.inline_policy
    if made.boundary_arn is not None:
        args["permissions_boundary"] = {"managed_policy_arn": made.boundary_arn}
    elif made.boundary_policy is not None:
        args["permissions_boundary"] = {"customer_managed_policy": _by_name(made.boundary_policy)}
    return args


def _by_name(policy: CustomerPolicy) -> CustomerManagedPolicyArgs:
    return {"name": policy.name, "path": policy.path}


def _assignments(grants: Sequence[Grant], access: Access) -> list[ModelAssignmentArgs]:
    """Put the accounts of each principal together; the grants of a model are sorted."""
    by_principal = groupby(grants, key=lambda grant: (grant.principal_type, grant.principal))
    assignments: list[ModelAssignmentArgs] = []
    for (kind, key), same in by_principal:
        listed = list(same)
        args: ModelAssignmentArgs = {
            "principal_type": kind,
            "principal": key,
            "account_ids": [grant.account_id for grant in listed],
        }
        protected = [grant.account_id for grant in listed if grant in access.break_glass]
        if protected:
            args["break_glass_account_ids"] = protected
        assignments.append(args)
    return assignments


def _application(entry: ApplicationEntry) -> ModelApplicationArgs:
    args: ModelApplicationArgs = {
        "name": entry.name,
        "application_provider_arn": entry.provider,
        "status": entry.status,
        "assignments": [_grantee(grant) for grant in entry.assignments],
    }
    if entry.description is not None:
        args["description"] = entry.description
    if entry.portal is not None:
        args["portal"] = {"visibility": entry.portal.visibility, "origin": entry.portal.origin}
        if entry.portal.application_url is not None:
            args["portal"]["application_url"] = entry.portal.application_url
    if entry.tags:
        args["tags"] = dict(entry.tags)
    if entry.formerly is not None:
        args["formerly"] = entry.formerly
    return args


def _grantee(grant: GrantEntry) -> ModelGranteeArgs:
    return {
        "principal_type": grant.principal_type,
        "principal": grant.principal,
        "break_glass": grant.break_glass,
    }


def _entitlements(entry: AccountAccessEntry) -> list[ModelEntitlementArgs]:
    return [
        {
            "role_arn": role,
            "principal_type": grant.principal_type,
            "principal": grant.principal,
            "break_glass": grant.break_glass,
        }
        for grant in entry.entitlements
        for role in grant.roles
    ]


def _mfa_requirement(entry: MfaRequirementEntry) -> MfaRequirementArgs:
    args: MfaRequirementArgs = {"identity_provider": entry.identity_provider}
    if entry.prompt_mode is not None:
        args["prompt_mode"] = entry.prompt_mode
    if entry.allowed_types is not None:
        args["allowed_types"] = list(entry.allowed_types)
    if entry.no_device is not None:
        args["no_device"] = entry.no_device
    if entry.enforced_by is not None:
        args["enforced_by"] = entry.enforced_by
    if entry.confirmed_by is not None:
        args["confirmed_by"] = entry.confirmed_by
    if entry.valid_until is not None:
        args["valid_until"] = entry.valid_until.isoformat()
    return args


def _policy_exception(entry: PolicyExceptionEntry) -> PolicyExceptionArgs:
    args: PolicyExceptionArgs = {"rule": entry.rule, "expires": entry.expires.isoformat()}
    if entry.resource is not None:
        args["resource"] = entry.resource
    if entry.principal is not None:
        args["principal"] = entry.principal
    return args
