"""What the command reads beside stacks and models."""
