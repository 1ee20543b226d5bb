"""The sandbox's own commands and processes."""
