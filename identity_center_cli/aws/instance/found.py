"""The one instance that a Region has."""

from dataclasses import dataclass
from typing import Any

from identity_center_cli.aws.answers import part


class InstanceNotFoundError(Exception):
    """There is not exactly one Identity Center instance in this Region."""


@dataclass(frozen=True, slots=True)
class Instance:
    """What ListInstances says of an instance."""

    arn: str
    store_id: str
    owner: str
    """The account that it belongs to."""
    region: str


def the_instance(sso: Any, wanted_arn: str | None = None) -> Instance:  # noqa: ANN401 - boto3 makes its classes
    """Find the one instance of the client's Region, or the one that is wanted of several.

    Raises InstanceNotFoundError where there is none, or several; BrokenAnswerError for half an answer.
    """
    listed = [i for page in sso.get_paginator("list_instances").paginate() for i in part(page, "Instances")]
    region = sso.meta.region_name
    found = [each for each in listed if wanted_arn in (None, each["InstanceArn"])]
    if len(found) != 1:
        raise InstanceNotFoundError(_not_one(region, wanted_arn, [each["InstanceArn"] for each in found]))
    (one,) = found
    return Instance(one["InstanceArn"], one["IdentityStoreId"], one.get("OwnerAccountId", ""), region)


def _not_one(region: str, wanted_arn: str | None, found: list[str]) -> str:
    if wanted_arn is not None:
        return (
            f"Region {region} shows no Identity Center instance {wanted_arn}: is this the instance's Region, "
            "and the right account?"
        )
    listed = f" ({', '.join(sorted(found))}); name one with --instance-arn" if found else ""
    return (
        f"Region {region} shows {len(found)} Identity Center instances; exactly one was expected: is "
        f"this the instance's Region, and the right account?{listed}"
    )
