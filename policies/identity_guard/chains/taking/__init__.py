"""What an identity takes: by its documents, tags, workloads and groups, by what it makes and takes off."""
