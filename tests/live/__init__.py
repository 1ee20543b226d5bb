"""What the command reads from AWS."""
