"""All examples."""

from typing import Final

from . import of_iam, of_identity_center, of_organizations
from .world import Example

EXAMPLES: Final[dict[str, Example]] = {
    **of_identity_center.EXAMPLES,
    **of_iam.EXAMPLES,
    **of_organizations.EXAMPLES,
}
TOKENS: Final = sorted(EXAMPLES)
