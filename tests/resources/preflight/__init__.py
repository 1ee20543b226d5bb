"""What a run finds out before its first resource, about accounts, policies and roles."""
