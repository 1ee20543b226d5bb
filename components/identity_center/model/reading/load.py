"""From the untyped configuration to the declared access model, with every mistake at once."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.language.entry import Entry
from identity_center.model.language.keys.key_facts import inner, is_entry, keys_of
from identity_center.model.mistakes import KeyPath, Mistake, WrongValueError, nearest, suggestion

from .inherited_sets import cycle_mistakes
from .references import duplicate_mistakes, key_mistakes, not_followed_from, reference_mistakes
from .written_keys import Raw

# What to say about a value of the wrong shape: pydantic's findings in the words of the configuration.
_WRONG_TYPES: Mapping[str, tuple[str, str]] = {
    "string_type": ("is not a text", "write a text; put numbers, dates and yes or no in quotes"),
    "dict_type": ("is not a mapping", "write keys and their values under it"),
    "model_type": ("is not a mapping", "write keys and their values under it"),
    "tuple_type": ("is not a list", "write a list, one `- item` a line"),
    "bool_type": ("is neither true nor false", "write one of the two, without quotes"),
    "int_type": ("is not a whole number", "write digits, without quotes"),
    "too_short": ("is empty", "name at least one"),
    "greater_than_equal": ("is less than {ge}", "write {ge} or more"),
}


def shape_mistakes(findings: Sequence[ErrorDetails]) -> list[Mistake]:
    """Turn pydantic's findings into mistakes, one for each thing that somebody wrote wrong."""
    misspelt = {(finding["loc"][:-1], _meant(finding)) for finding in findings if _is_unknown_key(finding)}
    listed = {finding["loc"][:-1] for finding in findings}
    return [
        _mistake(finding)
        for finding in findings
        # A misspelt key is one mistake, not also the lack of the right one; wrong items are no empty list.
        if not (finding["type"] == "missing" and (finding["loc"][:-1], finding["loc"][-1]) in misspelt)
        and not (finding["type"] == "too_short" and finding["loc"] in listed)
    ]


def refused_value(finding: ErrorDetails) -> WrongValueError | None:
    """Return what a rule of the model says of the value; None where it is of the wrong shape."""
    error = finding.get("ctx", {}).get("error")
    return error if isinstance(error, WrongValueError) else None


def _is_unknown_key(finding: ErrorDetails) -> bool:
    return finding["type"] == "extra_forbidden"


def _meant(finding: ErrorDetails) -> str | None:
    return nearest(str(finding["loc"][-1]), _aliases(finding["loc"][:-1]))


def _mistake(finding: ErrorDetails) -> Mistake:
    """Say one finding. Values may be personal: only choices of a list are quoted."""
    path = _path(finding["loc"])
    kind, given = finding["type"], finding["input"]
    if _is_unknown_key(finding):
        known = suggestion(str(path[-1]), _aliases(path[:-1]), kind="key")
        return Mistake(path, "is not a known key", known, at_key=True)
    if kind == "missing":
        return Mistake(path[:-1], f"`{path[-1]}` is missing", "add it", at_key=True)
    if given is None:
        return Mistake(path, "has no value", "write one, or remove the key", at_key=True)
    refused = refused_value(finding)
    if refused is not None:
        at_key = isinstance(given, dict) or finding["loc"][-1] == "[key]"
        return Mistake(path, refused.problem, refused.remedy, at_key=at_key)
    if kind == "enum":
        known = suggestion(str(given), _choices(path), kind="choice")
        return Mistake(path, f"`{given}` is not one of the choices", known)
    problem, remedy = (words.format_map(finding.get("ctx", {})) for words in _WRONG_TYPES[kind])
    return Mistake(path, problem, remedy)


def _path(location: tuple[int | str, ...]) -> KeyPath:
    return tuple(part for part in location if part != "[key]")


def _aliases(path: KeyPath) -> list[str]:
    entry = type_at(path)
    return [key.alias for key in keys_of(entry)] if is_entry(entry) else []


def _choices(path: KeyPath) -> list[str]:
    enum = type_at(path)
    return [str(member.value) for member in enum] if isinstance(enum, type) and issubclass(enum, Enum) else []


