"""What a permission set takes from the accounts: customer-managed policies by name, and boundaries.

No account is asked whether it has a policy of that name when it is attached; provisioning fails where it
has not.
"""

from collections.abc import Mapping
from typing import Any

from sandbox.provider import checks
from sandbox.provider.identity_center.ssoadmin_attachments import (
    OF_SET,
    PATIENCE,
    TIMEOUTS,
    Attached,
    keep,
    make_exclusive,
    provision_for,
    where,
)
from sandbox.provider.rows.call import Call
from sandbox.provider.rows.schema import Built, Identity, Property, ResourceType, block, list_of, text
from sandbox.provider.rows.shaping import from_aws, to_aws

# TF: name 0-128, path 0-512.
_REFERENCE = {
    "name": text(required=True, force_new=True, checks=(checks.length(0, 128),)),
    "path": text(default="/", force_new=True, checks=(checks.length(0, 512),)),
}
_REFERENCED = Attached(
    "AttachCustomerManagedPolicyReferenceToPermissionSet",
    "DetachCustomerManagedPolicyReferenceFromPermissionSet",
    "CustomerManagedPolicyReference",
)
_NAMED = "customerManagedPolicyReference"


def _attached(call: Call, state: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = call.pages(
        "ListCustomerManagedPolicyReferencesInPermissionSet",
        "CustomerManagedPolicyReferences",
        **where(state),
    )
    return [from_aws(_REFERENCE, row) for row in rows]


# One policy


def _create(call: Call, want: dict[str, Any]) -> None:
    call.send(_REFERENCED.attach, want)
    call.made(want)
    provision_for(call, want)


def _read(call: Call, at: Mapping[str, Any]) -> dict[str, Any] | None:
    reference = at.get(_NAMED) or {part: at[f"{_NAMED}.{part}"] for part in ("name", "path")}
    if reference not in _attached(call, at):
        return None
    return {name: at[name] for name in ("instanceArn", "permissionSetArn")} | {_NAMED: reference}


def _delete(call: Call, state: Mapping[str, Any]) -> None:
    call.send(_REFERENCED.detach, state)
    provision_for(call, state)


CUSTOMER_MANAGED_POLICY_ATTACHMENT = ResourceType(
    token="aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment",  # noqa: S106 - a type token
    source="TF internal/service/ssoadmin/customer_managed_policy_attachment.go (does not look first)",
    built_on=Built.SDK,
    read_at="0db7510",
    timeouts={"create": 600, "delete": 600},
    service="sso-admin",
    id=Identity((f"{_NAMED}.name", f"{_NAMED}.path", "permissionSetArn", "instanceArn")),
    inputs={**OF_SET, _NAMED: block(_REFERENCE, required=True, force_new=True)},
    create=_create,
    read=_read,
    delete=_delete,
    waits=PATIENCE,
)


# All policies

_MANY = "customerManagedPolicyReferences"
_ITEM = block({"name": text(required=True), "path": text(default="/")})


def _plain(references: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    return [{"name": one["name"], "path": one.get("path") or "/"} for one in references or []]


def _make_exclusive(call: Call, want: Mapping[str, Any]) -> None:
    have, wanted = (
        [to_aws(_ITEM, reference) for reference in references]
        for references in (_attached(call, want), _plain(want.get(_MANY)))
    )
    make_exclusive(call, want, _REFERENCED, have, wanted)


def _create_exclusive(call: Call, want: dict[str, Any]) -> None:
    _make_exclusive(call, want)
    call.made({name: want[name] for name in ("instanceArn", "permissionSetArn")})


def _update_exclusive(
    call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]
) -> None:
    del old
    if _MANY in changed:
        _make_exclusive(call, want)


def _read_exclusive(call: Call, at: Mapping[str, Any]) -> dict[str, Any] | None:
    return {**at, _MANY: _attached(call, at)}


CUSTOMER_MANAGED_POLICY_ATTACHMENTS_EXCLUSIVE = ResourceType(
    token="aws:ssoadmin/customerManagedPolicyAttachmentsExclusive:CustomerManagedPolicyAttachmentsExclusive",  # noqa: S106 - a type token
    source="TF internal/service/ssoadmin/customer_managed_policy_attachments_exclusive.go (no-op delete)",
    built_on=Built.FRAMEWORK,
    read_at="0414327",
    timeouts={"create": 600, "update": 600},
    has_id=False,
    service="sso-admin",
    id=Identity(("instanceArn", "permissionSetArn")),
    inputs={**OF_SET, _MANY: list_of(_ITEM), "timeouts": TIMEOUTS},
    create=_create_exclusive,
    read=_read_exclusive,
    update=_update_exclusive,
    delete=keep,
    waits=PATIENCE,
)


# The permissions boundary

_BOUNDARY: dict[str, Property] = {
    "customerManagedPolicyReference": block(_REFERENCE, force_new=True),
    "managedPolicyArn": text(force_new=True, checks=(checks.length(0, 2048),)),
}


def _put_boundary(call: Call, want: dict[str, Any]) -> None:
    # The provider does not ask for exactly one of the two: AWS does.
    call.send("PutPermissionsBoundaryToPermissionSet", want)
    call.made({name: want[name] for name in ("permissionSetArn", "instanceArn")})
    provision_for(call, want)


def _read_boundary(call: Call, at: Mapping[str, Any]) -> dict[str, Any] | None:
    found = call.ask("GetPermissionsBoundaryForPermissionSet", **where(at))["PermissionsBoundary"]
    return {**at, "permissionsBoundary": from_aws(_BOUNDARY, found)}


def _delete_boundary(call: Call, state: Mapping[str, Any]) -> None:
    call.ask("DeletePermissionsBoundaryFromPermissionSet", **where(state))
    provision_for(call, state)


PERMISSIONS_BOUNDARY_ATTACHMENT = ResourceType(
    token="aws:ssoadmin/permissionsBoundaryAttachment:PermissionsBoundaryAttachment",  # noqa: S106 - a type token
    source="TF internal/service/ssoadmin/permissions_boundary_attachment.go (a put overwrites; one per set)",
    built_on=Built.SDK,
    read_at="01f4311",
    timeouts={"create": 600, "delete": 600},
    service="sso-admin",
    id=Identity(("permissionSetArn", "instanceArn")),
    inputs={**OF_SET, "permissionsBoundary": block(_BOUNDARY, required=True, force_new=True)},
    create=_put_boundary,
    read=_read_boundary,
    delete=_delete_boundary,
    waits=PATIENCE,
)

RESOURCES = (
    CUSTOMER_MANAGED_POLICY_ATTACHMENT,
    CUSTOMER_MANAGED_POLICY_ATTACHMENTS_EXCLUSIVE,
    PERMISSIONS_BOUNDARY_ATTACHMENT,
)
