"""Mistakes between the keys of an entry that has another mistake as well: pydantic stops at the first kind.

Without this, an entry with a misspelt day and with neither group nor user would be told in two runs.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from .errors import KeyPath, Mistake
from .fields import Entry
from .shape_mistakes import refused_value, type_at
from .wrong_value import WrongValueError


def mistakes_between_keys(raw: Mapping[str, Any], findings: Sequence[ErrorDetails]) -> Iterator[Mistake]:
    """Check what is sound of each entry in which pydantic found something, and tell nothing twice."""
    wrong: dict[KeyPath, set[str]] = {}
    for finding in findings:
        for path, key in _entries_around(finding["loc"]):
            wrong.setdefault(path, set()).add(key)
    # Which key a misspelt one stands for is not known for sure, so nothing more is said of its entry.
    unclear = {finding["loc"][:-1] for finding in findings if finding["type"] == "extra_forbidden"}
    told = {(f["loc"], refused.problem) for f in findings if (refused := refused_value(f)) is not None}
    for path, keys in wrong.items():
        given = _at(raw, path)
        if path and path not in unclear and isinstance(given, dict):
            for problem, remedy in _broken_checks(type_at(path), given, keys):
                if (path, problem) not in told:
                    yield Mistake(path, problem, remedy, at_key=True)


def _entries_around(location: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Yield each entry around a place, with its key on the way there: empty where it is itself the place."""
    for depth in range(len(location) + 1):
        path = location[:depth]
        kind = type_at(path)
        if isinstance(kind, type) and issubclass(kind, Entry):
            yield path, str(location[depth]) if depth < len(location) else ""


def _at(raw: Any, path: KeyPath) -> Any:  # noqa: ANN401  # of the configuration
    for part in path:
        raw = raw[part]
    return raw


def _broken_checks(
    entry: type[Entry], given: Mapping[str, Any], wrong: Iterable[str]
) -> Iterator[tuple[str, str]]:
    sound = _sound_part(entry, given, frozenset(wrong))
    for check in _checks(entry):
        try:
            check(sound)
        except WrongValueError as error:
            yield error.problem, error.remedy
        except AttributeError:
            # It needs a key that is wrong or missing: that one is told, and what follows from it is not.
            continue


def _sound_part(entry: type[Entry], given: Mapping[str, Any], wrong: frozenset[str]) -> Entry:
    """Make an entry of what is right of it. To read another key raises AttributeError."""
    values: dict[str, Any] = {}
    for name, field in entry.model_fields.items():
        alias = field.alias or name
        if alias in given and alias not in wrong:
            try:
                values[name] = _reader(entry, name).validate_python(given[alias])
            except ValidationError:  # pydantic did not come so far as to say so
                wrong |= {alias}
    made = entry.model_construct(**values)
    for name, field in entry.model_fields.items():
        if (field.alias or name) in wrong:
            made.__dict__.pop(name, None)
    return made


@cache
def _reader(entry: type[Entry], name: str) -> TypeAdapter[Any]:
    field = entry.model_fields[name]
    kind: Any = field.annotation
    for extra in field.metadata:
        kind = Annotated[kind, extra]
    return TypeAdapter(kind)


def _checks(entry: type[Entry]) -> list[Callable[[Entry], object]]:
    """Return the entry's own checks between keys, and those that it inherits."""
    validators = entry.__pydantic_decorators__.model_validators.values()
    return [each.func for each in validators if each.info.mode == "after"]