def type_at(path: KeyPath) -> Any:  # noqa: ANN401  # a type found at run time has no static one
    """Return the class that the model has at `path`: an entry's, an enum's, or a plain type."""
    current: Any = AccessDeclaration
    for part in path:
        if is_entry(current):
            key = next((key for key in keys_of(current) if key.alias == part), None)
            current = key.field.annotation if key else None
        else:  # a mapping's or a list's content
            below = get_args(current)
            current = below[-1 if get_origin(current) is dict else 0] if below else None
        current = inner(current)
    return current


# Mistakes between the keys of an entry that has another mistake as well: pydantic stops at the first kind.
#
# Without this, an entry with a misspelt day and with neither group nor user would be told in two runs.


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
        if is_entry(type_at(path)):
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
        except AttributeError as error:
            # It needs a key that is wrong or missing: that one is told, and what follows from it is not.
            if error.name not in entry.model_fields:
                raise


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


#: The parts that hold several entries: a wrong entry is left out, the others are still checked.
_PARTS = {key.alias: key for key in keys_of(AccessDeclaration) if key.entry and key.container}


@dataclass(frozen=True)
class Loaded:
    """What the configuration declares, as far as it could be read."""

    raw: Raw
    """What was read."""
    declaration: AccessDeclaration
    """The entries that are sound by themselves."""
    assignment_places: tuple[int, ...]
    """For each assignment of the declaration, its place in the list of the file."""
    mistakes: tuple[Mistake, ...]
    """Everything that is wrong without asking AWS."""


def load(raw: Raw, *, complete: bool = True) -> Loaded:
    """Read `raw`, the configuration's keys without their namespace.

    Where it is not complete, since a file could not be read, nothing is said to be missing.
    """
    shape: list[Mistake] = []
    sound = _Sound(raw)
    while True:
        try:
            declaration = AccessDeclaration.model_validate(sound.raw)
        except ValidationError as error:
            findings = error.errors(include_url=False)
            found = [*shape_mistakes(findings), *mistakes_between_keys(sound.raw, findings)]
            shape += map(sound.as_written, found)
            sound.leave_out(mistake.path for mistake in found)
        else:
            across = (
                *reference_mistakes(raw),
                *duplicate_mistakes(raw),
                *key_mistakes(raw),
                *cycle_mistakes(raw),
            )
            mistakes = (*shape, *not_followed_from(shape, across, complete=complete))
            return Loaded(raw, declaration, sound.places["assignments"], mistakes)


class _Sound:
    """What is left of a configuration without the entries that have mistakes."""

    def __init__(self, raw: Raw) -> None:
        self.raw: dict[str, Any] = dict(raw)
        self.places = {
            part: _indices(raw.get(part)) for part, key in _PARTS.items() if key.container is tuple
        }
        """By part that is a list: where each of its items was written."""

    def as_written(self, mistake: Mistake) -> Mistake:
        """Give a mistake the path that it has in what was written."""
        match mistake.path:
            case (str(part), int(index), *rest) if part in self.places:
                return replace(mistake, path=(part, self.places[part][index], *rest))
        return mistake

    def leave_out(self, paths: Iterable[KeyPath]) -> None:
        """Leave out the innermost entry around each path: something goes for each, so `load` ends."""
        wrong: dict[str, set[str | int]] = {}
        for path in paths:
            part = str(path[0])
            if len(path) == 1 or part not in _PARTS:
                self._leave_out_part(part)
            else:
                wrong.setdefault(part, set()).add(path[1])
        for part, steps in wrong.items():
            if part in self.raw:
                self._leave_out_entries(part, steps)

    def _leave_out_part(self, part: str) -> None:
        self.raw.pop(part, None)
        if part in self.places:
            self.places[part] = ()

    def _leave_out_entries(self, part: str, steps: Collection[str | int]) -> None:
        if part in self.places:
            kept = [index for index in range(len(self.raw[part])) if index not in steps]
            self.raw[part] = [self.raw[part][index] for index in kept]
            self.places[part] = tuple(self.places[part][index] for index in kept)
        else:
            self.raw[part] = {key: entry for key, entry in self.raw[part].items() if key not in steps}


def _indices(value: object) -> tuple[int, ...]:
    return tuple(range(len(value))) if isinstance(value, list | tuple) else ()
