"""What AWS decides inside an object that the program gives: unknown in a preview, no change afterwards."""

from collections.abc import Mapping
from typing import Any

from sandbox.provider.rows.schema import Kind, Property
from sandbox.provider.rows.values import UNKNOWN, Secret, Value


def completed(given: Property, value: Value, shown: Any) -> Value:  # noqa: ANN401 - any value of a property
    """Return the program's ``value`` with what AWS decided in it, from ``shown`` (``UNKNOWN``: not yet)."""
    if isinstance(value, Secret):
        return Secret(completed(given, value.value, shown))
    if given.kind is not Kind.OBJECT or not isinstance(value, Mapping):
        return value
    out = dict(value)
    for name, inner in given.fields.items():
        here = _below(shown, name)
        if value.get(name) is not None:
            out[name] = completed(inner, value[name], here)
        elif inner.computed and here is not None:
            out[name] = here
    return out


def without_silent(given: Property, value: Value, prior: Any) -> Value:  # noqa: ANN401 - any value of a property
    """Leave out what AWS decided in an object where the program, in ``prior``, says nothing of it."""
    if isinstance(value, Secret):
        return Secret(without_silent(given, value.value, prior))
    if given.kind is not Kind.OBJECT or not isinstance(value, Mapping) or not isinstance(prior, Mapping):
        return value
    return {
        name: without_silent(given.fields[name], item, prior.get(name))
        for name, item in value.items()
        if name in given.fields and not (given.fields[name].computed and prior.get(name) is None)
    }


def _below(shown: Any, name: str) -> Any:  # noqa: ANN401 - any value of a property
    if shown is UNKNOWN:
        return UNKNOWN
    return shown.get(name) if isinstance(shown, Mapping) else None
