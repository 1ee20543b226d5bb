"""What exists becomes a model as a person would write it, and an import file for what it plans."""
