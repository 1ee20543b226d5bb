"""Resources as plain data: what a model, or one component, comes to, known without an engine."""
