"""What an instance knows of its Regions: the primary one, those added to it, and the key that all share."""

from dataclasses import dataclass, field
from typing import Any, Final

from sandbox.aws.modelled import now
from sandbox.pace import current

#: Where people sign in; AWS tells it by no API, so a door of the sandbox sets it.
EXTERNAL: Final = "external"
DIRECTORY: Final = "identity-center"


@dataclass
class Region:
    """One enabled Region of an instance."""

    name: str
    status: str = "ACTIVE"
    is_primary: bool = False
    added: float = field(default_factory=now)
    due_at: float = 0.0
    """When the workflow that is under way ends."""

    def described(self) -> dict[str, Any]:
        """Return the shape RegionMetadata of the API."""
        return {
            "RegionName": self.name,
            "Status": self.status,
            "AddedDate": self.added,
            "IsPrimaryRegion": self.is_primary,
        }


@dataclass
class Encryption:
    """The KMS key of an instance; AWS's own where none is named."""

    key_arn: str = ""
    due_at: float = 0.0

    def described(self) -> dict[str, Any]:
        """Return the shape EncryptionConfigurationDetails of the API."""
        return {
            "KeyType": "CUSTOMER_MANAGED_KEY" if self.key_arn else "AWS_OWNED_KMS_KEY",
            "KmsKeyArn": self.key_arn or None,
            "EncryptionStatus": "UPDATING" if now() < self.due_at else "ENABLED",
        }


@dataclass
class Regions:
    """The enabled Regions of an instance: one workflow at a time adds one or removes one."""

    primary: Region
    additional: dict[str, Region] = field(default_factory=dict)
    identity_source: str = DIRECTORY

    def all(self) -> list[Region]:
        """Return them, the primary one first."""
        return [self.primary, *self.additional.values()]

    def settle(self) -> None:
        """End the workflow that is due. Called before each operation, as requests are."""
        for region in [each for each in self.additional.values() if each.status != "ACTIVE"]:
            if now() < region.due_at:
                continue
            if region.status == "REMOVING":
                del self.additional[region.name]
            else:
                region.status = "ACTIVE"

    def under_way(self) -> Region | None:
        """Return the Region that is being added or removed."""
        return next((each for each in self.additional.values() if each.status != "ACTIVE"), None)

    def add(self, name: str) -> Region:
        """Begin to add a Region."""
        region = Region(name, "ADDING", due_at=_due())
        self.additional[name] = region
        return region

    def remove(self, region: Region) -> None:
        """Begin to remove one."""
        region.status, region.due_at = "REMOVING", _due()


def _due() -> float:
    pace = current()
    return now() + pace.here(pace.replication)
