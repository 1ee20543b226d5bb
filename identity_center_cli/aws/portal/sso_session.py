"""Where people sign in, as the AWS configuration's sso-sessions say it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SsoSession:
    """Where people sign in."""

    name: str
    """As the AWS configuration calls it, and the file of the token."""
    start_url: str
    region: str
    """The Region of the instance."""
