"""Instance profiles of IAM: what hands a role to a machine."""

from collections.abc import Mapping
from typing import Any

from sandbox.provider.iam.names import chosen_name, named, path
from sandbox.provider.rows.call import Call
from sandbox.provider.rows.schema import AutoName, Built, Identity, ResourceType, text, texts_by_key
from sandbox.provider.rows.shaping import from_aws
from sandbox.provider.rows.tagging import changed_tags

_NAMES = named(128)


def _create_profile(call: Call, want: dict[str, Any]) -> None:
    name = chosen_name(want)
    call.send("CreateInstanceProfile", {**want, "name": name})
    call.made({"name": name})
    if want.get("role"):
        call.ask("AddRoleToInstanceProfile", InstanceProfileName=name, RoleName=want["role"])


def _read_profile(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    profile = call.ask("GetInstanceProfile", InstanceProfileName=at["name"])["InstanceProfile"]
    read = from_aws({**INSTANCE_PROFILE.inputs, **INSTANCE_PROFILE.outputs}, profile)
    roles = profile["Roles"]
    return read | ({"role": roles[0]["RoleName"]} if roles else {})


def _update_profile(
    call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]
) -> None:
    where = {"InstanceProfileName": old["name"]}
    if "role" in changed:
        # A profile holds one role, so the old one goes first.
        if old.get("role"):
            call.ask("RemoveRoleFromInstanceProfile", **where, RoleName=old["role"])
        if want.get("role"):
            call.ask("AddRoleToInstanceProfile", **where, RoleName=want["role"])
    gone, new = changed_tags(old, want)
    if gone:
        call.ask("UntagInstanceProfile", **where, TagKeys=gone)
    if new:
        call.ask("TagInstanceProfile", **where, Tags=new)


def _delete_profile(call: Call, state: Mapping[str, Any]) -> None:
    where = {"InstanceProfileName": state["name"]}
    if state.get("role"):
        call.ask_tolerating(
            ("NoSuchEntity",), "RemoveRoleFromInstanceProfile", **where, RoleName=state["role"]
        )
    call.ask("DeleteInstanceProfile", **where)


INSTANCE_PROFILE = ResourceType(
    token="aws:iam/instanceProfile:InstanceProfile",  # noqa: S106 - a type token
    source="TF internal/service/iam/instance_profile.go",
    built_on=Built.SDK,
    read_at="d0205e6",
    service="iam",
    id=Identity(("name",), ""),
    inputs={
        "name": text(
            computed=True, force_new=True, aws="InstanceProfileName", checks=_NAMES["name"].checks,
            conflicts=("namePrefix",),
        ),
        "namePrefix": _NAMES["namePrefix"],
        "path": path(force_new=True),
        "role": text(),
        "tags": texts_by_key(),
    },
    outputs={"arn": text(), "createDate": text(), "uniqueId": text(aws="InstanceProfileId")},
    create=_create_profile,
    read=_read_profile,
    update=_update_profile,
    delete=_delete_profile,
    gone=("NoSuchEntity",),
    autoname=AutoName(),
    regional=False,
)  # fmt: skip

RESOURCES = (INSTANCE_PROFILE,)
