"""The lookup of a role of IAM."""

from typing import Any

from sandbox.provider.iam.lookups import policy_text
from sandbox.provider.rows.call import Call
from sandbox.provider.rows.schema import Invoke, block, document, list_of, number, text, texts_by_key
from sandbox.provider.rows.shaping import moment, tags_of


def _get_role(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    role = call.ask("GetRole", service="iam", RoleName=asked["name"])["Role"]
    used = role.get("RoleLastUsed") or {}
    last = {"lastUsedDate": moment(used["LastUsedDate"])} if "LastUsedDate" in used else {}
    return {
        "arn": role["Arn"],
        "assumeRolePolicy": policy_text(role["AssumeRolePolicyDocument"]),
        "createDate": moment(role["CreateDate"]),
        "description": role.get("Description", ""),
        "id": role["RoleName"],
        "maxSessionDuration": role["MaxSessionDuration"],
        "name": role["RoleName"],
        "path": role["Path"],
        "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""),
        "roleLastUseds": [{"region": used.get("Region", ""), **last}] if used else [],
        "tags": tags_of(role.get("Tags", [])),
        "uniqueId": role["RoleId"],
    }


INVOKES = (
    Invoke(
        token="aws:iam/getRole:getRole",  # noqa: S106 - a function token
        source="TF internal/service/iam/role_data_source.go",
        inputs={"name": text(required=True), "tags": texts_by_key(computed=True)},
        outputs={
            "arn": text(),
            "assumeRolePolicy": document(),
            "createDate": text(),
            "description": text(),
            "id": text(),
            "maxSessionDuration": number(),
            "path": text(),
            "permissionsBoundary": text(),
            "roleLastUseds": list_of(block({"lastUsedDate": text(), "region": text()})),
            "uniqueId": text(),
        },
        run=_get_role,
    ),
)
