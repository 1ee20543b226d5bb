"""What is a document, and what is said about a text that is none."""
