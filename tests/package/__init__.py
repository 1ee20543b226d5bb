"""The package as somebody else installs it."""
