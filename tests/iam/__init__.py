"""The meaning of IAM documents."""
