"""Somebody at a terminal who answers."""

import io


class Terminal(io.StringIO):
    """What somebody types, for a command that asks only where it reads from a terminal."""

    def isatty(self) -> bool:
        """Say that somebody is there."""
        return True
