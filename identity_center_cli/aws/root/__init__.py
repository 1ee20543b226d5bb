"""Root users of accounts: how they stand, read and kept, and how their credentials are removed."""
