"""Hostile documents."""
