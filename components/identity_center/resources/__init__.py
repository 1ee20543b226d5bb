"""Identity Center as Pulumi components, one file each; no `from __future__ import annotations` here.

The schema of the component package is read from the annotations as they are, and from the strings under them.
"""

from identity_center.model.language.keys.values import PrincipalType
from identity_center.model.language.mfa import IdentityProvider, MfaType, NoDevice, PromptMode

from .access_model import AccessModel
from .account_access import AccountAccess, AccountAccessArgs, ModelEntitlementArgs, PrincipalEntitlementArgs
from .additional_regions import AdditionalRegions, AdditionalRegionsArgs
from .application import Application, ApplicationArgs, GranteeArgs, ModelApplicationArgs, ModelGranteeArgs
from .arguments.access_model_args import AccessModelArgs, ModelAssignmentArgs, ModelPermissionSetArgs
from .arguments.checks import ArgumentsError
from .arguments.entry_args import (
    AddressArgs,
    MfaRequirementArgs,
    PhoneNumberArgs,
    PortalArgs,
    UserAttributesArgs,
)
from .arguments.refusal import RefusedLookupError
from .arguments.timeouts import (
    AccountAccessTimeoutsArgs,
    AssignmentTimeoutsArgs,
    ModelTimeoutsArgs,
    PermissionSetTimeoutsArgs,
    ProvisioningTimeoutsArgs,
    RegionTimeoutsArgs,
)
from .assignment import Assignment, AssignmentArgs
from .directory import Directory, DirectoryArgs, DirectoryGroupArgs
from .group import Group, GroupArgs
from .iam_mfa_policy import IamMfaPolicy, IamMfaPolicyArgs
from .instance import Instance, find_instance
from .instance_settings import InstanceSettings, InstanceSettingsArgs
from .mfa_requirement import MfaRequirement
from .permission_set import PermissionSet, PermissionSetArgs, PrincipalAssignmentArgs
from .policy_attachments import CustomerManagedPolicyArgs, PermissionsBoundaryArgs
from .role_entitlement import RoleEntitlement, RoleEntitlementArgs
from .root_guard import RootGuard, RootGuardArgs
from .user import User, UserArgs

#: Every component of the package, in the order of the documentation.
COMPONENTS = (
    User,
    Group,
    Directory,
    PermissionSet,
    Assignment,
    Application,
    RoleEntitlement,
    AccountAccess,
    InstanceSettings,
    AdditionalRegions,
    MfaRequirement,
    AccessModel,
    RootGuard,
    IamMfaPolicy,
)

__all__ = [
    "COMPONENTS",
    "AccessModel",
    "AccessModelArgs",
    "AccountAccess",
    "AccountAccessArgs",
    "AccountAccessTimeoutsArgs",
    "AdditionalRegions",
    "AdditionalRegionsArgs",
    "AddressArgs",
    "Application",
    "ApplicationArgs",
    "ArgumentsError",
    "Assignment",
    "AssignmentArgs",
    "AssignmentTimeoutsArgs",
    "CustomerManagedPolicyArgs",
    "Directory",
    "DirectoryArgs",
    "DirectoryGroupArgs",
    "GranteeArgs",
    "Group",
    "GroupArgs",
    "IamMfaPolicy",
    "IamMfaPolicyArgs",
    "IdentityProvider",
    "Instance",
    "InstanceSettings",
    "InstanceSettingsArgs",
    "MfaRequirement",
    "MfaRequirementArgs",
    "MfaType",
    "ModelApplicationArgs",
    "ModelAssignmentArgs",
    "ModelEntitlementArgs",
    "ModelGranteeArgs",
    "ModelPermissionSetArgs",
    "ModelTimeoutsArgs",
    "NoDevice",
    "PermissionSet",
    "PermissionSetArgs",
    "PermissionSetTimeoutsArgs",
    "PermissionsBoundaryArgs",
    "PhoneNumberArgs",
    "PortalArgs",
    "PrincipalAssignmentArgs",
    "PrincipalEntitlementArgs",
    "PrincipalType",
    "PromptMode",
    "ProvisioningTimeoutsArgs",
    "RefusedLookupError",
    "RegionTimeoutsArgs",
    "RoleEntitlement",
    "RoleEntitlementArgs",
    "RootGuard",
    "RootGuardArgs",
    "User",
    "UserArgs",
    "UserAttributesArgs",
    "find_instance",
]
