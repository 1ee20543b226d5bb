"""Wildcards, operators and three truth values."""
