"""What the account access manager holds for one instance of Identity Center."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox.aws.modelled import now

# How long making and deleting an application takes, seconds; on AWS it is minutes at most.
APPLICATION_SECONDS = 0.1


def moment(seconds: float) -> str:
    """Write a time as the service does (its model says iso8601)."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Entitlement:
    """One principal that may assume one role."""

    principal: dict[str, str]
    """``userId`` or ``groupId``."""
    role: str
    account_name: str | None
    id: str = field(default_factory=lambda: f"ent-{secrets.token_hex(8)}")
    created: float = field(default_factory=now)

    @property
    def account(self) -> str:
        """Return the account of the role."""
        return self.role.split(":")[4]

    def described(self) -> dict[str, Any]:
        """Return what a list shows of it."""
        role = {
            "principal": {"identityCenter": self.principal},
            "roleArn": self.role,
            "account": self.account,
            "accountName": self.account_name,
        }
        return {
            "entitlementId": self.id,
            "entitlement": {"principalRole": role},
            "createdAt": moment(self.created),
        }


@dataclass
class AccountAccess:
    """The one application that an instance may have."""

    arn: str
    instance: str
    application: str
    """The ARN of its application in Identity Center."""
    tags: dict[str, str]
    asked_tags: dict[str, str]
    """The tags of the request that made it: the same request again gives the same application."""
    tenant: str = field(default_factory=lambda: secrets.token_hex(8))
    created: float = field(default_factory=now)
    deleted: float | None = None
    entitlements: dict[str, Entitlement] = field(default_factory=dict)

    @property
    def gone(self) -> bool:
        """Say whether its deletion is done."""
        return self.deleted is not None and now() >= self.deleted + APPLICATION_SECONDS

    @property
    def status(self) -> str:
        """Return its status at this moment."""
        if self.deleted is not None:
            return "DELETE_IN_PROGRESS"
        return "ACTIVE" if now() >= self.created + APPLICATION_SECONDS else "CREATE_IN_PROGRESS"

    def delete(self) -> None:
        """Start its deletion, which takes its entitlements with it."""
        self.deleted = now()
        self.entitlements.clear()

    def row(self) -> dict[str, Any]:
        """Return what a list shows of it."""
        times = {"createdAt": moment(self.created), "updatedAt": moment(self.created)}
        return {"applicationArn": self.arn, "tenantId": self.tenant, **times}

    def described(self) -> dict[str, Any]:
        """Return what GetApplication shows of it."""
        source = {"identityCenter": {"instanceArn": self.instance, "applicationArn": self.application}}
        row = self.row()
        del row["applicationArn"]
        return {**row, "identitySource": source, "status": self.status, "tags": self.tags}
