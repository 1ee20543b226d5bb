"""Components and the program, without an engine."""
