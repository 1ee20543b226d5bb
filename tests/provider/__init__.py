"""The sandbox's stand-in for the aws provider."""
