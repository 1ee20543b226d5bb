"""The Regions of an instance and what AWS asks for before it adds one, as AWS says now.

What encrypts the instance is in DescribeInstance; which Regions have its key, in KMS's DescribeKey.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from identity_center.model.language.settings import AwsSettings
from identity_center.model.plan.region_checks import Encryption, InstanceRegions
from identity_center_cli.aws.answers import Unseen, part
from identity_center_cli.aws.retries import ADAPTIVE
from identity_center_cli.aws.sessions import session_with


def read_instance_regions(settings: AwsSettings, instance_arn: str, new: Sequence[str]) -> InstanceRegions:
    """Read what is to be known before Regions are added or removed; KMS is asked where some are `new`.

    What AWS does not say is in `unseen`.
    """
    unseen = Unseen()
    told = unseen.ask("sso:DescribeInstance", lambda: _described(settings, instance_arn))
    if told is None:
        return InstanceRegions(unseen=tuple(unseen.reasons))
    found = _understood(told)
    if new and found.encryption is None:
        unseen.reasons.append("sso:DescribeInstance says nothing of a KMS key")
    elif new and found.encryption and found.encryption.is_multi_region:
        arn = found.encryption.key_arn
        found = replace(found, key_regions=unseen.ask("kms:DescribeKey", lambda: _key_regions(settings, arn)))
    return replace(found, unseen=tuple(unseen.reasons))


def _understood(told: dict[str, Any]) -> InstanceRegions:
    details = told.get("EncryptionConfigurationDetails")
    encryption = details and Encryption(details.get("KmsKeyArn", ""), details.get("EncryptionStatus", ""))
    return InstanceRegions(
        primary=told.get("PrimaryRegion", ""),
        owner_account_id=told.get("OwnerAccountId", ""),
        statuses={each["RegionName"]: each["Status"] for each in told.get("Regions", ())},
        encryption=encryption or None,
    )


def _described(settings: AwsSettings, instance_arn: str) -> dict[str, Any]:
    client: Any = session_with(settings).client(
        "sso-admin", endpoint_url=settings.endpoints.get("ssoadmin"), config=ADAPTIVE
    )
    told: dict[str, Any] = client.describe_instance(InstanceArn=instance_arn)
    return told


def _key_regions(settings: AwsSettings, arn: str) -> frozenset[str]:
    """Return the Regions of a multi-Region key. Source: KMS API reference, MultiRegionConfiguration."""
    client: Any = session_with(settings).client(
        "kms",
        region_name=arn.split(":")[3],
        endpoint_url=settings.endpoints.get("kms"),
        config=ADAPTIVE,
    )
    key = client.describe_key(KeyId=arn)
    configured = part(key, "KeyMetadata").get("MultiRegionConfiguration", {})
    keys = [configured.get("PrimaryKey", {}), *configured.get("ReplicaKeys", ())]
    return frozenset(each["Region"] for each in keys if "Region" in each)
