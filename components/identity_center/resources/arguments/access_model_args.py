"""Arguments of a whole access model."""

from typing import NotRequired, TypedDict

import pulumi

from identity_center.model.language.keys.values import PrincipalType
from identity_center.resources.account_access import ModelEntitlementArgs
from identity_center.resources.application import ModelApplicationArgs
from identity_center.resources.directory import DirectoryGroupArgs
from identity_center.resources.permission_set import PermissionSetAttributesArgs

from .entry_args import MfaRequirementArgs, PolicyExceptionArgs, UserAttributesArgs
from .timeouts import ModelTimeoutsArgs


class ModelAssignmentArgs(TypedDict):
    """A principal of the model who gets a permission set, and where."""

    principal_type: PrincipalType
    """Whether a user or a group gets it."""
    principal: str
    """Key of the user or group in the model."""
    account_ids: list[str]
    """Accounts where it holds: ids of 12 digits."""
    break_glass_account_ids: NotRequired[list[str]]
    """Those of the accounts where the engine refuses to delete the assignment, its set and its principal: a
    group with its members."""


class ModelPermissionSetArgs(PermissionSetAttributesArgs):
    """A permission set of the model, with its assignments."""

    assignments: NotRequired[list[ModelAssignmentArgs]]
    """Who gets it where."""
    formerly: NotRequired[str]
    """The key that it had before, so that the engine keeps the set and its assignments."""


class ModelExternalPermissionSetArgs(TypedDict):
    """A permission set that others make, with its assignments in the model. It is never changed."""

    arn: pulumi.Input[str]
    """ARN of the permission set."""
    assignments: NotRequired[list[ModelAssignmentArgs]]
    """Who gets it where."""
    formerly: NotRequired[str]
    """The key that it had before, so that the engine keeps its assignments."""


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
    external_permission_sets: NotRequired[dict[str, ModelExternalPermissionSetArgs]]
    """Permission sets that others make, under keys that stay: they name the assignments."""
    external_user_ids: NotRequired[dict[str, pulumi.Input[str]]]
    """Ids in the identity store of people who come from elsewhere, by key."""
    external_group_ids: NotRequired[dict[str, pulumi.Input[str]]]
    """Ids in the identity store of groups that come from elsewhere, by key."""
    former_user_keys: NotRequired[dict[str, str]]
    """By key of a user: the key that they had before, so that the engine keeps what is there."""
    former_group_keys: NotRequired[dict[str, str]]
    """By key of a group: the key that it had before."""
    released_users: NotRequired[list[str]]
    """Keys of users who are to leave what is for emergencies: the engine no longer refuses to delete them and
    their memberships. Write them in one update, and take them out of users and groups in the next."""
    applications: NotRequired[dict[str, ModelApplicationArgs]]
    """Applications of the access portal, under keys that stay: they name the resources."""
    role_entitlements: NotRequired[list[ModelEntitlementArgs]]
    """Who gets which IAM role through account access manager."""
    account_access_tags: NotRequired[dict[str, pulumi.Input[str]]]
    """Tags of account access manager's application, at most 75."""
    access_control_attributes: NotRequired[dict[str, str]]
    """Attributes for access control: by name of a session tag, the path that its value comes from."""
    additional_regions: NotRequired[list[str]]
    """Regions that the instance is replicated to, beside its primary one."""
    mfa_requirement: NotRequired[MfaRequirementArgs]
    """What holds for MFA at sign-in."""
    policy_exceptions: NotRequired[list[PolicyExceptionArgs]]
    """Violations of the policy pack's rules that are accepted for a time: the pack reads them here."""
    timeouts: NotRequired[ModelTimeoutsArgs]
    """How long the provider waits."""
