"""What is in a Pulumi stack: properties, documents, identities, and how they belong together."""
