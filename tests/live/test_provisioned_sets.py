"""Which permission sets an account has: all of them by name, or why AWS did not say."""

import pytest

from identity_center.model.access.other_accounts import ProvisionedSets
from identity_center.model.language.settings import AwsSettings
from identity_center_cli.aws.lookups.provisioned_sets import read_provisioned_sets
from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.settings import REGION

MANAGEMENT, SHOP, DATA = "123456789012", "444444444444", "555555555555"


@pytest.fixture
def around(around: Surroundings) -> Surroundings:
    """Give an Identity Center with two permission sets, one of them in the management account."""
    group = around.group()
    around.assign(around.permission_set("There"), group, MANAGEMENT)
    around.assign(around.permission_set("Elsewhere"), group, SHOP)
    return around


def test_the_delegated_administrator_sees_what_the_management_account_has(around: Surroundings) -> None:
    """It may read all of Identity Center, and has to know what it cannot change."""
    with around.delegated(DATA):
        keys = around.credentials_of(DATA)
        settings = AwsSettings(
            region=REGION,
            access_key=keys["AccessKeyId"],
            secret_key=keys["SecretAccessKey"],
            token=keys["SessionToken"],
        )
        seen = read_provisioned_sets(settings, around.instance, MANAGEMENT)

    assert seen == ProvisionedSets(frozenset({"There"}))


def test_a_refusal_is_no_empty_account(around: Surroundings) -> None:
    """Who may not look has not seen that there is nothing."""
    other = around.instance[:-1] + ("0" if around.instance[-1] != "0" else "1")

    seen = read_provisioned_sets(AwsSettings(region=REGION), other, MANAGEMENT)

    assert seen.names == frozenset()
    assert seen.unseen == (
        "sso:ListPermissionSetsProvisionedToAccount and sso:DescribePermissionSet: ResourceNotFoundException"
    )
