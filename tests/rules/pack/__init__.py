"""The rules as the engine runs them: names, levels, configuration, messages, exceptions."""
