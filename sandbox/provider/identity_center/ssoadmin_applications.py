"""Applications of Identity Center, who may use them, and the attributes for access control."""

from collections.abc import Mapping
from typing import Any

from sandbox.provider import checks
from sandbox.provider.rows.call import Call
from sandbox.provider.rows.schema import (
    AutoName,
    Built,
    Identity,
    Property,
    ResourceType,
    block,
    set_of,
    text,
    texts_by_key,
)
from sandbox.provider.rows.shaping import from_aws, tags_of
from sandbox.provider.rows.tagging import changed_tags

_SWITCH = checks.one_of("ENABLED", "DISABLED")


# Applications


def _create_application(call: Call, want: dict[str, Any]) -> None:
    # The client token is never sent: TF's Create leaves it out.
    made = call.send("CreateApplication", {**want, "clientToken": None})
    call.made({"applicationArn": made["ApplicationArn"]})


def _read_application(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    arn = at["applicationArn"]
    answer = call.ask("DescribeApplication", ApplicationArn=arn)
    tags = call.pages("ListTagsForResource", "Tags", InstanceArn=answer["InstanceArn"], ResourceArn=arn)
    read = {
        **from_aws({**APPLICATION.inputs, **APPLICATION.outputs}, answer),
        "arn": arn,
        "tags": tags_of(tags),
    }
    if "signInOptions" not in read.get("portalOptions", {}):
        # A visibility alone is what AWS gives every application; TF keeps it out of the state.
        read.pop("portalOptions", None)
    return read


def _update_application(
    call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]
) -> None:
    arn = old["applicationArn"]
    if changed & {"name", "description", "portalOptions", "status"}:
        # The API cannot change the visibility; TF leaves it out.
        sign_in = (want.get("portalOptions") or {}).get("signInOptions")
        sendable = {**want, "portalOptions": {"signInOptions": sign_in} if sign_in else None}
        call.send("UpdateApplication", {**sendable, "applicationArn": arn})
    gone, new = changed_tags(old, want)
    where = {"InstanceArn": old["instanceArn"], "ResourceArn": arn}
    if gone:
        call.ask("UntagResource", **where, TagKeys=gone)
    if new:
        call.ask("TagResource", **where, Tags=new)


def _delete_application(call: Call, state: Mapping[str, Any]) -> None:
    call.ask("DeleteApplication", ApplicationArn=state["applicationArn"])


_SIGN_IN = block(
    {
        "origin": text(required=True, checks=(checks.one_of("IDENTITY_CENTER", "APPLICATION"),)),
        "applicationUrl": text(checks=(checks.length(1, 512),)),
    }
)

# Not alone: TF's reading would not keep it (stringvalidator.AlsoRequires).
_VISIBILITY = text(computed=True, checks=(_SWITCH,), also=("signInOptions",))

APPLICATION = ResourceType(
    token="aws:ssoadmin/application:Application",  # noqa: S106 - a type token
    source="TF internal/service/ssoadmin/application.go (no input replaces; a new provider or instance ARN"
    " is planned as an update that sends nothing)",
    built_on=Built.FRAMEWORK,
    read_at="01f4311",
    service="sso-admin",
    id=Identity(("applicationArn",), ""),
    inputs={
        "applicationProviderArn": text(required=True, checks=(checks.arn,)),
        "clientToken": text(aws="-"),
        "description": text(),
        "instanceArn": text(required=True, checks=(checks.arn,)),
        "name": text(),
        "portalOptions": block({"signInOptions": _SIGN_IN, "visibility": _VISIBILITY}),
        "status": text(computed=True, checks=(_SWITCH,)),
        "tags": texts_by_key(),
    },
    outputs={"applicationAccount": text(), "applicationArn": text(), "arn": text(aws="-")},
    create=_create_application,
    read=_read_application,
    update=_update_application,
    delete=_delete_application,
    autoname=AutoName(),
)


# Who may use one


