"""A choice of several words, where a value is read without pydantic."""

from collections.abc import Callable
from enum import Enum
from typing import TypeVar

from .wrong_value import WrongValueError

Choice = TypeVar("Choice", bound=Enum)


def choice_of(choices: type[Choice]) -> Callable[[object], Choice]:
    """Return what reads a choice, or its word. It raises WrongValueError for anything else."""

    def read(value: object) -> Choice:
        try:
            return choices(value)
        except ValueError:
            words = ", ".join(f"`{each.value}`" for each in choices)
            raise WrongValueError("is not one of the choices", f"write one of {words}") from None

    return read
