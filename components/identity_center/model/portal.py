"""The address of the access portal, where people sign in."""

from collections.abc import Mapping

#: By partition, where the portal of an identity store is. No API returns it.
#: Sources: AWS sign-in user guide, "AWS access portal" (aws); GovCloud user guide, "IAM Identity Center"
#: (aws-us-gov); user guide of the China Regions, "IAM Identity Center" (aws-cn).
_ADDRESSES: Mapping[str, str] = {
    "aws": "https://{identity_store_id}.awsapps.com/start",
    "aws-us-gov": "https://start.us-gov-home.awsapps.com/directory/{identity_store_id}",
    "aws-cn": "https://start.home.awsapps.cn/directory/{identity_store_id}",
}


def portal_url(identity_store_id: str, partition: str, configured: str | None = None) -> str | None:
    """Return the portal's address: the configured one, else the one that follows from the identity store.

    None in a partition whose address is not known: then it has to be configured.
    """
    if configured is not None:
        return configured
    address = _ADDRESSES.get(partition)
    return None if address is None else address.format(identity_store_id=identity_store_id)


def partition_of(arn: str) -> str:
    """Return the partition of an ARN, such as aws, aws-us-gov or aws-cn."""
    return arn.split(":")[1]
