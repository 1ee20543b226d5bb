"""Permission sets, as the configuration declares them."""

from .fields import Entry, Items, PermissionSetDescription, PermissionSetName, SessionDuration

#: AWS-managed and customer-managed policies together. Source: IAM Identity Center quotas.
MOST_POLICIES = 25


class PermissionSetEntry(Entry):
    """What somebody may do in the accounts where it is assigned."""

    name: PermissionSetName
    """Its name in the portal and in role names: 1 to 32 characters. A new one replaces the permission set."""
    description: PermissionSetDescription | None = None
    """What it is for: 1 to 700 characters of Latin-1."""
    session_duration: SessionDuration = "PT1H"
    """How long a session lasts, in ISO 8601: PT1H to PT12H."""
    managed_policies: Items[str] = ()
    """AWS-managed policies by name (`ReadOnlyAccess`), path and name (`job-function/Billing`) or ARN."""
