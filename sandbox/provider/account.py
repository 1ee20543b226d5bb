"""Lookups about the caller, the partition, the region and the organisation."""

from typing import Any

from botocore.session import Session

from sandbox.provider.call import Call
from sandbox.provider.schema import Invoke, Property, block, flag, list_of, text

# By the region's prefix: the suffix of AWS's host names, and the same reversed (TF names.PartitionForRegion).
_PARTITIONS = {
    "cn-": ("aws-cn", "amazonaws.com.cn", "cn.com.amazonaws"),
    "us-gov-": ("aws-us-gov", "amazonaws.com", "com.amazonaws"),
    "": ("aws", "amazonaws.com", "com.amazonaws"),
}


def partition_of(region: str) -> tuple[str, str, str]:
    """Return a region's partition, DNS suffix and reversed DNS prefix."""
    return next(found for prefix, found in _PARTITIONS.items() if region.startswith(prefix))


def _get_caller_identity(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    del asked
    answer = call.ask("GetCallerIdentity", service="sts")
    account = answer["Account"]
    return {"accountId": account, "arn": answer["Arn"], "id": account, "userId": answer["UserId"]}


def _get_partition(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    del asked
    partition, suffix, prefix = partition_of(call.clients.options.region)
    return {"dnsSuffix": suffix, "id": partition, "partition": partition, "reverseDnsPrefix": prefix}


def _get_region(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    region = asked.get("region") or asked.get("name") or call.clients.options.region
    endpoint = asked.get("endpoint")
    if endpoint:
        region = endpoint.removeprefix("ec2.").split(".")[0]
    data = Session().get_component("data_loader").load_data("partitions")
    names = {name: row for part in data["partitions"] for name, row in part["regions"].items()}
    if region not in names:
        raise ValueError(f"there is no region {region!r}")
    suffix = partition_of(region)[1]
    return {
        "description": names[region].get("description", region),
        "endpoint": f"ec2.{region}.{suffix}",
        "id": region,
        "name": region,
        "region": region,
    }


def _get_organization(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    found = call.ask("DescribeOrganization", service="organizations")["Organization"]
    out: dict[str, Any] = {
        "arn": found["Arn"],
        "featureSet": found["FeatureSet"],
        "id": found["Id"],
        "masterAccountArn": found["MasterAccountArn"],
        "masterAccountEmail": found["MasterAccountEmail"],
        "masterAccountId": found["MasterAccountId"],
        "accounts": [], "nonMasterAccounts": [], "roots": [],
        "awsServiceAccessPrincipals": [], "enabledPolicyTypes": [],
        "masterAccountName": "",
    }  # fmt: skip
    if "returnOrganizationOnly" in asked:
        out["returnOrganizationOnly"] = asked["returnOrganizationOnly"]
    caller = call.ask("GetCallerIdentity", service="sts")["Account"]
    # A member account may not list the organisation (TF organization_data_source.go asks only as management).
    if asked.get("returnOrganizationOnly") or caller != found["MasterAccountId"]:
        return out
    accounts = [_account(row) for row in call.pages("ListAccounts", "Accounts", service="organizations")]
    services = call.pages(
        "ListAWSServiceAccessForOrganization", "EnabledServicePrincipals", service="organizations"
    )
    roots = call.pages("ListRoots", "Roots", service="organizations")
    management = next(row for row in accounts if row["id"] == found["MasterAccountId"])
    enabled = [kind["Type"] for kind in roots[0]["PolicyTypes"] if kind["Status"] == "ENABLED"]
    return {
        **out,
        "accounts": accounts,
        "awsServiceAccessPrincipals": sorted(row["ServicePrincipal"] for row in services),
        "enabledPolicyTypes": enabled,
        "masterAccountName": management["name"],
        "nonMasterAccounts": [row for row in accounts if row is not management],
        "roots": [_root(row) for row in roots],
    }


def _account(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "arn": row["Arn"],
        "email": row["Email"],
        "id": row["Id"],
        "joinedMethod": row["JoinedMethod"],
        "joinedTimestamp": row["JoinedTimestamp"].isoformat(),
        "name": row["Name"],
        "state": row["State"],
        "status": row["Status"],
    }


def _root(row: dict[str, Any]) -> dict[str, Any]:
    types = [{"status": kind["Status"], "type": kind["Type"]} for kind in row["PolicyTypes"]]
    return {"arn": row["Arn"], "id": row["Id"], "name": row["Name"], "policyTypes": types}


def _texts(*names: str) -> dict[str, Property]:
    return {name: text() for name in names}


_ACCOUNT = _texts("arn", "email", "id", "joinedMethod", "joinedTimestamp", "name", "state", "status")
_ROOT = {**_texts("arn", "id", "name"), "policyTypes": list_of(block(_texts("status", "type")))}

INVOKES = (
    Invoke(
        token="aws:index/getCallerIdentity:getCallerIdentity",  # noqa: S106 - a function token
        source="TF internal/service/sts/caller_identity_data_source.go",
        inputs={"id": text(computed=True)},
        outputs=_texts("accountId", "arn", "userId"),
        run=_get_caller_identity,
    ),
    Invoke(
        token="aws:index/getPartition:getPartition",  # noqa: S106 - a function token
        source="TF internal/service/meta/partition_data_source.go",
        inputs={"id": text(computed=True)},
        outputs=_texts("dnsSuffix", "partition", "reverseDnsPrefix"),
        run=_get_partition,
    ),
    Invoke(
        token="aws:index/getRegion:getRegion",  # noqa: S106 - a function token
        source="TF internal/service/meta/region_data_source.go",
        inputs=_texts("endpoint", "id", "name", "region"),
        outputs=_texts("description"),
        run=_get_region,
    ),
    Invoke(
        token="aws:organizations/getOrganization:getOrganization",  # noqa: S106 - a function token
        source="TF internal/service/organizations/organization_data_source.go",
        inputs={"returnOrganizationOnly": flag()},
        outputs={
            **_texts("arn", "featureSet", "id", "masterAccountArn", "masterAccountEmail"),
            **_texts("masterAccountId", "masterAccountName"),
            "accounts": list_of(block(_ACCOUNT)),
            "awsServiceAccessPrincipals": list_of(text()),
            "enabledPolicyTypes": list_of(text()),
            "nonMasterAccounts": list_of(block(_ACCOUNT)),
            "roots": list_of(block(_ROOT)),
        },
        run=_get_organization,
    ),
)
