"""Lookups of the organisation's policies: those attached to a target, and what one policy is."""

from typing import Any

from sandbox.provider.rows.call import Call
from sandbox.provider.rows.schema import Invoke, flag, list_of, text

_SERVICE = "organizations"


def _of_target(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    rows = call.pages(
        "ListPoliciesForTarget",
        "Policies",
        service=_SERVICE,
        TargetId=asked["targetId"],
        Filter=asked["filter"],
    )
    return {**asked, "id": asked["targetId"], "ids": [row["Id"] for row in rows]}


def _policy(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    found = call.ask("DescribePolicy", service=_SERVICE, PolicyId=asked["policyId"])["Policy"]
    summary = found["PolicySummary"]
    return {
        "arn": summary["Arn"],
        "awsManaged": summary["AwsManaged"],
        "content": found["Content"],
        "description": summary.get("Description", ""),
        "id": summary["Id"],
        "name": summary["Name"],
        "policyId": summary["Id"],
        "type": summary["Type"],
    }


INVOKES = (
    Invoke(
        token="aws:organizations/getPoliciesForTarget:getPoliciesForTarget",  # noqa: S106 - a function token
        source="TF internal/service/organizations/policies_for_target_data_source.go (all pages)",
        inputs={"filter": text(required=True), "targetId": text(required=True)},
        outputs={"id": text(), "ids": list_of(text())},
        run=_of_target,
    ),
    Invoke(
        token="aws:organizations/getPolicy:getPolicy",  # noqa: S106 - a function token
        source="TF internal/service/organizations/policy_data_source.go",
        inputs={"policyId": text(required=True)},
        outputs={
            "arn": text(),
            "awsManaged": flag(),
            "content": text(),
            "description": text(),
            "id": text(),
            "name": text(),
            "type": text(),
        },
        run=_policy,
    ),
)
