"""Judge rules in one process, without an engine or a program: docs/testing-your-rules.md."""

from identity_guard.stack.phase import Phase

from .in_process_engine import UNKNOWN, InProcessEngine, Made, Told

__all__ = ["UNKNOWN", "InProcessEngine", "Made", "Phase", "Told"]
