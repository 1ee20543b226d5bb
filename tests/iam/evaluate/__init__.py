"""Layers, states of a call, resources, and one decision."""
