"""Policies of the organisation, their attachments, and IAM's organization features."""

from collections.abc import Mapping
from typing import Any, cast

from botocore.model import StringShape

from sandbox.provider import checks
from sandbox.provider.isolation import isolated_session
from sandbox.provider.rows.call import Call
from sandbox.provider.rows.schema import (
    AutoName,
    Built,
    Identity,
    ResourceType,
    document,
    flag,
    set_of,
    text,
    texts_by_key,
)
from sandbox.provider.rows.tagging import changed_tags

_SERVICE = "organizations"
POLICY_TYPES = cast(
    "StringShape", isolated_session().get_service_model(_SERVICE).shape_for("PolicyType")
).enum
"""Source: botocore, organizations, shape PolicyType, as TF's enum.Validate has it."""


def _tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _create_policy(call: Call, want: dict[str, Any]) -> None:
    made = call.ask(
        "CreatePolicy",
        Name=want["name"],
        Description=want.get("description") or "",
        Type=want.get("type") or "SERVICE_CONTROL_POLICY",
        Content=want["content"],
        Tags=_tags(want.get("tags") or {}),
    )
    call.made({"id": made["Policy"]["PolicySummary"]["Id"]})


def _read_policy(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    found = call.ask("DescribePolicy", PolicyId=at["id"])["Policy"]
    summary = found["PolicySummary"]
    if summary.get("AwsManaged") and not call.prior:
        raise ValueError(f"AWS-managed Organizations policy ({at['id']}) cannot be imported")
    tags = call.pages("ListTagsForResource", "Tags", ResourceId=at["id"])
    return {
        "id": summary["Id"],
        "arn": summary["Arn"],
        "name": summary["Name"],
        "description": summary.get("Description") or None,
        "type": summary["Type"],
        "content": found["Content"],
        "tags": {tag["Key"]: tag["Value"] for tag in tags},
    }


def _update_policy(call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]) -> None:
    if changed & {"content", "description", "name"}:
        call.ask(
            "UpdatePolicy",
            PolicyId=old["id"],
            Name=want["name"],
            Description=want.get("description") or "",
            Content=want["content"],
        )
    gone, new = changed_tags(old, want)
    if gone:
        call.ask("UntagResource", ResourceId=old["id"], TagKeys=gone)
    if new:
        call.ask("TagResource", ResourceId=old["id"], Tags=new)


def _delete_policy(call: Call, state: Mapping[str, Any]) -> None:
    if not state.get("skipDestroy"):
        call.ask("DeletePolicy", PolicyId=state["id"])


POLICY = ResourceType(
    token="aws:organizations/policy:Policy",  # noqa: S106 - a type token
    source="TF internal/service/organizations/policy.go (the type replaces, the rest changes in place)",
    built_on=Built.SDK,
    read_at="00a3530",
    service=_SERVICE,
    id=Identity(("id",), ""),
    inputs={
        "content": document(required=True, checks=(checks.policy_json,)),
        "description": text(),
        "name": text(computed=True),
        "skipDestroy": flag(aws="-"),
        "tags": texts_by_key(),
        "type": text(
            default="SERVICE_CONTROL_POLICY", force_new=True, checks=(checks.one_of(*POLICY_TYPES),)
        ),
    },
    outputs={"arn": text()},
    create=_create_policy,
    read=_read_policy,
    update=_update_policy,
    delete=_delete_policy,
    gone=("PolicyNotFoundException",),
    autoname=AutoName(),
    regional=False,
)


def _create_attachment(call: Call, want: dict[str, Any]) -> None:
    call.ask("AttachPolicy", PolicyId=want["policyId"], TargetId=want["targetId"])
    call.made({"targetId": want["targetId"], "policyId": want["policyId"]})


def _read_attachment(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    targets = call.pages("ListTargetsForPolicy", "Targets", PolicyId=at["policyId"])
    return dict(at) if any(each["TargetId"] == at["targetId"] for each in targets) else None


def _delete_attachment(call: Call, state: Mapping[str, Any]) -> None:
    if not state.get("skipDestroy"):
        call.ask("DetachPolicy", PolicyId=state["policyId"], TargetId=state["targetId"])


def _keep_destroying(
    call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]
) -> None:
    """Change nothing: of an attachment only what its deletion does can change."""
    del call, old, want, changed


POLICY_ATTACHMENT = ResourceType(
    token="aws:organizations/policyAttachment:PolicyAttachment",  # noqa: S106 - a type token
    source="TF internal/service/organizations/policy_attachment.go (id targetId:policyId)",
    built_on=Built.SDK,
    read_at="332453e",
    service=_SERVICE,
    id=Identity(("targetId", "policyId"), ":"),
    inputs={
        "policyId": text(required=True, force_new=True),
        "skipDestroy": flag(aws="-"),
        "targetId": text(required=True, force_new=True),
    },
    create=_create_attachment,
    read=_read_attachment,
    update=_keep_destroying,
    delete=_delete_attachment,
    gone=("PolicyNotFoundException", "PolicyNotAttachedException", "TargetNotFoundException"),
    regional=False,
)

_FEATURES = {
    "RootCredentialsManagement": "OrganizationsRootCredentialsManagement",
    "RootSessions": "OrganizationsRootSessions",
}


def _switch(call: Call, new: set[str], old: set[str]) -> None:
    """Enable what is new and disable what is old: what the state does not name is left as it is."""
    for feature in sorted(new - old):
        call.ask(f"Enable{_FEATURES[feature]}")
    for feature in sorted(old - new):
        call.ask(f"Disable{_FEATURES[feature]}")


def _create_features(call: Call, want: dict[str, Any]) -> None:
    _switch(call, set(want["enabledFeatures"]), set())
    call.made({"id": call.ask("ListOrganizationsFeatures")["OrganizationId"]})


def _read_features(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    found = call.ask("ListOrganizationsFeatures")
    if not found.get("EnabledFeatures"):
        return None
    return {"id": at["id"], "enabledFeatures": sorted(found["EnabledFeatures"])}


def _update_features(
    call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]
) -> None:
    del changed
    _switch(call, set(want["enabledFeatures"]), set(old["enabledFeatures"]))


def _delete_features(call: Call, state: Mapping[str, Any]) -> None:
    _switch(call, set(), set(state["enabledFeatures"]))


ORGANIZATIONS_FEATURES = ResourceType(
    token="aws:iam/organizationsFeatures:OrganizationsFeatures",  # noqa: S106 - a type token
    source="TF internal/service/iam/organizations_features.go (id: the organisation's; create only enables;"
    " delete disables what the state names)",
    built_on=Built.FRAMEWORK,
    read_at="119f16d",
    service="iam",
    id=Identity(("id",), ""),
    inputs={"enabledFeatures": set_of(text(checks=(checks.one_of(*_FEATURES),)), required=True)},
    create=_create_features,
    read=_read_features,
    update=_update_features,
    delete=_delete_features,
    # Without trusted access the reading fails, and the deletion takes no refusal for success.
    gone=("OrganizationNotFoundException",),
    deleting_twice_fails=True,
    regional=False,
)

RESOURCES = (POLICY, POLICY_ATTACHMENT, ORGANIZATIONS_FEATURES)
