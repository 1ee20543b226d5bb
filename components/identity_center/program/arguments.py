"""A checked access model as the arguments of the component that makes it."""

from collections.abc import Sequence
from itertools import groupby

import pulumi

from identity_center.model.access import Grant
from identity_center.model.directory import GroupEntry, UserEntry
from identity_center.model.mfa import MfaRequirementEntry
from identity_center.model.permission_sets import PermissionSetEntry
from identity_center.resources.access_model import (
    AccessModelArgs,
    ModelAssignmentArgs,
    ModelPermissionSetArgs,
)
from identity_center.resources.directory import DirectoryGroupArgs
from identity_center.resources.mfa_requirement import MfaRequirementArgs
from identity_center.resources.user import UserAttributesArgs

from .preflight import Checked


def access_model_args(checked: Checked) -> AccessModelArgs:
    """Say the whole model in the component's words. What the stack keeps encrypted stays a secret."""
    access = checked.access
    grants = {key: list(same) for key, same in groupby(access.grants, key=lambda grant: grant.permission_set)}
    secret_users = "users" in checked.secret_keys
    args: AccessModelArgs = {
        "instance_arn": checked.instance.arn,
        "identity_store_id": checked.instance.identity_store_id,
        "users": {key: _user(entry, secret=secret_users) for key, entry in access.users.items()},
        "groups": {key: _group(entry) for key, entry in access.groups.items()},
        "permission_sets": {
            key: _permission_set(entry, access.managed_policy_arns[key], grants.get(key, []))
            for key, entry in access.permission_sets.items()
        },
    }
    if access.mfa_requirement is not None:
        args["mfa_requirement"] = _mfa_requirement(access.mfa_requirement)
    return args


def _user(entry: UserEntry, *, secret: bool) -> UserAttributesArgs:
    def text(value: str) -> pulumi.Input[str]:
        return pulumi.Output.secret(value) if secret else value

    return {
        "user_name": text(entry.user_name),
        "given_name": text(entry.given_name),
        "family_name": text(entry.family_name),
        "display_name": text(entry.display_name),
        "email": text(entry.email),
    }


def _group(entry: GroupEntry) -> DirectoryGroupArgs:
    args: DirectoryGroupArgs = {"display_name": entry.display_name, "members": list(entry.members)}
    if entry.description is not None:
        args["description"] = entry.description
    return args


def _permission_set(
    entry: PermissionSetEntry, policy_arns: Sequence[str], grants: Sequence[Grant]
) -> ModelPermissionSetArgs:
    args: ModelPermissionSetArgs = {
        "name": entry.name,
        "session_duration": entry.session_duration,
        "managed_policy_arns": list(policy_arns),
        "assignments": _assignments(grants),
    }
    if entry.description is not None:
        args["description"] = entry.description
    return args


def _assignments(grants: Sequence[Grant]) -> list[ModelAssignmentArgs]:
    """Put the accounts of each principal together; the grants of a model are sorted."""
    by_principal = groupby(grants, key=lambda grant: (grant.principal_type, grant.principal))
    return [
        {"principal_type": kind, "principal": key, "account_ids": [grant.account_id for grant in same]}
        for (kind, key), same in by_principal
    ]


def _mfa_requirement(entry: MfaRequirementEntry) -> MfaRequirementArgs:
    args: MfaRequirementArgs = {"identity_provider": entry.identity_provider}
    if entry.prompt_mode is not None:
        args["prompt_mode"] = entry.prompt_mode
    if entry.no_device is not None:
        args["no_device"] = entry.no_device
    if entry.confirmed_by is not None:
        args["confirmed_by"] = entry.confirmed_by
    if entry.valid_until is not None:
        args["valid_until"] = entry.valid_until.isoformat()
    return args
