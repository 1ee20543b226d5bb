"""Stacks that older versions made."""
