"""From the untyped configuration to the declared access model, with every mistake at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from .checks_between_keys import mistakes_between_keys
from .declaration import AccessDeclaration
from .errors import KeyPath, Mistake
from .former_keys import key_mistakes
from .references import duplicate_mistakes, not_followed_from, reference_mistakes
from .resolved_sets import cycle_mistakes
from .shape_mistakes import shape_mistakes
from .written import Raw

#: The parts that hold entries by key: a wrong entry is left out, the others are still checked.
_KEYED = ("users", "groups", "externalUsers", "externalGroups", "permissionSets", "applications")
_LISTED = "assignments"


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
    kept, places = dict(raw), tuple(range(_length(raw.get(_LISTED))))
    while True:
        try:
            declaration = AccessDeclaration.model_validate(kept)
        except ValidationError as error:
            findings = error.errors(include_url=False)
            found = [*shape_mistakes(findings), *mistakes_between_keys(kept, findings)]
            shape += [_at_written_place(mistake, places) for mistake in found]
            kept, places = _without(kept, places, [mistake.path for mistake in found])
        else:
            across = (
                *reference_mistakes(raw),
                *duplicate_mistakes(raw),
                *key_mistakes(raw),
                *cycle_mistakes(raw),
            )
            mistakes = (*shape, *not_followed_from(shape, across, complete=complete))
            return Loaded(raw, declaration, places, mistakes)


def _length(value: object) -> int:
    return len(value) if isinstance(value, list | tuple) else 0


def _at_written_place(mistake: Mistake, places: tuple[int, ...]) -> Mistake:
    match mistake.path:
        case (part, int(index), *rest) if part == _LISTED:
            path = (part, places[index], *rest)
            return Mistake(path, mistake.problem, mistake.remedy, at_key=mistake.at_key)
    return mistake


def _without(
    raw: dict[str, Any], places: tuple[int, ...], paths: Iterable[KeyPath]
) -> tuple[dict[str, Any], tuple[int, ...]]:
    """Leave out the innermost entry around each path, so that the rest can be read.

    It removes something for each path, so `load` ends.
    """
    kept = dict(raw)
    wrong: dict[str, set[str | int]] = {}
    for path in paths:
        part = str(path[0])
        if len(path) == 1 or part not in (*_KEYED, _LISTED):
            kept.pop(part, None)
        else:
            wrong.setdefault(part, set()).add(path[1])
    for part, entries in wrong.items():
        if part not in kept:
            continue
        if part == _LISTED:
            kept[part] = [entry for index, entry in enumerate(kept[part]) if index not in entries]
            places = tuple(place for index, place in enumerate(places) if index not in entries)
        else:
            kept[part] = {key: entry for key, entry in kept[part].items() if key not in entries}
    if _LISTED not in kept:
        places = ()
    return kept, places
