"""Regions as policies speak of them: by partition, and where the global services are."""

from typing import Final

from . import partitions

REGIONS: Final = {each.name: each.regions for each in partitions.PARTITIONS}
"""Of each partition, the Region that its global services count as comes first."""

PARTITIONS: Final = {name: partition for partition, names in REGIONS.items() for name in names}
"""The partition of each Region."""

GLOBAL_REGIONS: Final = frozenset(names[0] for names in REGIONS.values())

GLOBAL_SERVICES: Final = ("account", "iam", "organizations")
"""Services that control access and have one endpoint for a whole partition.

Source: AWS General Reference, service endpoints.
"""
