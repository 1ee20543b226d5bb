"""What differs between AWS's partitions: where to look for an instance, and where people sign in."""

from collections.abc import Iterable

from .partition_table import ARN_PARTITION, PARTITIONS, Partition, partition_named, partition_of_region

__all__ = [
    "ARN_PARTITION",
    "PARTITIONS",
    "Partition",
    "other_regions",
    "partition_of",
    "partition_of_region",
    "portal_url",
    "regional_portal_urls",
]


def other_regions(region: str) -> tuple[str, ...]:
    """Return the other Regions of a partition in which an instance may be, for one that is not in `region`.

    An instance in a Region that has to be opted in to is not found this way.
    """
    return tuple(other for other in partition_of_region(region).identity_center_regions if other != region)


def portal_url(identity_store_id: str, partition: str, configured: str | None = None) -> str | None:
    """Return the access portal's address: the configured one, else the one of the identity store.

    None in a partition whose address is not known: then it has to be configured.
    """
    if configured is not None:
        return configured
    known = partition_named(partition)
    address = known.portal_url if known else None
    return None if address is None else address.format(identity_store_id=identity_store_id)


def regional_portal_urls(instance_arn: str, regions: Iterable[str]) -> dict[str, str]:
    """Return the access portal's address in each additional Region, where AWS documents it.

    >>> regional_portal_urls("arn:aws:sso:::instance/ssoins-1234567890abcdef", ["eu-west-1"])
    {'eu-west-1': 'https://ssoins-1234567890abcdef.eu-west-1.portal.amazonaws.com'}
    """
    known = partition_named(partition_of(instance_arn))
    address = known.regional_portal_url if known else None
    if address is None:
        return {}
    instance_id = instance_arn.rpartition("/")[2]
    return {region: address.format(instance_id=instance_id, region=region) for region in regions}


def partition_of(arn: str) -> str:
    """Return the partition of an ARN, such as aws, aws-us-gov or aws-cn."""
    return arn.split(":")[1]
