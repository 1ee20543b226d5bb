"""Names of resources in the stack: from keys of the model and account ids only, so that no label moves them.

Keys hold no `/` (text_rules.KEY), so a name is made of its parts in one way only.
"""

from .principal_type import PrincipalType


def membership_name(group: str, user: str) -> str:
    """Name the membership of a user in a group."""
    return f"{group}/{user}"


def assignment_name(
    permission_set: str, principal_type: PrincipalType, principal: str, account_id: str
) -> str:
    """Name the assignment of a permission set to a principal in an account."""
    return f"{permission_set}/{principal_type.value.lower()}/{principal}/{account_id}"


def grantee_name(application: str, principal_type: PrincipalType, principal: str) -> str:
    """Name the assignment of an application to a principal."""
    return f"{application}/{principal_type.value.lower()}/{principal}"


def entitlement_name(role_arn: str, principal_type: PrincipalType, principal: str) -> str:
    """Name the entitlement of a principal to a role: its account, path and name come first."""
    account_id, _, role = role_arn.split(":", 4)[4].partition(":role/")
    return f"{account_id}/{role}/{principal_type.value.lower()}/{principal}"
