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
