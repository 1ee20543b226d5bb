"""The organisation's accounts and units, and which of them a target selects."""
