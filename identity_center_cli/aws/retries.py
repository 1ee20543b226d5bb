"""What a client does when AWS asks it to go slower."""

from typing import Final

from botocore.config import Config

#: IAM and STS publish no rates; where it is too much they answer `Throttling`, and the client tries again.
PATIENT: Final = Config(retries={"mode": "standard", "max_attempts": 6}, max_pool_connections=32)
#: For what a whole organisation shares, such as the 20 requests a second of sso-admin: this mode also lowers
#: the client's own rate. Source: AWS IAM Identity Center User Guide, "AWS IAM Identity Center quotas".
ADAPTIVE: Final = Config(retries={"mode": "adaptive", "max_attempts": 10})
