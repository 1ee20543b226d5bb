"""What the Pulumi program at the root of the project is made of: configuration, preflight, outputs."""
