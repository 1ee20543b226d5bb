"""What a row of the table of refusals says."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Refusal:
    """One way in which a service refuses a request."""

    service: str
    """botocore's name of the service."""
    operations: tuple[str, ...]
    """The operations that refuse so; not always all of them."""
    when: str
    code: str
    message: str
    """With the names of values in braces."""
    source: str
    details: Mapping[str, str] = field(default_factory=dict)
    """Further members of the error's shape."""