def _create_assignment(call: Call, want: dict[str, Any]) -> None:
    call.send("CreateApplicationAssignment", want)
    call.made({name: want[name] for name in APPLICATION_ASSIGNMENT.id.parts})


def _read_assignment(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    return from_aws(APPLICATION_ASSIGNMENT.inputs, call.send("DescribeApplicationAssignment", at))


def _delete_assignment(call: Call, state: Mapping[str, Any]) -> None:
    call.send("DeleteApplicationAssignment", state)


APPLICATION_ASSIGNMENT = ResourceType(
    token="aws:ssoadmin/applicationAssignment:ApplicationAssignment",  # noqa: S106 - a type token
    source="TF internal/service/ssoadmin/application_assignment.go (no wait, no look before)",
    built_on=Built.FRAMEWORK,
    read_at="13adc2a",
    service="sso-admin",
    id=Identity(("applicationArn", "principalId", "principalType")),
    inputs={
        "applicationArn": text(required=True, force_new=True, checks=(checks.arn,)),
        "principalId": text(required=True, force_new=True),
        "principalType": text(required=True, force_new=True, checks=(checks.one_of("USER", "GROUP"),)),
    },
    create=_create_assignment,
    read=_read_assignment,
    delete=_delete_assignment,
)


# Attributes for access control

_CONFIGURATION = "InstanceAccessControlAttributeConfiguration"


def _at_least_one(value: list[Any]) -> str | None:
    return None if value else "expected at least one element"


def _some(item: Property) -> Property:
    return set_of(item, required=True, checks=(_at_least_one,))


def _configuration(want: Mapping[str, Any]) -> dict[str, Any]:
    # TF sends the first element of an attribute's values and no other.
    rows = [
        {"Key": one["key"], "Value": {"Source": one["values"][0]["sources"]}} for one in want["attributes"]
    ]
    return {"InstanceArn": want["instanceArn"], _CONFIGURATION: {"AccessControlAttributes": rows}}


def _create_attributes(call: Call, want: dict[str, Any]) -> None:
    call.ask(f"Create{_CONFIGURATION}", **_configuration(want))
    call.made({"instanceArn": want["instanceArn"]})


def _read_attributes(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    answer = call.ask(f"Describe{_CONFIGURATION}", InstanceArn=at["instanceArn"])
    rows = answer[_CONFIGURATION]["AccessControlAttributes"]
    if not rows:
        return None
    attributes = [{"key": row["Key"], "values": [{"sources": row["Value"]["Source"]}]} for row in rows]
    return {
        "attributes": attributes,
        "instanceArn": at["instanceArn"],
        "status": answer["Status"],
        "statusReason": answer.get("StatusReason", ""),
    }


def _update_attributes(
    call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]
) -> None:
    del old, changed
    call.ask(f"Update{_CONFIGURATION}", **_configuration(want))


def _delete_attributes(call: Call, state: Mapping[str, Any]) -> None:
    call.ask(f"Delete{_CONFIGURATION}", InstanceArn=state["instanceArn"])


INSTANCE_ACCESS_CONTROL_ATTRIBUTES = ResourceType(
    token="aws:ssoadmin/instanceAccessControlAttributes:InstanceAccessControlAttributes",  # noqa: S106 - a type token
    source="TF internal/service/ssoadmin/instance_access_control_attributes.go (one per instance, no wait;"
    " the delete fails where it is gone already)",
    built_on=Built.SDK,
    deleting_twice_fails=True,
    read_at="fc25eda",
    service="sso-admin",
    id=Identity(("instanceArn",), ""),
    inputs={
        "attributes": _some(
            block({"key": text(required=True), "values": _some(block({"sources": _some(text())}))})
        ),
        "instanceArn": text(required=True, force_new=True, checks=(checks.arn,)),
    },
    outputs={"status": text(), "statusReason": text()},
    create=_create_attributes,
    read=_read_attributes,
    update=_update_attributes,
    delete=_delete_attributes,
)

RESOURCES = (APPLICATION, APPLICATION_ASSIGNMENT, INSTANCE_ACCESS_CONTROL_ATTRIBUTES)
