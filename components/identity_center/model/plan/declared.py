"""A checked model as the parts that are planned: every entry says what it has, under its keys' names."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from identity_center.model.access.grants import Access
from identity_center.model.access.permission_sets import ResolvedSet
from identity_center.model.language.applications import ApplicationEntry
from identity_center.model.language.assignments import GrantEntry
from identity_center.model.language.directory import GroupEntry, UserEntry
from identity_center.model.language.entry import Entry
from identity_center.model.language.keys.key_facts import arguments_of
from identity_center.model.language.mfa import console_steps
from identity_center.model.language.permission_sets import ExternalPermissionSetEntry
from identity_center.model.language.policies import CustomerPolicy
from identity_center.model.language.settings import AccountAccessEntry

from .people import Attributes
from .planned import Plan, Secret
from .whole_model import Given, ModelParts, plan_model


def plan_access(
    name: str, access: Access, instance_arn: object, identity_store_id: object, *, secret_users: bool = False
) -> Plan:
    """Plan a whole model; with `secret_users` the state keeps people's attributes encrypted."""
    return plan_model(name, parts_of(access, instance_arn, identity_store_id, secret_users=secret_users))


def parts_of(
    access: Access, instance_arn: object, identity_store_id: object, *, secret_users: bool = False
) -> ModelParts:
    """Say the whole model as what is planned."""
    declared = access.declared
    args: dict[str, Any] = {
        "instance_arn": instance_arn,
        "identity_store_id": identity_store_id,
        "users": {key: _user(entry, secret=secret_users) for key, entry in access.users.items()},
        "groups": {key: _group(entry) for key, entry in access.groups.items()},
        "external_user_ids": access.external_user_ids,
        "external_group_ids": access.external_group_ids,
        "permission_sets": {key: _permission_set(made) for key, made in access.permission_sets.items()},
        "external_permission_sets": {
            key: _external_set(declared.external_permission_sets[key], arn)
            for key, arn in access.external_set_arns.items()
        },
        "applications": {key: _application(entry) for key, entry in declared.applications.items()},
        "access_control_attributes": dict(declared.access_control_attributes),
        "additional_regions": list(declared.additional_regions),
        "former_user_keys": _former({**declared.users, **declared.external_users}),
        "former_group_keys": _former({**declared.groups, **declared.external_groups}),
        "released_users": declared.allow_removals.break_glass_people if declared.allow_removals else (),
    }
    if declared.timeouts is not None:
        args["timeouts"] = _arguments(declared.timeouts)
    if declared.account_access is not None:
        args["account_access_tags"] = dict(declared.account_access.tags)
        args["role_entitlements"] = _entitlements(declared.account_access)
    if declared.mfa_requirement is not None:
        args["mfa_requirement"] = _arguments(declared.mfa_requirement)
    if declared.policy_exceptions:
        args["policy_exceptions"] = [_arguments(entry) for entry in declared.policy_exceptions]
    steps = console_steps(declared.mfa_requirement) if declared.mfa_requirement else ()
    grants = [Given(grant, grant in access.break_glass) for grant in access.grants]
    return ModelParts(args, grants, steps)


def _arguments(entry: Entry) -> dict[str, Any]:
    """Return what an entry has, by the names of arguments. An empty list or mapping says nothing."""
    values = ((name, getattr(entry, key.name)) for name, key in arguments_of(type(entry)).items())
    return {name: _argument(value) for name, value in values if value not in (None, (), {})}


def _argument(value: object) -> object:
    if isinstance(value, Entry):
        return _arguments(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _former(entries: Mapping[str, Any]) -> dict[str, str]:
    return {key: entry.formerly for key, entry in entries.items() if entry.formerly is not None}


def _user(entry: UserEntry, *, secret: bool) -> Attributes:
    arguments = _arguments(entry)
    return {name: _secret(value) for name, value in arguments.items()} if secret else arguments


def _secret(value: object) -> object:
    """Keep an attribute encrypted, or each of a mapping of some."""
    return {name: Secret(each) for name, each in value.items()} if isinstance(value, dict) else Secret(value)


def _group(entry: GroupEntry) -> Attributes:
    return {**_arguments(entry), "members": list(entry.members)}


def _permission_set(made: ResolvedSet) -> Attributes:
    args = _arguments(made.entry)
    if made.entry.formerly is not None:
        args["formerly"] = made.entry.formerly
    args["managed_policy_arns"] = list(made.managed_policy_arns)
    if made.customer_policies:
        args["customer_managed_policies"] = [_by_name(policy) for policy in made.customer_policies]
    if made.inline_policy is not None:
        args["inline_policy"] = made.inline_policy
    if made.boundary_arn is not None:
        args["permissions_boundary"] = {"managed_policy_arn": made.boundary_arn}
    elif made.boundary_policy is not None:
        args["permissions_boundary"] = {"customer_managed_policy": _by_name(made.boundary_policy)}
    return args


def _external_set(entry: ExternalPermissionSetEntry, arn: str) -> Attributes:
    return {"arn": arn} if entry.formerly is None else {"arn": arn, "formerly": entry.formerly}


def _by_name(policy: CustomerPolicy) -> dict[str, str]:
    return {"name": policy.name, "path": policy.path}


def _application(entry: ApplicationEntry) -> Attributes:
    args = {**_arguments(entry), "assignments": [_named(grant) for grant in entry.assignments]}
    if entry.formerly is not None:
        args["formerly"] = entry.formerly
    return args


def _named(grant: GrantEntry) -> dict[str, Any]:
    return {
        "principal_type": grant.principal_type,
        "principal": grant.principal,
        "break_glass": grant.break_glass,
    }


def _entitlements(entry: AccountAccessEntry) -> list[dict[str, Any]]:
    return [{"role_arn": role, **_named(grant)} for grant in entry.entitlements for role in grant.roles]
