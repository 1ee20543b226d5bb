"""The organisation, its accounts and their root users."""
