"""The whole access model as the configuration declares it."""

from pydantic import Field

from .assignments import AssignmentEntry
from .directory import GroupEntry, UserEntry
from .fields import Entry, InstanceArn, Items, Key, PortalUrl
from .mfa import MfaRequirementEntry
from .permission_sets import PermissionSetEntry


class AccessDeclaration(Entry):
    """Everything the configuration says, each part under its key; no reference is followed yet."""

    users: dict[Key, UserEntry] = Field(default_factory=dict)
    """People of the Identity Center directory, by key."""
    groups: dict[Key, GroupEntry] = Field(default_factory=dict)
    """Groups of the Identity Center directory, by key."""
    permission_sets: dict[Key, PermissionSetEntry] = Field(default_factory=dict)
    """Permission sets, by key."""
    assignments: Items[AssignmentEntry] = ()
    """Who gets which permission sets in which accounts."""
    mfa_requirement: MfaRequirementEntry | None = None
    """What holds for MFA at sign-in."""
    portal_url: PortalUrl | None = None
    """The access portal's address, where it is not the one that follows from the identity store."""
    instance_arn: InstanceArn | None = None
    """The instance to use, where the account has several in its Region."""
