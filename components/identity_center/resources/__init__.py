"""Identity Center as Pulumi components, one file each; no `from __future__ import annotations` here.

The schema of the component package is read from the annotations as they are, and from the strings under them.
"""

from .access_model import AccessModel, AccessModelArgs, ModelAssignmentArgs, ModelPermissionSetArgs
from .argument_checks import ArgumentsError
from .assignment import Assignment, AssignmentArgs
from .directory import Directory, DirectoryArgs, DirectoryGroupArgs
from .group import Group, GroupArgs
from .instance import Instance, find_instance
from .mfa_requirement import MfaRequirement, MfaRequirementArgs
from .permission_set import PermissionSet, PermissionSetArgs, PrincipalAssignmentArgs
from .refusal import RefusedLookupError
from .user import User, UserArgs, UserAttributesArgs

#: Every component of the package, in the order of the documentation.
COMPONENTS = (User, Group, Directory, PermissionSet, Assignment, MfaRequirement, AccessModel)

__all__ = [
    "COMPONENTS",
    "AccessModel",
    "AccessModelArgs",
    "ArgumentsError",
    "Assignment",
    "AssignmentArgs",
    "Directory",
    "DirectoryArgs",
    "DirectoryGroupArgs",
    "Group",
    "GroupArgs",
    "Instance",
    "MfaRequirement",
    "MfaRequirementArgs",
    "ModelAssignmentArgs",
    "ModelPermissionSetArgs",
    "PermissionSet",
    "PermissionSetArgs",
    "PrincipalAssignmentArgs",
    "RefusedLookupError",
    "User",
    "UserArgs",
    "UserAttributesArgs",
    "find_instance",
]
