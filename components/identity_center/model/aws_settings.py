"""With whose credentials, and where, AWS is asked beside the Pulumi provider."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class AwsSettings:
    """What the Pulumi AWS provider is told of credentials; boto3's own rules hold for the rest."""

    profile: str | None = None
    """Profile of the AWS configuration files (`aws:profile`)."""
    region: str | None = None
    """Region (`aws:region`). Of Organizations, which is global, it tells the partition."""
    access_key: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    endpoints: Mapping[str, str] = field(default_factory=dict)
    """Addresses of services (`aws:endpoints`), where they are not AWS's own."""
