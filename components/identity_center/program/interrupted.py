"""What an update that was killed left: the run ends before anything is made, and says what to do."""

from typing import Final

#: Set by `identity-center recover`, which asks a preview what the program wants. An update heeds it not.
RECOVERING: Final = "IDENTITY_CENTER_RECOVERING"
