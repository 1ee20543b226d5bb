"""Where things stand that are in no file."""

from typing import Any


class NoPlaces:
    """A stack whose own configuration is in no file."""

    def position(self, path: Any, *, at_key: bool) -> None:  # noqa: ANN401  # as the protocol has it
        """Know none."""
