"""Access as a whole: what the documents of a stack grant together."""
