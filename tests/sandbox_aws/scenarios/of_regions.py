"""What provokes each refusal of Identity Center's Regions and keys."""

from sandbox.aws.accounts.surroundings import Surroundings
from sandbox.aws.identity_center import ssoadmin_regions

from .register import refuses

_NO_INSTANCE = "arn:aws:sso:::instance/ssoins-0000000000000000"


def _ready_for(around: Surroundings, *regions: str) -> None:
    around.with_one_region()
    around.ready_for(*regions)


def _add(around: Surroundings, region: str = "eu-west-1") -> object:
    return around.sso.add_region(InstanceArn=around.instance, RegionName=region)


@refuses("instance-of-regions-unknown")
def _(around: Surroundings) -> object:
    return around.sso.list_regions(InstanceArn=_NO_INSTANCE)


@refuses("region-not-found")
def _(around: Surroundings) -> object:
    return around.sso.remove_region(InstanceArn=around.instance, RegionName="sa-east-1")


@refuses("region-added")
def _(around: Surroundings) -> object:
    return _add(around, "us-east-1")


@refuses("region-workflow")
def _(around: Surroundings) -> object:
    _ready_for(around, "eu-west-1", "eu-west-2")
    _add(around)
    return _add(around, "eu-west-2")


@refuses("regions-quota")
def _(around: Surroundings) -> object:
    more = ("eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "eu-central-1", "us-west-2")
    assert len(more) == ssoadmin_regions.REGIONS
    _ready_for(around, *more)
    for region in more[:-1]:
        around.add_region(region)
    return _add(around, more[-1])


@refuses("region-is-primary")
def _(around: Surroundings) -> object:
    return around.sso.remove_region(InstanceArn=around.instance, RegionName="us-east-1")


@refuses("region-not-by-default")
def _(around: Surroundings) -> object:
    _ready_for(around, "af-south-1")
    return _add(around, "af-south-1")


@refuses("region-identity-source")
def _(around: Surroundings) -> object:
    _ready_for(around, "eu-west-1")
    around.sign_in_at("active-directory")
    return _add(around)


@refuses("region-key")
def _(around: Surroundings) -> object:
    _ready_for(around, "eu-west-1")
    around.encrypt(None)
    return _add(around)


@refuses("region-replica-key")
def _(around: Surroundings) -> object:
    _ready_for(around, "eu-west-2")
    return _add(around)


@refuses("encryption-choice")
def _(around: Surroundings) -> object:
    configuration = {"KeyType": "CUSTOMER_MANAGED_KEY"}
    return around.sso.update_instance(InstanceArn=around.instance, EncryptionConfiguration=configuration)


@refuses("kms-key-not-found")
def _(around: Surroundings) -> object:
    key = "arn:aws:kms:us-east-1:123456789012:key/mrk-00000000000000000000000000000000"
    configuration = {"KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": key}
    return around.sso.update_instance(InstanceArn=around.instance, EncryptionConfiguration=configuration)
