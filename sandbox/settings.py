"""What the sandbox fixes, so that the same program does the same there on any day."""

from typing import Final

#: The organisation's home region, where the one Identity Center instance is.
REGION: Final = "us-east-1"

#: The sandbox's calendar. Programs and packs that judge dates take the day from IDENTITY_CENTER_TODAY.
TODAY: Final = "2026-11-23"

#: Protects the secrets in the sandbox's own stacks; there is nothing in them to protect.
PASSPHRASE: Final = "sandbox"  # noqa: S105  # not a secret: it protects nothing

#: Credentials that no AWS account has. The API does not check them.
ACCESS_KEY_ID: Final = "sandbox"
SECRET_ACCESS_KEY: Final = "sandbox"  # noqa: S105  # not a secret: it opens nothing
