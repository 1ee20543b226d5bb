"""The sandbox's AWS."""
