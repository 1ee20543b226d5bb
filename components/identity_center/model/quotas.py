"""Quotas of IAM Identity Center, and those of them that AWS raises on request.

Sources of all figures, and of which can be raised: AWS IAM Identity Center user guide, "Quotas and limits in
IAM Identity Center" (singlesignon/latest/userguide/limits); for roles, AWS IAM user guide, "Quotas and limits
in account access manager" (IAM/latest/UserGuide/aam-quotas).
"""

from typing import Any

from pydantic import ConfigDict, ValidationInfo, field_validator

from .fields import Entry
from .wrong_value import WrongValueError

#: AWS-managed and customer-managed policies together. Not raised.
MOST_POLICIES = 25
#: Groups that have one permission set in one account, or one application. Not raised.
MOST_GROUPS_ASSIGNED = 100
#: Attributes for access control. Source: botocore, sso-admin, shape AccessControlAttributeList.
MOST_ATTRIBUTES = 50


def _with_minimum(schema: dict[str, Any]) -> None:
    """Tell editors what is told of a value that is too small."""
    for each in schema["properties"].values():
        each["minimum"] = each["default"]


class QuotasEntry(Entry):
    """Quotas that AWS has raised for the organisation.

    Where a key is left out, what AWS gives everyone counts; no value is less than that.
    """

    model_config = ConfigDict(json_schema_extra=_with_minimum)

    permission_sets: int = 3500
    """Permission sets of the instance."""
    permission_sets_per_account: int = 500
    """Permission sets that are assigned in one account."""
    users: int = 200_000
    """Users of the directory."""
    groups: int = 100_000
    """Groups of the directory."""
    accounts: int = 7000
    """Accounts that Identity Center reaches."""
    applications: int = 7000
    """Applications of the instance."""
    groups_per_role: int = 20
    """Groups that have one role through account access manager."""

    @field_validator("*")
    @classmethod
    def _raised(cls, value: int, info: ValidationInfo) -> int:
        """Refuse what AWS never gives: a quota is raised, and a smaller one is a slip of the pen."""
        everybody_has = cls.model_fields[str(info.field_name)].default
        if value < everybody_has:
            problem = f"is less than the {everybody_has} that AWS gives everyone"
            raise WrongValueError(problem, "write what AWS raised it to, or remove the key")
        return value
