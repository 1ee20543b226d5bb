"""The Regions of each partition, and which one its global services count as.

Source: botocore's endpoints.json (version 1.40 and later), read on 2026-11-23. That the global services
(IAM, Organizations, ...) count as us-east-1 in `aws:RequestedRegion`: IAM User Guide,
reference_policies_condition-keys, aws:RequestedRegion; the corresponding Regions of the other partitions:
AWS General Reference, service endpoints of IAM.
"""

from typing import Final

REGIONS: Final[dict[str, tuple[str, ...]]] = {
    "aws": (
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
        "af-south-1",
        "ap-east-1",
        "ap-east-2",
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-south-2",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "ap-southeast-5",
        "ap-southeast-6",
        "ap-southeast-7",
        "ca-central-1",
        "ca-west-1",
        "eu-central-1",
        "eu-central-2",
        "eu-north-1",
        "eu-south-1",
        "eu-south-2",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "il-central-1",
        "me-central-1",
        "me-south-1",
        "mx-central-1",
        "sa-east-1",
    ),
    "aws-cn": ("cn-north-1", "cn-northwest-1"),
    "aws-us-gov": ("us-gov-west-1", "us-gov-east-1"),
    "aws-iso": ("us-iso-east-1", "us-iso-west-1"),
    "aws-iso-b": ("us-isob-east-1", "us-isob-west-1"),
    "aws-iso-e": ("eu-isoe-west-1",),
    "aws-iso-f": ("us-isof-south-1", "us-isof-east-1"),
    "aws-eusc": ("eusc-de-east-1",),
}
"""Of each partition, the Region that its global services count as comes first."""

PARTITIONS: Final = {name: partition for partition, names in REGIONS.items() for name in names}
"""The partition of each Region."""

GLOBAL_REGIONS: Final = frozenset(names[0] for names in REGIONS.values())

GLOBAL_SERVICES: Final = ("account", "iam", "organizations")
"""Services that control access and have one endpoint for a whole partition."""
