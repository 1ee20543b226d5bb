"""Roles of IAM, with the policies that a role may hold itself."""

from collections.abc import Mapping
from typing import Any

from sandbox.provider import checks
from sandbox.provider.iam.lookups import policy_text
from sandbox.provider.iam.names import chosen_name, named, path
from sandbox.provider.rows.call import Call
from sandbox.provider.rows.clients import RefusedByAwsError
from sandbox.provider.rows.comparing import same
from sandbox.provider.rows.schema import (
    AutoName,
    Built,
    Identity,
    ResourceType,
    block,
    document,
    flag,
    number,
    set_of,
    text,
    texts_by_key,
)
from sandbox.provider.rows.shaping import from_aws
from sandbox.provider.rows.tagging import changed_tags

_INLINE = block({"name": text(), "policy": document(checks=(checks.policy_json,))})


def _create_role(call: Call, want: dict[str, Any]) -> None:
    name = chosen_name(want)
    call.send("CreateRole", {**want, "name": name}, AssumeRolePolicyDocument=want["assumeRolePolicy"])
    try:
        for inline in want.get("inlinePolicies") or []:
            _put(call, name, inline)
    except RefusedByAwsError:
        _make_inline(call, name, [])
        call.ask("DeleteRole", RoleName=name)
        raise
    for arn in want.get("managedPolicyArns") or []:
        call.ask("AttachRolePolicy", RoleName=name, PolicyArn=arn)
    # Not before: a role whose policy AWS refuses is there, and in no state.
    call.made({"name": name})


def _put(call: Call, role: str, inline: Mapping[str, Any]) -> None:
    # An empty block says that the role is to have no inline policy (TF: semantically required, may be empty).
    if inline.get("name") and inline.get("policy"):
        call.ask("PutRolePolicy", RoleName=role, PolicyName=inline["name"], PolicyDocument=inline["policy"])


def _read_role(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    role = call.ask("GetRole", RoleName=at["name"])["Role"]
    boundary = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return {
        **from_aws({**ROLE.inputs, **ROLE.outputs}, {**role, "PermissionsBoundary": boundary}),
        "assumeRolePolicy": policy_text(role["AssumeRolePolicyDocument"]),
        "inlinePolicies": _inline_policies(call, at["name"]),
        "managedPolicyArns": _managed_policies(call, at["name"]),
    }


def _inline_policies(call: Call, role: str) -> list[dict[str, str]]:
    names = call.pages("ListRolePolicies", "PolicyNames", RoleName=role)
    found = [call.ask("GetRolePolicy", RoleName=role, PolicyName=name) for name in names]
    return [{"name": one["PolicyName"], "policy": policy_text(one["PolicyDocument"])} for one in found]


def _managed_policies(call: Call, role: str) -> list[str]:
    rows = call.pages("ListAttachedRolePolicies", "AttachedPolicies", RoleName=role)
    return [row["PolicyArn"] for row in rows]


def _update_role(call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]) -> None:
    role = old["name"]
    if "assumeRolePolicy" in changed:
        call.ask("UpdateAssumeRolePolicy", RoleName=role, PolicyDocument=want["assumeRolePolicy"])
    if "description" in changed:
        call.ask("UpdateRoleDescription", RoleName=role, Description=want.get("description", ""))
    if "maxSessionDuration" in changed:
        call.ask("UpdateRole", RoleName=role, MaxSessionDuration=want["maxSessionDuration"])
    if "permissionsBoundary" in changed:
        _bound(call, role, want.get("permissionsBoundary"))
    if "inlinePolicies" in changed:
        _make_inline(call, role, want.get("inlinePolicies") or [])
    if "managedPolicyArns" in changed:
        _make_managed(call, role, set(want.get("managedPolicyArns") or []))
    gone, new = changed_tags(old, want)
    if gone:
        call.ask("UntagRole", RoleName=role, TagKeys=gone)
    if new:
        call.ask("TagRole", RoleName=role, Tags=new)


def _bound(call: Call, role: str, arn: str | None) -> None:
    if arn:
        call.ask("PutRolePermissionsBoundary", RoleName=role, PermissionsBoundary=arn)
    else:
        call.ask("DeleteRolePermissionsBoundary", RoleName=role)


def _make_inline(call: Call, role: str, wanted: list[dict[str, Any]]) -> None:
    have = _inline_policies(call, role)
    for inline in have:
        if all(inline["name"] != one.get("name") for one in wanted):
            call.ask("DeleteRolePolicy", RoleName=role, PolicyName=inline["name"])
    for inline in wanted:
        if not any(same(_INLINE, inline, one) for one in have):
            _put(call, role, inline)


def _make_managed(call: Call, role: str, wanted: set[str]) -> None:
    have = set(_managed_policies(call, role))
    for arn in sorted(have - wanted):
        call.ask("DetachRolePolicy", RoleName=role, PolicyArn=arn)
    for arn in sorted(wanted - have):
        call.ask("AttachRolePolicy", RoleName=role, PolicyArn=arn)


def _delete_role(call: Call, state: Mapping[str, Any]) -> None:
    role, forced = state["name"], bool(state.get("forceDetachPolicies"))
    for profile in call.pages("ListInstanceProfilesForRole", "InstanceProfiles", RoleName=role):
        call.ask(
            "RemoveRoleFromInstanceProfile",
            InstanceProfileName=profile["InstanceProfileName"],
            RoleName=role,
        )
    # Only what the role itself was given goes with it, unless forceDetachPolicies says everything.
    if forced or call.prior.get("managedPolicyArns"):
        _make_managed(call, role, set())
    if forced or call.prior.get("inlinePolicies"):
        _make_inline(call, role, [])
    call.ask("DeleteRole", RoleName=role)


_NAMES = named(64)
_OPENING_QUOTES = "\u201c\u2018"

ROLE = ResourceType(
    token="aws:iam/role:Role",  # noqa: S106 - a type token
    source="TF internal/service/iam/role.go (the id comes once all policies are attached; where an inline one"
    " is refused, the role is deleted)",
    built_on=Built.SDK,
    read_at="d0205e6",
    service="iam",
    id=Identity(("name",), ""),
    inputs={
        "assumeRolePolicy": document(required=True, or_object=True, aws="-", checks=(checks.any_json,)),
        "description": text(
            checks=(checks.length(0, 1000), checks.without(_OPENING_QUOTES, "no opening curly quotes"))
        ),
        "forceDetachPolicies": flag(default=False, aws="-"),
        "inlinePolicies": set_of(_INLINE, computed=True, aws="-", deprecated="Use RolePolicy."),
        "managedPolicyArns": set_of(
            text(checks=(checks.arn,)), computed=True, aws="-", deprecated="Use RolePolicyAttachment."
        ),
        "maxSessionDuration": number(default=3600, checks=(checks.between(3600, 43200),)),
        "name": text(
            computed=True, force_new=True, aws="RoleName", checks=_NAMES["name"].checks,
            conflicts=("namePrefix",),
        ),
        "namePrefix": _NAMES["namePrefix"],
        "path": path(force_new=True),
        "permissionsBoundary": text(checks=(checks.arn,)),
        "tags": texts_by_key(),
    },
    outputs={"arn": text(), "createDate": text(), "uniqueId": text(aws="RoleId")},
    create=_create_role,
    read=_read_role,
    update=_update_role,
    delete=_delete_role,
    gone=("NoSuchEntity",),
    autoname=AutoName(),
    regional=False,
)  # fmt: skip

RESOURCES = (ROLE,)
