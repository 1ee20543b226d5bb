"""Regions of the instance as AWS adds and removes them: in the background, one at a time."""

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.accounts.surroundings import Surroundings


@pytest.fixture(autouse=True)
def one_region(around: Surroundings) -> None:
    """Begin with the primary Region and a key of AWS's own."""
    around.with_one_region()
    around.encrypt(None)


def test_a_region_comes_and_goes_by_and_by(around: Surroundings) -> None:
    """A Region that is there at once would hide every wait, and whoever does not wait, from our tests."""
    around.ready_for("eu-west-1")
    where = {"InstanceArn": around.instance, "RegionName": "eu-west-1"}
    assert around.sso.add_region(**where)["Status"] == "ADDING"
    assert around.sso.describe_region(**where)["Status"] == "ADDING"
    around.wait_for("eu-west-1", "ACTIVE")
    described = around.sso.describe_instance(InstanceArn=around.instance)
    assert [(each["RegionName"], each["IsPrimaryRegion"]) for each in described["Regions"]] == [
        ("us-east-1", True),
        ("eu-west-1", False),
    ]
    assert around.sso.remove_region(**where)["Status"] == "REMOVING"
    assert around.regions()["eu-west-1"] == "REMOVING"
    around.wait_for("eu-west-1", None)
    with pytest.raises(ClientError, match="Could not find Region eu-west-1"):
        around.sso.describe_region(**where)


def test_a_region_is_not_removed_while_another_comes(around: Surroundings) -> None:
    """Two updates at once, or a plan that takes two Regions together, meet AWS's refusal here as well."""
    around.ready_for("eu-west-1", "eu-west-2")
    around.add_region("eu-west-1")
    around.sso.add_region(InstanceArn=around.instance, RegionName="eu-west-2")
    with pytest.raises(ClientError, match="Region eu-west-2 is ADDING"):
        around.sso.remove_region(InstanceArn=around.instance, RegionName="eu-west-1")


def test_an_instance_says_which_key_encrypts_it(around: Surroundings) -> None:
    """What reads the key before an update would otherwise be tried on nothing."""
    before = around.sso.describe_instance(InstanceArn=around.instance)["EncryptionConfigurationDetails"]
    assert before == {"KeyType": "AWS_OWNED_KMS_KEY", "EncryptionStatus": "ENABLED"}
    key = around.ready_for()
    after = around.sso.describe_instance(InstanceArn=around.instance)["EncryptionConfigurationDetails"]
    assert after == {"KeyType": "CUSTOMER_MANAGED_KEY", "EncryptionStatus": "ENABLED", "KmsKeyArn": key}
