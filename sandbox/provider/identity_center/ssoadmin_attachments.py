"""What is attached to a permission set: managed policies, the inline policy, the permissions boundary.

Each change provisions every account that has the permission set again and waits for it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sandbox.provider import checks
from sandbox.provider.rows.call import Call
from sandbox.provider.rows.schema import (
    Built,
    Identity,
    Property,
    ResourceType,
    block,
    document,
    set_of,
    text,
)


class Attached(NamedTuple):
    """How policies of a kind are attached to a permission set, and detached."""

    attach: str
    detach: str
    member: str
    """The member of both requests that says which."""


_MANAGED = Attached(
    "AttachManagedPolicyToPermissionSet", "DetachManagedPolicyFromPermissionSet", "ManagedPolicyArn"
)
PATIENCE = "provisions all accounts and waits, 10 minutes"


def _arn(**more: Any) -> Property:  # noqa: ANN401 - the fields of Property
    return text(required=True, checks=(checks.arn,), **more)


OF_SET = {"instanceArn": _arn(force_new=True), "permissionSetArn": _arn(force_new=True)}
TIMEOUTS = block({"create": text(), "update": text()}, aws="-")


def provision(call: Call, instance: str, permission_set: str) -> None:
    """Provision every account that has the permission set, and wait."""
    where = {"InstanceArn": instance, "PermissionSetArn": permission_set}
    answer = call.ask("ProvisionPermissionSet", TargetType="ALL_PROVISIONED_ACCOUNTS", **where)
    call.wait(
        "DescribePermissionSetProvisioningStatus",
        "PermissionSetProvisioningStatus",
        f"provisioning {permission_set}",
        InstanceArn=instance,
        ProvisionPermissionSetRequestId=answer["PermissionSetProvisioningStatus"]["RequestId"],
    )


def where(state: Mapping[str, Any]) -> dict[str, str]:
    """Return the two members of a request that name the permission set."""
    return {"InstanceArn": state["instanceArn"], "PermissionSetArn": state["permissionSetArn"]}


def provision_for(call: Call, state: Mapping[str, Any]) -> None:
    """Provision the permission set that something is attached to."""
    provision(call, state["instanceArn"], state["permissionSetArn"])


def make_exclusive(
    call: Call,
    want: Mapping[str, Any],
    kind: Attached,
    have: Sequence[object],
    wanted: Sequence[object],
) -> None:
    """Attach what is missing, detach what is not listed, then provision once."""
    attach, detach = [one for one in wanted if one not in have], [one for one in have if one not in wanted]
    for one in attach:
        call.ask(kind.attach, **_naming(want, kind, one))
    for one in detach:
        call.ask_tolerating(("ResourceNotFoundException",), kind.detach, **_naming(want, kind, one))
    if attach or detach:
        provision_for(call, want)


def _naming(want: Mapping[str, Any], kind: Attached, one: object) -> dict[str, Any]:
    return {**where(want), kind.member: one}


def _managed(call: Call, state: Mapping[str, Any]) -> dict[str, str]:
    rows = call.pages("ListManagedPoliciesInPermissionSet", "AttachedManagedPolicies", **where(state))
    return {row["Arn"]: row["Name"] for row in rows}


# One managed policy


def _create_managed(call: Call, want: dict[str, Any]) -> None:
    if want["managedPolicyArn"] in _managed(call, want):
        raise ValueError(f"{want['managedPolicyArn']} is already attached to {want['permissionSetArn']}")
    call.send(_MANAGED.attach, want)
    call.made({name: want[name] for name in MANAGED_POLICY_ATTACHMENT.id.parts})
    provision_for(call, want)


def _read_managed(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    name = _managed(call, at).get(at["managedPolicyArn"])
    return None if name is None else {**at, "managedPolicyName": name}


def _delete_managed(call: Call, state: Mapping[str, Any]) -> None:
    call.send(_MANAGED.detach, state)
    provision_for(call, state)


MANAGED_POLICY_ATTACHMENT = ResourceType(
    token="aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",  # noqa: S106 - a type token
    source="TF internal/service/ssoadmin/managed_policy_attachment.go (looks first: already attached)",
    built_on=Built.SDK,
    read_at="01f4311",
    timeouts={"create": 600, "delete": 600},
    service="sso-admin",
    id=Identity(("managedPolicyArn", "permissionSetArn", "instanceArn")),
    inputs={**OF_SET, "managedPolicyArn": _arn(force_new=True)},
    outputs={"managedPolicyName": text()},
    create=_create_managed,
    read=_read_managed,
    delete=_delete_managed,
    waits=PATIENCE,
)


# All managed policies


def _create_exclusive(call: Call, want: dict[str, Any]) -> None:
    _make_exclusive(call, want)
    call.made({name: want[name] for name in MANAGED_POLICY_ATTACHMENTS_EXCLUSIVE.id.parts})


def _make_exclusive(call: Call, want: Mapping[str, Any]) -> None:
    have, wanted = sorted(_managed(call, want)), sorted(set(want["managedPolicyArns"]))
    make_exclusive(call, want, _MANAGED, have, wanted)


def _read_exclusive(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    return {**at, "managedPolicyArns": sorted(_managed(call, at))}


def _update_exclusive(
    call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]
) -> None:
    del old
    if "managedPolicyArns" in changed:
        _make_exclusive(call, want)


def keep(call: Call, state: Mapping[str, Any]) -> None:
    """Do nothing: the real provider only forgets an exclusive list, the policies stay attached."""
    del call, state


MANAGED_POLICY_ATTACHMENTS_EXCLUSIVE = ResourceType(
    token="aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive",  # noqa: S106 - a type token
    source="TF internal/service/ssoadmin/managed_policy_attachments_exclusive.go (delete does nothing)",
    built_on=Built.FRAMEWORK,
    read_at="0414327",
    timeouts={"create": 600, "update": 600},
    has_id=False,
    service="sso-admin",
    id=Identity(("instanceArn", "permissionSetArn")),
    inputs={
        **OF_SET,
        "managedPolicyArns": set_of(text(checks=(checks.arn,)), required=True),
        "timeouts": TIMEOUTS,
    },
    create=_create_exclusive,
    read=_read_exclusive,
    update=_update_exclusive,
    delete=keep,
    waits=PATIENCE,
)


# The inline policy


def _put_inline(call: Call, want: dict[str, Any]) -> None:
    call.send("PutInlinePolicyToPermissionSet", want)
    call.made({name: want[name] for name in PERMISSION_SET_INLINE_POLICY.id.parts})
    provision_for(call, want)


def _read_inline(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    text_found = call.ask("GetInlinePolicyForPermissionSet", **where(at)).get("InlinePolicy")
    return {**at, "inlinePolicy": text_found} if text_found else None


def _update_inline(call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]) -> None:
    del old, changed
    _put_inline(call, want)


def _delete_inline(call: Call, state: Mapping[str, Any]) -> None:
    call.send("DeleteInlinePolicyFromPermissionSet", state)
    provision_for(call, state)


PERMISSION_SET_INLINE_POLICY = ResourceType(
    token="aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",  # noqa: S106 - a type token
    source="TF internal/service/ssoadmin/permission_set_inline_policy.go (a second one overwrites silently)",
    built_on=Built.SDK,
    read_at="0414327",
    timeouts={"create": 600, "delete": 600},
    service="sso-admin",
    id=Identity(("permissionSetArn", "instanceArn")),
    inputs={**OF_SET, "inlinePolicy": document(required=True, checks=(checks.policy_json,))},
    create=_put_inline,
    read=_read_inline,
    update=_update_inline,
    delete=_delete_inline,
    waits=PATIENCE,
)

RESOURCES = (
    MANAGED_POLICY_ATTACHMENT,
    MANAGED_POLICY_ATTACHMENTS_EXCLUSIVE,
    PERMISSION_SET_INLINE_POLICY,
)
