"""The account access manager (``aws:accountaccess/*``): its application, and who may assume which role."""

from collections.abc import Mapping
from typing import Any

from sandbox.provider import checks
from sandbox.provider.rows.call import Call, FailedError
from sandbox.provider.rows.clients import RefusedByAwsError
from sandbox.provider.rows.schema import Built, Identity, ResourceType, block, text, texts_by_key
from sandbox.provider.rows.tagging import changed_tags

_GONE = "ResourceNotFoundException"


# The application


def _create_application(call: Call, want: dict[str, Any]) -> None:
    instance = want["identitySource"]["identityCenter"]["instanceArn"]
    source = {"identityCenter": {"instanceArn": instance}}
    arn = call.ask("CreateApplication", identitySource=source, tags=want.get("tags") or {})["applicationArn"]
    call.made({"arn": arn})
    _wait(call, arn, "ACTIVE")


def _wait(call: Call, arn: str, wanted: str | None) -> None:
    """Wait until the application has a status; None waits until it is gone."""

    def settled() -> bool:
        status = _status(call, arn)
        if status != wanted and (status is None or status.endswith("_FAILED")):
            raise FailedError(f"application {arn}: {status or 'it is gone'}")
        return status == wanted

    call.wait_until(settled, f"application {arn}: still not {wanted or 'gone'}")


def _status(call: Call, arn: str) -> str | None:
    try:
        return str(call.ask("GetApplication", applicationArn=arn)["status"])
    except RefusedByAwsError as refused:
        if refused.code != _GONE:
            raise
        return None


def _read_application(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    answer = call.ask("GetApplication", applicationArn=at["arn"])
    if answer["status"] == "DELETE_IN_PROGRESS":
        return None
    return {
        "arn": at["arn"],
        "identitySource": answer["identitySource"],
        "tags": answer.get("tags", {}),
        "tenantId": answer.get("tenantId"),
    }


def _update_application(
    call: Call, old: Mapping[str, Any], want: dict[str, Any], changed: frozenset[str]
) -> None:
    del changed
    gone, new = changed_tags(old, want)
    if gone:
        call.ask("UntagResource", resourceArn=old["arn"], tagKeys=gone)
    if new:
        call.ask("TagResource", resourceArn=old["arn"], tags={row["Key"]: row["Value"] for row in new})


def _delete_application(call: Call, state: Mapping[str, Any]) -> None:
    call.ask("DeleteApplication", applicationArn=state["arn"])
    _wait(call, state["arn"], None)


_INSTANCE = {
    "instanceArn": text(required=True, force_new=True, checks=(checks.arn,)),
    "applicationArn": text(computed=True),
}

APPLICATION = ResourceType(
    token="aws:accountaccess/application:Application",  # noqa: S106 - a type token
    source="TF internal/service/accountaccess/application.go; names as in the SDK's docstrings",
    built_on=Built.FRAMEWORK,
    read_at="bf96fa4",
    timeouts={"create": 900, "delete": 900},
    has_id=False,
    service="account-access",
    id=Identity(("arn",), ""),
    inputs={
        "identitySource": block({"identityCenter": block(_INSTANCE)}, required=True, force_new=True),
        "tags": texts_by_key(),
        "timeouts": block({"create": text(), "delete": text()}, aws="-"),
    },
    outputs={"arn": text(), "tenantId": text()},
    create=_create_application,
    read=_read_application,
    update=_update_application,
    delete=_delete_application,
    waits="creation until ACTIVE and deletion until gone, 15 minutes",
)


# Who may assume which role


def _create_entitlement(call: Call, want: dict[str, Any]) -> None:
    role = want["entitlement"]["principalRole"]
    given = {name: value for name, value in role["principal"]["identityCenter"].items() if value}
    asked = {"principalRole": {"principal": {"identityCenter": given}, "roleArn": role["roleArn"]}}
    arn = want["applicationArn"]
    made = call.ask("CreateEntitlement", applicationArn=arn, entitlement=asked)
    call.made({"applicationArn": arn, "entitlementId": made["entitlementId"]})


def _read_entitlement(call: Call, at: Mapping[str, str]) -> dict[str, Any] | None:
    answer = call.ask(
        "GetEntitlement", applicationArn=at["applicationArn"], entitlementId=at["entitlementId"]
    )
    role = answer["entitlement"]["principalRole"]
    shown = {
        "accountId": role["account"],
        "accountName": role.get("accountName"),
        "principal": role["principal"],
        "roleArn": role["roleArn"],
    }
    known = {name: value for name, value in shown.items() if value is not None}
    return {**at, "entitlement": {"principalRole": known}}


def _delete_entitlement(call: Call, state: Mapping[str, Any]) -> None:
    call.ask(
        "DeleteEntitlement", applicationArn=state["applicationArn"], entitlementId=state["entitlementId"]
    )


_ROLE = {
    "accountId": text(computed=True),
    "accountName": text(computed=True),
    "principal": block(
        {
            "identityCenter": block(
                {"groupId": text(force_new=True), "userId": text(force_new=True)},
                checks=(checks.exactly_one("groupId", "userId"),),
            )
        },
        required=True,
        checks=(checks.exactly_one("identityCenter"),),
    ),
    "roleArn": text(required=True, force_new=True, checks=(checks.arn,)),
}

ENTITLEMENT = ResourceType(
    token="aws:accountaccess/entitlement:Entitlement",  # noqa: S106 - a type token
    source="TF internal/service/accountaccess/entitlement.go (tries again on a role that IAM does not show"
    " yet; the sandbox's IAM shows it at once, so this one does not)",
    built_on=Built.FRAMEWORK,
    read_at="b9d24a3",
    has_id=False,
    service="account-access",
    id=Identity(("applicationArn", "entitlementId")),
    inputs={
        "applicationArn": text(required=True, force_new=True, checks=(checks.arn,)),
        "entitlement": block(
            {"principalRole": block(_ROLE)},
            required=True,
            force_new=True,
            checks=(checks.exactly_one("principalRole"),),
        ),
    },
    outputs={"entitlementId": text()},
    create=_create_entitlement,
    read=_read_entitlement,
    delete=_delete_entitlement,
)

RESOURCES = (APPLICATION, ENTITLEMENT)
