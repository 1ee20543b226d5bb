"""A question to AWS that got no usable answer."""

import pulumi


class RefusedLookupError(pulumi.RunError):
    """AWS did not say what the program has to know. As a RunError it ends a program without a traceback."""

    def __init__(self, problem: str, remedy: str) -> None:
        """Say what went wrong, and what to do about it."""
        super().__init__(f"{problem}; {remedy}")
        self.problem = problem
        self.remedy = remedy
