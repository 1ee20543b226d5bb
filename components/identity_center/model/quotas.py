"""Quotas of IAM Identity Center, and those of them that AWS raises on request.

Source of all figures: AWS IAM Identity Center user guide, "Quotas", and account access manager, "Quotas".
"""

from typing import Annotated

from pydantic import Field

from .fields import Entry

#: AWS-managed and customer-managed policies together. Not raised.
MOST_POLICIES = 25
#: Groups that have one permission set in one account. Not raised.
MOST_GROUPS_ASSIGNED = 100
#: Accounts that Identity Center reaches. Not raised.
MOST_ACCOUNTS = 7000
#: Groups that have one role through account access manager. Not raised.
MOST_GROUPS_OF_A_ROLE = 20
#: Attributes for access control. Source: botocore, sso-admin, shape AccessControlAttributeList.
MOST_ATTRIBUTES = 50

Count = Annotated[int, Field(ge=1)]


class QuotasEntry(Entry):
    """Quotas that AWS raises on request: what the organisation has, where it is not what AWS begins with."""

    permission_sets: Count = 3500
    """Permission sets of the instance."""
    permission_sets_per_account: Count = 500
    """Permission sets that are assigned in one account."""
    users: Count = 200_000
    """Users of the directory."""
    groups: Count = 100_000
    """Groups of the directory."""
