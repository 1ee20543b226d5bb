"""How member accounts are looked into for policies, before anything is made."""

from typing import Final

from .fields import Entry, RoleName

#: What Organizations makes in each account that it creates.
#: Source: AWS Organizations user guide, "Accessing member accounts in an organization".
USUAL_ROLE: Final = "OrganizationAccountAccessRole"


class PolicyLookupsEntry(Entry):
    """How the program finds out whether policies and roles are in the member accounts that need them.

    These are customer-managed policies, and roles that people get through account access manager, which have
    to let that service in. It assumes a role in each of these accounts, once a run and for `iam:GetPolicy`
    and `iam:GetRole` only, whatever the role allows. An account that does not let it in is called unchecked,
    with the reason.
    """

    member_accounts: bool = True
    """Whether it looks into member accounts at all. Without, all of them are called unchecked."""
    role: RoleName = USUAL_ROLE
    """Role to assume there, with its path where it has one."""
