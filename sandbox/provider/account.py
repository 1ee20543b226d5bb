"""Lookups about the caller, the partition and the region."""

from typing import Any

from botocore.session import Session

from identity_center.model.aws.partitions import partition_of_region
from sandbox.provider.rows.call import Call
from sandbox.provider.rows.schema import Invoke, Property, text


def _get_caller_identity(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    del asked
    answer = call.ask("GetCallerIdentity", service="sts")
    account = answer["Account"]
    return {"accountId": account, "arn": answer["Arn"], "id": account, "userId": answer["UserId"]}


def _get_partition(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    del asked
    partition = partition_of_region(call.clients.options.region)
    return {
        "dnsSuffix": partition.dns_suffix,
        "id": partition.name,
        "partition": partition.name,
        "reverseDnsPrefix": ".".join(reversed(partition.dns_suffix.split("."))),
    }


def _get_region(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    region = asked.get("region") or asked.get("name") or call.clients.options.region
    endpoint = asked.get("endpoint")
    if endpoint:
        region = endpoint.removeprefix("ec2.").split(".")[0]
    data = Session().get_component("data_loader").load_data("partitions")
    names = {name: row for part in data["partitions"] for name, row in part["regions"].items()}
    if region not in names:
        raise ValueError(f"there is no region {region!r}")
    suffix = partition_of_region(region).dns_suffix
    return {
        "description": names[region].get("description", region),
        "endpoint": f"ec2.{region}.{suffix}",
        "id": region,
        "name": region,
        "region": region,
    }


def _texts(*names: str) -> dict[str, Property]:
    return {name: text() for name in names}


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
)
