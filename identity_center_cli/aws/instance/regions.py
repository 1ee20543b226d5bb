"""The Regions in which an instance is enabled."""

from identity_center.model.existing.objects import Region
from identity_center.model.existing.parts import Part
from identity_center_cli.aws.instance.asking import Asking
from identity_center_cli.aws.instance.permission_sets import SSO


def read_regions(asking: Asking, instance_arn: str) -> tuple[Region, ...]:
    """Read all of them, the primary one and those that come and go included."""
    rows = asking.rows((Part.REGIONS, ""), SSO, "list_regions", "Regions", InstanceArn=instance_arn)
    found = (
        Region(
            name=row["RegionName"], status=row["Status"], is_primary=bool(row.get("IsPrimaryRegion", False))
        )
        for row in rows or ()
    )
    return tuple(sorted(found, key=lambda each: (not each.is_primary, each.name)))
