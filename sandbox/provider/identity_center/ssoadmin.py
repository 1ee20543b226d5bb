"""Permission sets and account assignments (``aws:ssoadmin/*``): the sets, the assignments, the lookups."""

from collections.abc import Mapping
from typing import Any

from sandbox.provider import checks
from sandbox.provider.identity_center.ssoadmin_attachments import provision
from sandbox.provider.rows.call import Call, FailedError
from sandbox.provider.rows.schema import (
    AutoName,
    Built,
    Identity,
    Invoke,
    ResourceType,
    list_of,
    text,
    texts_by_key,
)
from sandbox.provider.rows.shaping import from_aws, moment, tags_of
from sandbox.provider.rows.tagging import changed_tags

_SET_TEXTS = ("description", "relayState", "sessionDuration")


def _create_permission_set(call: Call, want: dict[str, Any]) -> None:
    made = call.send("CreatePermissionSet", want)["PermissionSet"]
    call.made({"arn": made["PermissionSetArn"], "instanceArn": want["instanceArn"]})


def _read_permission_set(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    instance, arn = at["instanceArn"], at["arn"]
    answer = call.ask("DescribePermissionSet", InstanceArn=instance, PermissionSetArn=arn)["PermissionSet"]
    tags = call.pages("ListTagsForResource", "Tags", InstanceArn=instance, ResourceArn=arn)
    read = from_aws({**PERMISSION_SET.inputs, **PERMISSION_SET.outputs}, answer)
    return {**read, "arn": arn, "instanceArn": instance, "tags": tags_of(tags)}


def _update_permission_set(
    call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]
) -> None:
    where = {"InstanceArn": old["instanceArn"], "PermissionSetArn": old["arn"]}
    if changed & set(_SET_TEXTS):
        # All three that are set, each time: the API clears a relay state that is left out (issue 17411).
        call.ask("UpdatePermissionSet", **where, **_set_texts(want))
        provision(call, old["instanceArn"], old["arn"])
    gone, new = changed_tags(old, want)
    where = {"InstanceArn": old["instanceArn"], "ResourceArn": old["arn"]}
    if gone:
        call.ask("UntagResource", **where, TagKeys=gone)
    if new:
        call.ask("TagResource", **where, Tags=new)


def _set_texts(want: Mapping[str, Any]) -> dict[str, Any]:
    members = {name: PERMISSION_SET.inputs[name].member(name) for name in _SET_TEXTS}
    return {member: want[name] for name, member in members.items() if want.get(name)}


def _delete_permission_set(call: Call, state: Mapping[str, Any]) -> None:
    call.ask("DeletePermissionSet", InstanceArn=state["instanceArn"], PermissionSetArn=state["arn"])


PERMISSION_SET = ResourceType(
    token="aws:ssoadmin/permissionSet:PermissionSet",  # noqa: S106 - a type token
    source="TF internal/service/ssoadmin/permission_set.go (its patterns want one such character)",
    built_on=Built.SDK,
    read_at="0414327",
    timeouts={"update": 600},
    service="sso-admin",
    id=Identity(("arn", "instanceArn")),
    inputs={
        "description": text(checks=(checks.length(1, 700),)),
        "instanceArn": text(required=True, force_new=True, checks=(checks.arn,)),
        "name": text(
            force_new=True,
            checks=(checks.length(1, 32), checks.contains(r"[\w+=,.@-]", "letters, digits or _+=,.@-")),
        ),
        "relayState": text(
            checks=(
                checks.length(1, 240),
                checks.contains(r"""[\w&$@#\\/%?=~'"|!:,.;*+\[\] (){}-]""", "characters of an address"),
            )
        ),
        "sessionDuration": text(default="PT1H", checks=(checks.length(1, 100),)),
        "tags": texts_by_key(),
    },
    outputs={"arn": text(aws="PermissionSetArn"), "createdDate": text()},
    create=_create_permission_set,
    read=_read_permission_set,
    update=_update_permission_set,
    delete=_delete_permission_set,
    autoname=AutoName(),
    waits="an update of description, relayState or sessionDuration provisions all accounts again",
)


def _create_assignment(call: Call, want: dict[str, Any]) -> None:
    # The API takes an assignment twice, so the provider looks first.
    if _assigned(call, want):
        what = f"account assignment for {want['principalType']} {want['principalId']} in {want['targetId']}"
        raise ValueError(f"{what} already exists")
    status = call.send("CreateAccountAssignment", want)["AccountAssignmentCreationStatus"]
    call.wait(
        "DescribeAccountAssignmentCreationStatus",
        "AccountAssignmentCreationStatus",
        f"assigning {want['principalType']} {want['principalId']} in account {want['targetId']}",
        InstanceArn=want["instanceArn"],
        AccountAssignmentCreationRequestId=status["RequestId"],
    )
    # Not before: whoever stops waiting leaves an assignment that AWS makes and no state has.
    call.made({name: want[name] for name in ACCOUNT_ASSIGNMENT.id.parts})


