"""A stack as the commands read it, without an engine: a written model, what it plans, what was recorded."""
