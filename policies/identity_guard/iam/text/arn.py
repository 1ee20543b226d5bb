"""The parts of an ARN: `arn:partition:service:region:account:resource`.

Source: AWS General Reference, "Amazon Resource Names": the last part may have colons of its own.
"""

from typing import Final

ARN_PARTS: Final = 6
"""How many parts there are where the last is left whole."""
SERVICE_PART: Final = 2
"""The place of the service among the parts, counted from 0."""
REGION_PART: Final = 3
ACCOUNT_PART: Final = 4
ACCOUNT_DIGITS: Final = 12
AWS_ACCOUNT: Final = "aws"
"""What stands for the account in ARNs of what AWS has itself."""
