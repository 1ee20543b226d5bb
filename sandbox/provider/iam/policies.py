"""Managed policies of IAM, and policies in and on roles, users and groups."""

from collections.abc import Mapping
from typing import Any

from sandbox.provider import checks
from sandbox.provider.iam.lookups import policy_text
from sandbox.provider.iam.names import chosen_name, named, path
from sandbox.provider.rows.call import Call
from sandbox.provider.rows.schema import (
    AutoName,
    Built,
    Identity,
    ResourceType,
    document,
    number,
    text,
    texts_by_key,
)
from sandbox.provider.rows.shaping import from_aws
from sandbox.provider.rows.tagging import changed_tags

_GONE = ("NoSuchEntity",)
_VERSIONS = 5
"""IAM keeps at most so many versions of a policy."""


def _create_policy(call: Call, want: dict[str, Any]) -> None:
    made = call.send("CreatePolicy", {**want, "name": chosen_name(want)}, PolicyDocument=want["policy"])
    call.made({"arn": made["Policy"]["Arn"]})


def _read_policy(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    found = call.ask("GetPolicy", PolicyArn=at["arn"])["Policy"]
    version = call.ask("GetPolicyVersion", PolicyArn=at["arn"], VersionId=found["DefaultVersionId"])
    read = from_aws({**POLICY.inputs, **POLICY.outputs}, found)
    return {**read, "policy": policy_text(version["PolicyVersion"]["Document"])}


def _update_policy(call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]) -> None:
    arn = old["arn"]
    if "policy" in changed:
        _make_room(call, arn)
        made = call.ask(
            "CreatePolicyVersion", PolicyArn=arn, PolicyDocument=want["policy"], SetAsDefault=False
        )
        call.clients.pause((want.get("delayAfterPolicyCreationInMs") or 0) / 1000)
        call.ask("SetDefaultPolicyVersion", PolicyArn=arn, VersionId=made["PolicyVersion"]["VersionId"])
    gone, new = changed_tags(old, want)
    if gone:
        call.ask("UntagPolicy", PolicyArn=arn, TagKeys=gone)
    if new:
        call.ask("TagPolicy", PolicyArn=arn, Tags=new)


def _others(call: Call, arn: str) -> list[dict[str, Any]]:
    """Return the versions that are not the default one, oldest first."""
    rows = call.pages("ListPolicyVersions", "Versions", PolicyArn=arn)
    return sorted(
        (row for row in rows if not row["IsDefaultVersion"]), key=lambda row: int(row["VersionId"][1:])
    )


def _make_room(call: Call, arn: str) -> None:
    others = _others(call, arn)
    if len(others) + 1 >= _VERSIONS:
        call.ask("DeletePolicyVersion", PolicyArn=arn, VersionId=others[0]["VersionId"])


def _delete_policy(call: Call, state: Mapping[str, Any]) -> None:
    for version in _others(call, state["arn"]):
        call.ask("DeletePolicyVersion", PolicyArn=state["arn"], VersionId=version["VersionId"])
    call.ask("DeletePolicy", PolicyArn=state["arn"])


_POLICY_NAMES = {**named(128)}

POLICY = ResourceType(
    token="aws:iam/policy:Policy",  # noqa: S106 - a type token
    source="TF internal/service/iam/policy.go (a new document is a new version; the oldest of 5 goes)",
    built_on=Built.SDK,
    read_at="d0205e6",
    service="iam",
    id=Identity(("arn",), ""),
    inputs={
        "delayAfterPolicyCreationInMs": number(aws="-"),
        "description": text(force_new=True),
        "name": text(
            computed=True, force_new=True, aws="PolicyName", checks=_POLICY_NAMES["name"].checks,
            conflicts=("namePrefix",),
        ),
        "namePrefix": _POLICY_NAMES["namePrefix"],
        "path": path(force_new=True),
        "policy": document(required=True, or_object=True, aws="-", checks=(checks.policy_json,)),
        "tags": texts_by_key(),
    },
    outputs={"arn": text(), "attachmentCount": number(), "policyId": text()},
    create=_create_policy,
    read=_read_policy,
    update=_update_policy,
    delete=_delete_policy,
    gone=_GONE,
    autoname=AutoName(),
    regional=False,
)  # fmt: skip


def _inline(kind: str) -> ResourceType:
    """Return the type of a policy in a role, a user or a group: the three are alike but for that word."""
    word = kind.lower()
    holder = f"{kind}Name"

    def where(state: Mapping[str, Any]) -> dict[str, str]:
        return {holder: state[word], "PolicyName": state["name"]}

    def put(call: Call, want: dict[str, Any]) -> None:
        name = chosen_name(want)
        call.ask(f"Put{kind}Policy", **where({**want, "name": name}), PolicyDocument=want["policy"])
        call.made({word: want[word], "name": name})

    def update(call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]) -> None:
        del changed
        call.ask(f"Put{kind}Policy", **where(old), PolicyDocument=want["policy"])

    def read(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
        found = call.ask(f"Get{kind}Policy", **where(at))
        return {word: at[word], "name": at["name"], "policy": policy_text(found["PolicyDocument"])}

    def delete(call: Call, state: Mapping[str, Any]) -> None:
        call.ask(f"Delete{kind}Policy", **where(state))

    return ResourceType(
        token=f"aws:iam/{word}Policy:{kind}Policy",
        source=f"TF internal/service/iam/{word}_policy.go (a put overwrites silently)",
        built_on=Built.SDK,
        read_at="d0205e6",
        service="iam",
        id=Identity((word, "name"), ":"),
        inputs={
            **named(128),
            "policy": document(required=True, or_object=True, checks=(checks.policy_json,)),
            word: text(required=True, force_new=True),
        },
        create=put,
        read=read,
        update=update,
        delete=delete,
        gone=_GONE,
        autoname=AutoName(),
        regional=False,
    )


def _attachment(kind: str) -> ResourceType:
    """Return the type of a managed policy on a role, a user or a group."""
    word = kind.lower()
    holder = f"{kind}Name"

    def create(call: Call, want: dict[str, Any]) -> None:
        # IAM takes an attachment twice, and so does the provider.
        call.ask(f"Attach{kind}Policy", **{holder: want[word]}, PolicyArn=want["policyArn"])
        call.made({word: want[word], "policyArn": want["policyArn"]})

    def read(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
        rows = call.pages(f"ListAttached{kind}Policies", "AttachedPolicies", **{holder: at[word]})
        return dict(at) if any(row["PolicyArn"] == at["policyArn"] for row in rows) else None

    def delete(call: Call, state: Mapping[str, Any]) -> None:
        call.ask(f"Detach{kind}Policy", **{holder: state[word]}, PolicyArn=state["policyArn"])

    return ResourceType(
        token=f"aws:iam/{word}PolicyAttachment:{kind}PolicyAttachment",
        source=f"TF internal/service/iam/{word}_policy_attachment.go (id {word}/ARN since version 6)",
        built_on=Built.SDK,
        read_at="d0205e6",
        service="iam",
        id=Identity((word, "policyArn"), "/"),
        inputs={
            "policyArn": text(required=True, force_new=True, checks=(checks.arn,)),
            word: text(required=True, force_new=True),
        },
        create=create,
        read=read,
        delete=delete,
        gone=_GONE,
        regional=False,
    )


_KINDS = ("Role", "User", "Group")

RESOURCES = (POLICY, *(_inline(kind) for kind in _KINDS), *(_attachment(kind) for kind in _KINDS))
