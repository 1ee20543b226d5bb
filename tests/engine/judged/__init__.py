"""What the pack and the command say of a stack in the engine."""
