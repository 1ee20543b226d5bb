"""The parts of an instance that are read or asked for by themselves, and what was not read of them."""

from enum import Enum
from typing import Final

from pydantic import BaseModel, ConfigDict

from identity_center.model.language.keys.values import camel_case


class Fact(BaseModel):
    """Something that AWS said: never changed after it was read, written in camelCase."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=camel_case, populate_by_name=True, strict=True
    )


class Part(Enum):
    """One kind of thing that is read by calls of its own; the value is its name on the command line."""

    ORGANISATION = "organisation"
    """Accounts and organisational units."""
    ACCOUNT_TAGS = "account-tags"
    USERS = "users"
    GROUPS = "groups"
    MEMBERSHIPS = "memberships"
    PERMISSION_SETS = "permission-sets"
    """Names, descriptions, relay states and session durations."""
    MANAGED_POLICIES = "managed-policies"
    CUSTOMER_MANAGED_POLICIES = "customer-managed-policies"
    INLINE_POLICIES = "inline-policies"
    BOUNDARIES = "boundaries"
    TAGS = "tags"
    """Tags of permission sets."""
    PROVISIONING = "provisioning"
    """In which accounts each permission set is, and where in an older form."""
    ASSIGNMENTS = "assignments"
    APPLICATIONS = "applications"
    """With who is assigned to them, and their tags."""
    ENTITLEMENTS = "entitlements"
    """Of account access manager."""
    ATTRIBUTES = "attributes"
    """Attributes for access control."""
    REGIONS = "regions"
    """Regions in which the instance is enabled."""


NEEDS: Final = {
    Part.ACCOUNT_TAGS: (Part.ORGANISATION,),
    Part.MEMBERSHIPS: (Part.USERS, Part.GROUPS),
    Part.ASSIGNMENTS: (Part.PROVISIONING,),
}
"""What has to be read before a part can be."""


def with_needs(parts: frozenset[Part]) -> frozenset[Part]:
    """Add what these parts need, so that no part is read from nothing."""
    return parts | {need for part in parts for need in NEEDS.get(part, ())}


class Unread(Fact):
    """What is not known of an instance. No text in it names a person but by id."""

    part: str
    """Value of the `Part`."""
    of: str
    """Of what it was not read, such as a set's ARN, or `ARN in ACCOUNT`; empty: all of the part."""
    operation: str
    """The refused operation, as IAM names it; empty where the part was not asked for."""
    why: str
    """What AWS answered, or that nobody asked."""

    def __str__(self) -> str:
        """Say it in one line."""
        of = f" of {self.of}" if self.of else ""
        by = f" ({self.operation})" if self.operation else ""
        return f"{self.part}{of}: {self.why}{by}"


NOT_ASKED: Final = "it was not asked for"


FOR_REVIEW: Final = "it is left out of a snapshot for review"


def not_asked(part: Part) -> Unread:
    """Name a part that a reading left out on purpose."""
    return Unread(part=part.value, of="", operation="", why=NOT_ASKED)
