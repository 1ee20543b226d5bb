"""The policy pack as the engine runs it: its rules, their configuration and their registration."""
