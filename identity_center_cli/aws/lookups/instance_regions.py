"""The Regions of an instance and what AWS asks for before it adds one, as AWS says now.

What encrypts the instance is in DescribeInstance; which Regions have its key, in KMS's DescribeKey; who may
use the key, in GetKeyPolicy, which answers the key's own account alone.
"""

import json
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
        regions = unseen.ask("kms:DescribeKey", lambda: _key_regions(settings, arn))
        copied = [region for region in new if region in (regions or ())]
        others = unseen.ask("kms:GetKeyPolicy", lambda: _other_policies(settings, arn, copied))
        found = replace(found, key_regions=regions, other_key_policies=others or ())
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
    key = _kms(settings, _region_of(arn)).describe_key(KeyId=arn)
    configured = part(key, "KeyMetadata").get("MultiRegionConfiguration", {})
    keys = [configured.get("PrimaryKey", {}), *configured.get("ReplicaKeys", ())]
    return frozenset(each["Region"] for each in keys if "Region" in each)


def _other_policies(settings: AwsSettings, arn: str, regions: Sequence[str]) -> tuple[str, ...]:
    """Return the Regions in which the key's policy says something else than where the instance uses it.

    Each policy may name its own Region, in the ARN of its key or in the name of a service.
    """
    own = _region_of(arn)
    said = _policy(settings, arn, own) if regions else ""
    return tuple(region for region in regions if _policy(settings, arn, region) != said)


def _policy(settings: AwsSettings, arn: str, region: str) -> str:
    """Return a policy of the key, in one form whatever its spaces and Region."""
    replica = arn.replace(f":{_region_of(arn)}:", f":{region}:", 1)
    text = _kms(settings, region).get_key_policy(KeyId=replica, PolicyName="default")["Policy"]
    return json.dumps(json.loads(text), sort_keys=True).replace(region, "REGION")


def _region_of(arn: str) -> str:
    return arn.split(":")[3]


def _kms(settings: AwsSettings, region: str) -> Any:  # noqa: ANN401 - boto3 makes its classes
    return session_with(settings).client(
        "kms", region_name=region, endpoint_url=settings.endpoints.get("kms"), config=ADAPTIVE
    )
