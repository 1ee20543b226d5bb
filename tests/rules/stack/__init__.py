"""What is in a stack: which text an attachment means, and what nobody knows yet."""
