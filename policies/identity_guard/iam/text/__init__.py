"""Texts and truth: wildcards, condition operators, three-valued answers."""
