"""Identity Center as Pulumi components, one file each; no `from __future__ import annotations` here.

The schema of the component package is read from the annotations as they are, and from the strings under them.
"""

from .access_model import AccessModel
from .assignment import Assignment
from .directory import Directory
from .group import Group
from .instance import Instance, find_instance
from .mfa_requirement import MfaRequirement
from .permission_set import PermissionSet
from .user import User

#: Every component of the package, in the order of the documentation.
COMPONENTS = (User, Group, Directory, PermissionSet, Assignment, MfaRequirement, AccessModel)

__all__ = [
    "COMPONENTS",
    "AccessModel",
    "Assignment",
    "Directory",
    "Group",
    "Instance",
    "MfaRequirement",
    "PermissionSet",
    "User",
    "find_instance",
]
