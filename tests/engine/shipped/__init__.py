"""What a user installs: the package, the pack alone, components by name, pipelines."""
