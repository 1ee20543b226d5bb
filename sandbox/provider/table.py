"""The table: every resource type and every function that the stand-in knows, by token."""

from collections.abc import Mapping
from typing import TypeVar

from sandbox.provider import account
from sandbox.provider.iam import credentials as iam_credentials
from sandbox.provider.iam import exclusive as iam_exclusive
from sandbox.provider.iam import instance_profiles as iam_instance_profiles
from sandbox.provider.iam import lookups as iam_lookups
from sandbox.provider.iam import policies as iam_policies
from sandbox.provider.iam import policy_documents as iam_policy_documents
from sandbox.provider.iam import role_lookup as iam_role_lookup
from sandbox.provider.iam import roles as iam_roles
from sandbox.provider.iam import users as iam_users
from sandbox.provider.identity_center import (
    accountaccess,
    identitystore,
    identitystore_lists,
    ssoadmin,
    ssoadmin_applications,
    ssoadmin_attachments,
    ssoadmin_customer_policies,
    ssoadmin_regions,
)
from sandbox.provider.nearest import nearest
from sandbox.provider.organizations import lookups as organizations_lookups
from sandbox.provider.organizations import organization as organizations
from sandbox.provider.organizations import policies as organizations_policies
from sandbox.provider.rows.schema import Invoke, ResourceType

RESOURCES: dict[str, ResourceType] = {
    row.token: row
    for row in (
        *accountaccess.RESOURCES,
        *identitystore.RESOURCES,
        *ssoadmin.RESOURCES,
        *ssoadmin_applications.RESOURCES,
        *ssoadmin_attachments.RESOURCES,
        *ssoadmin_customer_policies.RESOURCES,
        *ssoadmin_regions.RESOURCES,
        *iam_policies.RESOURCES,
        *iam_roles.RESOURCES,
        *iam_instance_profiles.RESOURCES,
        *iam_users.RESOURCES,
        *organizations.RESOURCES,
        *organizations_policies.RESOURCES,
        *iam_credentials.RESOURCES,
        *iam_exclusive.RESOURCES,
    )
}
INVOKES: dict[str, Invoke] = {
    row.token: row
    for row in (
        *account.INVOKES,
        *organizations.INVOKES,
        *organizations_lookups.INVOKES,
        *identitystore.INVOKES,
        *identitystore_lists.INVOKES,
        *ssoadmin.INVOKES,
        *iam_lookups.INVOKES,
        *iam_role_lookup.INVOKES,
        *iam_policy_documents.INVOKES,
    )
}

_Row = TypeVar("_Row")


class NotInTableError(Exception):
    """A type or function that the stand-in does not know."""


def resource_type(token: str) -> ResourceType:
    """Return the row of a resource type."""
    return _row(RESOURCES, token, "resource type")


def invoke(token: str) -> Invoke:
    """Return the row of a function."""
    return _row(INVOKES, token, "function")


def _row(rows: Mapping[str, _Row], token: str, what: str) -> _Row:
    if token in rows:
        return rows[token]
    raise NotInTableError(
        f"the sandbox's stand-in for the aws provider has no {what} {token}; {_near(rows, token, what)} "
        "Whether the real provider has it is not known here; to add it, see sandbox.provider's docstring."
    )


def _near(rows: Mapping[str, object], token: str, what: str) -> str:
    """Name what may have been meant of the same service; of a service that is not there, those that are."""
    module = token.partition("/")[0]
    of_service = [known for known in rows if known.startswith(f"{module}/")]
    if of_service:
        return nearest(token, of_service)
    services = sorted({known.partition("/")[0] for known in rows})
    return f"it has no {what} of {module} at all, those of {', '.join(services)} alone."
