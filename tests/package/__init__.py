"""The wheel, installed somewhere else, and the release."""
