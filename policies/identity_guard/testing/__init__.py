"""Judge rules in one process, without an engine or a program: docs/testing-your-rules.md."""
