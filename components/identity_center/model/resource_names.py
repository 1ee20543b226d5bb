"""Names of resources in the stack: from keys of the model and account ids only, so that no label moves them.

Keys hold no `/` (text_rules.KEY), so a name is made of its parts in one way only.
"""

from .principals import PrincipalType


def membership_name(group: str, user: str) -> str:
    """Name the membership of a user in a group."""
    return f"{group}/{user}"


def assignment_name(
    permission_set: str, principal_type: PrincipalType, principal: str, account_id: str
) -> str:
    """Name the assignment of a permission set to a principal in an account."""
    return f"{permission_set}/{principal_type.value.lower()}/{principal}/{account_id}"
