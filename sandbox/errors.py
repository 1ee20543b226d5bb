"""What can go wrong with the sandbox, said once and without a traceback."""


class SandboxError(Exception):
    """The sandbox cannot do what was asked; the text says why and what to do."""
