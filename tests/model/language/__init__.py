"""What one may write."""
