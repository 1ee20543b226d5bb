"""The Regions of an instance, and the KMS key without which there is only one.

What AWS asks of an instance: IAM Identity Center user guide, "Using IAM Identity Center across multiple AWS
Regions" (prerequisites) and "Replicate IAM Identity Center to an additional Region". With which words it
refuses was not seen. That an additional Region answers reading calls itself is left out: here an instance is
seen from its primary Region only.
"""

from typing import Any

from identity_guard.iam.catalogue.partitions import partition_of_region
from sandbox.aws.identity_center.ssoadmin_region_state import EXTERNAL, Encryption, Region
from sandbox.aws.identity_center.ssoadmin_state import Instance
from sandbox.aws.kms import KEY_ARN, has_key
from sandbox.aws.modelled import now, page
from sandbox.aws.refusals.table import refuse
from sandbox.pace import current

# The user guide's quotas: Regions for each instance, the primary one included.
REGIONS = 6


class RegionOperations:
    """The operations on Regions; ``instance`` comes from the backend."""

    instances: dict[str, Instance]

    def instance(self, arn: str) -> Instance:
        """Return the instance of this ARN."""
        raise NotImplementedError

    def add_region(self, asked: dict[str, Any]) -> dict[str, Any]:
        """AddRegion: begins a workflow."""
        instance, name = self._permitted(asked), asked["RegionName"]
        if name in {each.name for each in instance.regions.all()}:
            refuse("region-added", region=name)
        _refuse_while_busy(instance)
        if len(instance.regions.all()) >= REGIONS:
            refuse("regions-quota", limit=REGIONS, id=instance.id)
        _refuse_without_needs(instance, name)
        return {"Status": instance.regions.add(name).status}

    def remove_region(self, asked: dict[str, Any]) -> dict[str, Any]:
        """RemoveRegion: begins a workflow, at whose end the Region is no longer listed."""
        instance = self.instance(asked["InstanceArn"])
        region = _named(instance, asked["RegionName"])
        if region.is_primary:
            refuse("region-is-primary", region=region.name)
        _refuse_while_busy(instance)
        instance.regions.remove(region)
        return {"Status": region.status}

    def describe_region(self, asked: dict[str, Any]) -> dict[str, Any]:
        """DescribeRegion."""
        return _named(self.instance(asked["InstanceArn"]), asked["RegionName"]).described()

    def list_regions(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListRegions: those that are being added or removed, too."""
        return page(asked, "Regions", [each.described() for each in self._permitted(asked).regions.all()])

    def _permitted(self, asked: dict[str, Any]) -> Instance:
        """Return the instance for an operation whose model has no ResourceNotFoundException."""
        if asked["InstanceArn"] not in self.instances:
            refuse("instance-of-regions-unknown", arn=asked["InstanceArn"])
        return self.instance(asked["InstanceArn"])


def encrypt(instance: Instance, configuration: dict[str, Any]) -> None:
    """Take the KMS key of UpdateInstance."""
    arn = configuration.get("KmsKeyArn", "")
    if (configuration["KeyType"] == "CUSTOMER_MANAGED_KEY") != bool(arn):
        refuse("encryption-choice")
    if arn and not has_key(arn):
        refuse("kms-key-not-found", arn=arn)
    pace = current()
    instance.encryption = Encryption(arn, due_at=now() + pace.here(pace.request))


def _named(instance: Instance, name: str) -> Region:
    for region in instance.regions.all():
        if region.name == name:
            return region
    return refuse("region-not-found", region=name)


def _refuse_while_busy(instance: Instance) -> None:
    busy = instance.regions.under_way()
    if busy is not None:
        refuse("region-workflow", region=busy.name, status=busy.status)


def _refuse_without_needs(instance: Instance, name: str) -> None:
    """Refuse a Region that this instance cannot have."""
    if name not in partition_of_region(instance.region).identity_center_regions:
        refuse("region-not-by-default", region=name)
    if instance.regions.identity_source != EXTERNAL:
        refuse("region-identity-source")
    key = KEY_ARN.fullmatch(instance.encryption.key_arn)
    if key is None or not key["id"].startswith("mrk-"):
        refuse("region-key")
    if not has_key(instance.encryption.key_arn.replace(f":{key['region']}:", f":{name}:")):
        refuse("region-replica-key", region=name)
