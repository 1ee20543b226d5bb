"""What AWS refuses, and in which words."""
