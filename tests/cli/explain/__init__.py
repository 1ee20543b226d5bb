"""`identity-center explain`: why somebody may or may not."""
