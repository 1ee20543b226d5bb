"""The real Pulumi engine in the sandbox."""