def _assigned(call: Call, at: Mapping[str, Any]) -> bool:
    rows = call.pages(
        "ListAccountAssignments",
        "AccountAssignments",
        InstanceArn=at["instanceArn"],
        AccountId=at["targetId"],
        PermissionSetArn=at["permissionSetArn"],
    )
    wanted = (at["principalType"], at["principalId"])
    return any((row["PrincipalType"], row["PrincipalId"]) == wanted for row in rows)


def _read_assignment(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    return dict(at) if _assigned(call, at) else None


def _delete_assignment(call: Call, state: Mapping[str, Any]) -> None:
    status = call.send("DeleteAccountAssignment", state)["AccountAssignmentDeletionStatus"]
    try:
        call.wait(
            "DescribeAccountAssignmentDeletionStatus",
            "AccountAssignmentDeletionStatus",
            f"removing {state['principalType']} {state['principalId']} from account {state['targetId']}",
            InstanceArn=state["instanceArn"],
            AccountAssignmentDeletionRequestId=status["RequestId"],
        )
    except FailedError as failed:
        # The newest provider takes this failure for success: what was to go is gone.
        if "EntitlementItem doesn't exist" not in str(failed):
            raise


ACCOUNT_ASSIGNMENT = ResourceType(
    token="aws:ssoadmin/accountAssignment:AccountAssignment",  # noqa: S106 - a type token
    source="TF internal/service/ssoadmin/account_assignment.go (targetType required since PR 45092)",
    built_on=Built.SDK,
    read_at="ed3adba",
    timeouts={"create": 300, "delete": 300},
    service="sso-admin",
    id=Identity(
        ("principalId", "principalType", "targetId", "targetType", "permissionSetArn", "instanceArn")
    ),
    inputs={
        "instanceArn": text(required=True, force_new=True, checks=(checks.arn,)),
        "permissionSetArn": text(required=True, force_new=True, checks=(checks.arn,)),
        "principalId": text(
            required=True, force_new=True, checks=(checks.length(1, 47), checks.principal_id)
        ),
        "principalType": text(required=True, force_new=True, checks=(checks.one_of("USER", "GROUP"),)),
        "targetId": text(required=True, force_new=True, checks=(checks.account_id,)),
        "targetType": text(required=True, force_new=True, checks=(checks.one_of("AWS_ACCOUNT"),)),
    },
    create=_create_assignment,
    read=_read_assignment,
    delete=_delete_assignment,
    waits="creation and deletion until the request SUCCEEDED, 5 minutes",
)

RESOURCES = (PERMISSION_SET, ACCOUNT_ASSIGNMENT)


def _get_instances(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    del asked
    rows = call.pages("ListInstances", "Instances", service="sso-admin")
    return {
        "arns": [row["InstanceArn"] for row in rows],
        "id": call.region,
        "identityStoreIds": [row["IdentityStoreId"] for row in rows],
        "region": call.region,
    }


def _get_permission_set(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    instance = asked["instanceArn"]
    found = _described(call, instance, asked["arn"]) if "arn" in asked else _by_name(call, asked)
    arn = found["PermissionSetArn"]
    tags = call.pages(
        "ListTagsForResource", "Tags", service="sso-admin", InstanceArn=instance, ResourceArn=arn
    )
    return {
        "arn": arn,
        "createdDate": moment(found["CreatedDate"]),
        "description": found.get("Description", ""),
        "id": arn,
        "instanceArn": instance,
        "name": found["Name"],
        "region": call.region,
        "relayState": found.get("RelayState", ""),
        "sessionDuration": found["SessionDuration"],
        "tags": tags_of(tags),
    }


def _by_name(call: Call, asked: Mapping[str, Any]) -> dict[str, Any]:
    name, instance = asked.get("name"), asked["instanceArn"]
    if name is None:
        raise ValueError("one of arn and name must be given")
    for arn in call.pages("ListPermissionSets", "PermissionSets", service="sso-admin", InstanceArn=instance):
        found = _described(call, instance, arn)
        if found["Name"] == name:
            return found
    raise ValueError(f"the instance has no permission set called {name!r}")


def _described(call: Call, instance: str, arn: str) -> dict[str, Any]:
    answer = call.ask(
        "DescribePermissionSet", service="sso-admin", InstanceArn=instance, PermissionSetArn=arn
    )
    described: dict[str, Any] = answer["PermissionSet"]
    return described


INVOKES = (
    Invoke(
        token="aws:ssoadmin/getInstances:getInstances",  # noqa: S106 - a function token
        source="TF internal/service/ssoadmin/instances_data_source.go",
        inputs={},
        outputs={"arns": list_of(text()), "id": text(), "identityStoreIds": list_of(text())},
        run=_get_instances,
        regional=True,
    ),
    Invoke(
        token="aws:ssoadmin/getPermissionSet:getPermissionSet",  # noqa: S106 - a function token
        source="TF internal/service/ssoadmin/permission_set_data_source.go (exactly one of arn and name)",
        inputs={
            "arn": text(checks=(checks.arn,), conflicts=("name",)),
            "instanceArn": text(required=True, checks=(checks.arn,)),
            "name": text(),
            "tags": texts_by_key(computed=True),
        },
        outputs={
            "createdDate": text(),
            "description": text(),
            "id": text(),
            "relayState": text(),
            "sessionDuration": text(),
        },
        run=_get_permission_set,
        regional=True,
    ),
)
