"""What changes for people when a model changes, and what stays."""
