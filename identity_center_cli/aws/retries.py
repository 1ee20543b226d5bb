"""What a client does when AWS asks it to go slower."""

from typing import Final

from botocore.config import Config

#: IAM and STS publish no rates; where it is too much they answer `Throttling`, and the client tries again.
PATIENT: Final = Config(retries={"mode": "standard", "max_attempts": 6}, max_pool_connections=32)
