"""The command `identity-center`, offline."""
