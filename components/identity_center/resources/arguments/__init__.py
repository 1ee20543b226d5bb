"""What components take: the types of their arguments, and the checks before anything is registered."""
