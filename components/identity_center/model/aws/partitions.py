"""Regions to look in for an Identity Center instance that is not where somebody looked."""

from collections.abc import Mapping

#: By partition, the Regions that every account has without opting in, where nearly all instances are.
#: Source: AWS Account Management reference guide, "Enable or disable AWS Regions in your account"; the guides
#: of the GovCloud and China partitions. An instance in a Region to be opted in to is not found this way.
_ENABLED_BY_DEFAULT: Mapping[str, tuple[str, ...]] = {
    "aws": (
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
        "eu-central-1",
        "eu-north-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ca-central-1",
        "sa-east-1",
    ),
    "aws-us-gov": ("us-gov-west-1", "us-gov-east-1"),
    "aws-cn": ("cn-north-1", "cn-northwest-1"),
}
#: Sources: as above. Regions of the partition `aws` have no prefix of their own.
_PARTITION_BY_PREFIX = {"us-gov-": "aws-us-gov", "cn-": "aws-cn"}


def other_regions(region: str) -> tuple[str, ...]:
    """Return the Regions of the same partition, without `region` itself."""
    partition = next(
        (partition for prefix, partition in _PARTITION_BY_PREFIX.items() if region.startswith(prefix)), "aws"
    )
    return tuple(other for other in _ENABLED_BY_DEFAULT[partition] if other != region)


# The address of the access portal, where people sign in.
#: By partition, where the portal of an identity store is. No API returns it.
#: Sources: AWS sign-in user guide, "AWS access portal" (aws); GovCloud user guide, "IAM Identity Center"
#: (aws-us-gov); user guide of the China Regions, "IAM Identity Center" (aws-cn).
_ADDRESSES: Mapping[str, str] = {
    "aws": "https://{identity_store_id}.awsapps.com/start",
    "aws-us-gov": "https://start.us-gov-home.awsapps.com/directory/{identity_store_id}",
    "aws-cn": "https://start.home.awsapps.cn/directory/{identity_store_id}",
}


def portal_url(identity_store_id: str, partition: str, configured: str | None = None) -> str | None:
    """Return the portal's address: the configured one, else the one that follows from the identity store.

    None in a partition whose address is not known: then it has to be configured.
    """
    if configured is not None:
        return configured
    address = _ADDRESSES.get(partition)
    return None if address is None else address.format(identity_store_id=identity_store_id)


def partition_of(arn: str) -> str:
    """Return the partition of an ARN, such as aws, aws-us-gov or aws-cn."""
    return arn.split(":")[1]
