"""The Pulumi CLI of the sandbox: the one on PATH, or one built from its Go modules."""
