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
    found = [each for each in listed if wanted_arn in (None, each["InstanceArn"])]
    region = sso.meta.region_name
    if len(found) != 1:
        raise InstanceNotFoundError(
            f"Region {region} shows {len(found)} Identity Center instances; exactly one was expected: "
            "is this the instance's Region, and the right account?"
        )
    (one,) = found
    return Instance(one["InstanceArn"], one["IdentityStoreId"], one.get("OwnerAccountId", ""), region)
