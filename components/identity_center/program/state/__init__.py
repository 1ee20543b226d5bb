"""What the engine knows of the stack when a run begins: what the last update kept, what a refresh found."""
