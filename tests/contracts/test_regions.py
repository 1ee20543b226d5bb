"""The Regions that are looked in for an instance exist, and Identity Center is there."""

import botocore.session
import pytest

from identity_center.model.aws.partitions import other_regions


@pytest.mark.parametrize(
    ("partition", "regions"),
    [
        ("aws", ("us-east-1", *other_regions("us-east-1"))),
        ("aws-us-gov", ("us-gov-west-1", *other_regions("us-gov-west-1"))),
        ("aws-cn", ("cn-north-1", *other_regions("cn-north-1"))),
    ],
)
def test_identity_center_has_an_endpoint_in_every_region(partition: str, regions: tuple[str, ...]) -> None:
    """A misspelt Region would be one that could not be asked, in every run."""
    available = botocore.session.get_session().get_available_regions("sso-admin", partition)

    assert set(regions) <= set(available)
    assert len(regions) >= 2
