"""Labelled documents, and the verdict on each."""
