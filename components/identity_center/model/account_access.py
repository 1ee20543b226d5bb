"""Role entitlements of account access manager: an IAM role that exists, given without a permission set.

Source: pulumi-aws, accountaccess.Application and accountaccess.Entitlement.
"""

from pydantic import Field, model_validator

from .fields import Entry, Items, RoleArn
from .principals import GrantEntry
from .tags import Tags
from .wrong_value import WrongValueError


class RoleEntitlementEntry(GrantEntry):
    """One principal may use IAM roles that exist already.

    The trust of each role has to let `account-access.amazonaws.com` assume it, set its context and tag it.
    Every run looks whether the role is there and does so, before anything is made (see policy lookups).
    """

    roles: Items[RoleArn]
    """ARNs of the roles, such as arn:aws:iam::444444444444:role/Auditor."""

    @model_validator(mode="after")
    def _some_role(self) -> "RoleEntitlementEntry":
        if not self.roles:
            raise WrongValueError("`roles` is empty", "name a role, or remove the entitlement")
        return self


class AccountAccessEntry(Entry):
    """Account access manager: its application, one for the instance, and who gets which role through it."""

    tags: Tags = Field(default_factory=dict)
    """Tags of its application, at most 75."""
    entitlements: Items[RoleEntitlementEntry] = ()
    """Who gets which role."""
