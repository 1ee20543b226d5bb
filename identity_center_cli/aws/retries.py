"""What a client does when AWS asks it to go slower."""

from collections.abc import Callable
from typing import Any, Final

from botocore.config import Config
from botocore.retries.standard import RetryEventAdapter, ThrottlingErrorDetector

#: IAM and STS publish no rates; where it is too much they answer `Throttling`, and the client tries again.
PATIENT: Final = Config(retries={"mode": "standard", "max_attempts": 6}, max_pool_connections=32)
#: For what a whole organisation shares, such as the 20 requests a second of sso-admin: this mode also lowers
#: the client's own rate. Source: AWS IAM Identity Center User Guide, "AWS IAM Identity Center quotas".
ADAPTIVE: Final = Config(retries={"mode": "adaptive", "max_attempts": 10})
#: Two refusals of a request are over in a second or two, and nobody has to hear of them.
_TOLD_FROM: Final = 3


def tell_waiting(client: Any, on_wait: Callable[[], None]) -> None:  # noqa: ANN401 - boto3 makes its classes
    """Call `on_wait` whenever AWS goes on to ask a client for fewer requests, which it then waits for."""
    detector = ThrottlingErrorDetector(RetryEventAdapter())

    def heard(attempts: int, **more: Any) -> None:  # noqa: ANN401 - what botocore hands over
        if attempts >= _TOLD_FROM and detector.is_throttling_error(attempts=attempts, **more):
            on_wait()

    client.meta.events.register("needs-retry", heard)
