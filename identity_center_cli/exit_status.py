"""The exit statuses of every verb."""

from typing import Final

AS_IT_SHOULD_BE: Final = 0
NOT_AS_IT_SHOULD_BE: Final = 1
COULD_NOT_READ: Final = 2
