"""A policy document, parsed: statements, principals, conditions."""
