"""Lookups in IAM: policies, roles, and policy documents put together by the provider."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from sandbox.provider import checks
from sandbox.provider.rows.call import Call
from sandbox.provider.rows.schema import Invoke, document, number, text, texts_by_key
from sandbox.provider.rows.shaping import tags_of


def policy_text(written: Any) -> str:  # noqa: ANN401 - botocore decodes a document where it recognises one
    """Return the text of a policy document as the API gave it: decoded, encoded, or parsed by botocore."""
    if isinstance(written, (dict, list)):
        return json.dumps(written)
    return unquote(written) if written.startswith("%7B") else str(written)


def _get_policy(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    arn = asked.get("arn") or _arn_by_name(call, asked)
    found = call.ask("GetPolicy", service="iam", PolicyArn=arn)["Policy"]
    version = call.ask("GetPolicyVersion", service="iam", PolicyArn=arn, VersionId=found["DefaultVersionId"])[
        "PolicyVersion"
    ]
    out = {
        "arn": arn,
        "attachmentCount": found["AttachmentCount"],
        "description": found.get("Description", ""),
        "id": arn,
        "name": found["PolicyName"],
        "path": found["Path"],
        "policy": policy_text(version["Document"]),
        "policyId": found["PolicyId"],
        "tags": tags_of(found.get("Tags", [])),
    }
    return out | ({"pathPrefix": asked["pathPrefix"]} if "pathPrefix" in asked else {})


def _arn_by_name(call: Call, asked: Mapping[str, Any]) -> str:
    name = asked.get("name")
    if name is None:
        raise ValueError("one of arn and name must be given")
    prefix = {"PathPrefix": asked["pathPrefix"]} if asked.get("pathPrefix") else {}
    rows = call.pages("ListPolicies", "Policies", service="iam", **prefix)
    found = [row["Arn"] for row in rows if row["PolicyName"] == name]
    if len(found) != 1:
        raise ValueError(f"{len(found) or 'no'} IAM policies are called {name!r}")
    return str(found[0])


INVOKES = (
    Invoke(
        token="aws:iam/getPolicy:getPolicy",  # noqa: S106 - a function token
        source="TF internal/service/iam/policy_data_source.go (arn, or name and pathPrefix)",
        inputs={
            "arn": text(checks=(checks.arn,), conflicts=("name", "pathPrefix")),
            "name": text(),
            "pathPrefix": text(),
            "tags": texts_by_key(computed=True),
        },
        outputs={
            "attachmentCount": number(),
            "description": text(),
            "id": text(),
            "path": text(),
            "policy": document(),
            "policyId": text(),
        },
        run=_get_policy,
    ),
)
