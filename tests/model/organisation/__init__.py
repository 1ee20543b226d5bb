"""Accounts and units, and what a target selects."""
