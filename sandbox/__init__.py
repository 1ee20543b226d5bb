"""AWS on this machine: an API server, a stand-in aws provider and the Pulumi engine, all on loopback."""
