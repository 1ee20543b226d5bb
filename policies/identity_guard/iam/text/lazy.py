"""A value that is worked out when it is first asked for, and kept."""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

Value = TypeVar("Value")


class lazy(Generic[Value]):  # noqa: N801 - a decorator, named as `property` is
    """What `functools.cached_property` is from Python 3.12 on: without its lock, in half the time.

    Two threads may both work a value out; it comes out the same, and one of the two is kept.
    """

    def __init__(self, work_out: Callable[[Any], Value]) -> None:
        self.work_out = work_out
        self.__doc__ = work_out.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        """Remember under which name it is kept."""
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...

    def __get__(self, instance: object | None, owner: type) -> Self | Value:
        """Work the value out; from then on it is found on the instance, and this is not asked."""
        if instance is None:
            return self
        found: Value = self.work_out(instance)
        instance.__dict__[self.name] = found
        return found
