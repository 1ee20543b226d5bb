"""What exists is imported and changed by nothing."""
