"""A question to AWS that got no usable answer."""

import pulumi

from identity_center.model.mistakes import UnansweredError


class RefusedLookupError(UnansweredError, pulumi.RunError):
    """AWS did not say what the program has to know. As a RunError it ends a program without a traceback."""
