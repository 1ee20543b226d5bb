"""Tests of the chains between identities."""
