# A copy of policies/identity_guard/iam/catalogue/partitions.py, written by `make docs`: change that file.
"""The partitions of AWS: one row each, for everything that differs between them.

Sources, all read on 2026-11-23 unless a row says otherwise:

* Regions, DNS suffix and the pattern of a Region's name: partitions.json and endpoints.json of botocore 1.40;
  a test compares every row with the installed one.
* Which Region the global services count as in `aws:RequestedRegion`: IAM User Guide,
  reference_policies_condition-keys; for the other partitions AWS General Reference, service endpoints of IAM.
* Which Regions need no opting in: AWS Account Management reference guide, "Enable or disable AWS Regions in
  your account"; the user guides of the GovCloud (US), China and European Sovereign Cloud partitions.
* The address of the access portal, which no API returns: named in the row.
"""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition of AWS."""

    name: str
    """As ARNs have it, such as aws-us-gov."""
    region_pattern: str
    """What the name of each of its Regions matches, today's and tomorrow's."""
    regions: tuple[str, ...]
    """The Regions known today; the one that the global services count as comes first."""
    dns_suffix: str
    """How the host names of its endpoints end."""
    identity_center_regions: tuple[str, ...] = ()
    """Where an instance may be without opting in to the Region; none where Identity Center is not offered."""
    portal_url: str | None = None
    """The access portal's address for an `{identity_store_id}`; None where AWS documents none."""
    regional_portal_url: str | None = None
    """The portal's address in a `{region}` of an `{instance_id}`; None where AWS documents none."""


PARTITIONS: Final = (
    Partition(
        "aws",
        r"(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+",
        (
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
        dns_suffix="amazonaws.com",
        identity_center_regions=(
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
        # Source: AWS sign-in user guide, "AWS access portal".
        portal_url="https://{identity_store_id}.awsapps.com/start",
        # Source: IAM Identity Center user guide, "Workforce access through an additional Region".
        regional_portal_url="https://{instance_id}.{region}.portal.amazonaws.com",
    ),
    Partition(
        "aws-cn",
        r"cn-\w+-\d+",
        ("cn-north-1", "cn-northwest-1"),
        dns_suffix="amazonaws.com.cn",
        identity_center_regions=("cn-north-1", "cn-northwest-1"),
        # Source: user guide of the China Regions, "IAM Identity Center".
        portal_url="https://start.home.awsapps.cn/directory/{identity_store_id}",
    ),
    Partition(
        "aws-us-gov",
        r"us-gov-\w+-\d+",
        ("us-gov-west-1", "us-gov-east-1"),
        dns_suffix="amazonaws.com",
        identity_center_regions=("us-gov-west-1", "us-gov-east-1"),
        # Source: AWS GovCloud (US) user guide, "IAM Identity Center".
        portal_url="https://start.us-gov-home.awsapps.com/directory/{identity_store_id}",
    ),
    Partition("aws-iso", r"us-iso-\w+-\d+", ("us-iso-east-1", "us-iso-west-1"), dns_suffix="c2s.ic.gov"),
    Partition(
        "aws-iso-b", r"us-isob-\w+-\d+", ("us-isob-east-1", "us-isob-west-1"), dns_suffix="sc2s.sgov.gov"
    ),
    Partition("aws-iso-e", r"eu-isoe-\w+-\d+", ("eu-isoe-west-1",), dns_suffix="cloud.adc-e.uk"),
    Partition(
        "aws-iso-f", r"us-isof-\w+-\d+", ("us-isof-south-1", "us-isof-east-1"), dns_suffix="csp.hci.ic.gov"
    ),
    Partition(
        "aws-eusc",
        r"eusc-de-\w+-\d+",
        ("eusc-de-east-1",),
        dns_suffix="amazonaws.eu",
        identity_center_regions=("eusc-de-east-1",),
    ),
)

ARN_PARTITION: Final = f"(?:{'|'.join(each.name for each in PARTITIONS)})"
"""The partition of an ARN, as a regular expression."""


def partition_named(name: str) -> Partition | None:
    """Return the partition that ARNs call so; None where there is none."""
    return next((each for each in PARTITIONS if each.name == name), None)


def partition_of_region(region: str) -> Partition:
    """Return the partition of a Region: `aws` for a name that no pattern matches, as botocore does."""
    return next((each for each in PARTITIONS if re.fullmatch(each.region_pattern, region)), PARTITIONS[0])
