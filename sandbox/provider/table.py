"""The table: every resource type and every function that the stand-in knows, by token."""

from collections.abc import Mapping
from typing import TypeVar

from sandbox.provider import (
    account,
    accountaccess,
    iam_credentials,
    iam_exclusive,
    iam_instance_profiles,
    iam_lookups,
    iam_policies,
    iam_policy_documents,
    iam_role_lookup,
    iam_roles,
    iam_users,
    identitystore,
    identitystore_lists,
    organizations,
    organizations_policies,
    ssoadmin,
    ssoadmin_applications,
    ssoadmin_attachments,
    ssoadmin_customer_policies,
)
from sandbox.provider.nearest import nearest
from sandbox.provider.schema import Invoke, ResourceType

RESOURCES: dict[str, ResourceType] = {
    row.token: row
    for row in (
        *accountaccess.RESOURCES,
        *identitystore.RESOURCES,
        *ssoadmin.RESOURCES,
        *ssoadmin_applications.RESOURCES,
        *ssoadmin_attachments.RESOURCES,
        *ssoadmin_customer_policies.RESOURCES,
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
    module = token.split("/", maxsplit=1)[0]
    near = [known for known in rows if known.startswith(f"{module}/")] or list(rows)
    raise NotInTableError(
        f"the sandbox's stand-in for the aws provider has no {what} {token}; {nearest(token, near)} "
        "The real provider has it; to add it here, see the docstring of sandbox.provider."
    )
