"""What is wrong with one value of the model, and what to write instead."""


class WrongValueError(ValueError):
    """A value that a rule of the model refuses: `problem; remedy`, both lower case and without a full stop.

    Neither quotes what may be a person's. As a ValueError it is a finding of pydantic's where pydantic reads.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        """Say what is wrong, and what to write or do instead."""
        super().__init__(f"{problem}; {remedy}")
        self.problem = problem
        self.remedy = remedy
