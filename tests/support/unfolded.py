"""Messages of the pack in one line each, for tests that look for a part of one in what the engine prints."""

from typing import Final

from identity_guard.pack.folding import COLUMNS

UNFOLDED: Final = {COLUMNS: "100000"}
