"""Mistakes in an access model, and the one error that carries all mistakes of a run."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Protocol

#: The namespace of the program's keys in a stack's configuration.
NAMESPACE = "identity-center"

#: Where a value stands in the configuration: the names of keys and the positions in lists, outermost first.
KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Position:
    """A place in a file that a person edits; line and column count from 1."""

    line: int
    column: int
    file: str

    def __str__(self) -> str:
        """Write it as compilers do, so that editors and terminals can jump there."""
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Mistake:
    """One thing that somebody wrote wrong, and what to write instead.

    Neither text quotes e-mail addresses or names of people: messages end in logs.
    """

    path: KeyPath
    """The key that is wrong; empty where no key is, as when AWS has no instance."""
    problem: str
    """What is wrong, without the place: lower case, no full stop."""
    remedy: str
    """What to write or do instead."""
    at_key: bool = False
    """Whether the key itself is wrong, rather than its value: then the place is where the key stands."""
    place: Position | None = field(default=None, compare=False)
    """Where it stands, for what is wrong with a file rather than with a value of the model."""

    def __str__(self) -> str:
        """Say what is wrong and what to write, without the place."""
        return f"{self.problem}; {self.remedy}"


class Positions(Protocol):
    """Knows where the values of a configuration were written."""

    def position(self, path: KeyPath, *, at_key: bool) -> Position | None:
        """Return where `path` stands in a file, or None where its value came from no file."""


def key_path(path: KeyPath) -> str:
    """Write a path as a person writes it: `identity-center:assignments[0].accounts[1]`."""
    text = f"{NAMESPACE}:"
    for index, part in enumerate(path):
        text += f"[{part}]" if isinstance(part, int) else part if index == 0 else f".{part}"
    return text


class AccessModelError(Exception):
    """The access model has mistakes: all of them, in the order of the file."""

    def __init__(self, mistakes: Iterable[Mistake], positions: Positions | None = None) -> None:
        located = [(_locate(mistake, positions), mistake) for mistake in mistakes]
        located.sort(key=lambda pair: (_in_order_of_files(pair[0]), _sortable(pair[1].path)))
        self.mistakes: tuple[Mistake, ...] = tuple(mistake for _, mistake in located)
        self.places: tuple[Position | None, ...] = tuple(place for place, _ in located)
        self.lines: tuple[str, ...] = tuple(_line(position, mistake) for position, mistake in located)
        super().__init__("\n".join((_headline(self.mistakes), *self.lines)))


def _locate(mistake: Mistake, positions: Positions | None) -> Position | None:
    if mistake.place is not None or positions is None or not mistake.path:
        return mistake.place
    return positions.position(mistake.path, at_key=mistake.at_key)


def _in_order_of_files(place: Position | None) -> tuple[bool, str, int, int]:
    """Put what has no place last."""
    return (True, "", 0, 0) if place is None else (False, place.file, place.line, place.column)


def _sortable(path: KeyPath) -> tuple[tuple[bool, int, str], ...]:
    return tuple((isinstance(p, str), 0 if isinstance(p, str) else p, str(p)) for p in path)


def _line(position: Position | None, mistake: Mistake) -> str:
    place = [str(position)] if position else []
    keys = [key_path(mistake.path)] if mistake.path else []
    return ": ".join((*place, *keys, str(mistake)))


def _headline(mistakes: Sequence[Mistake]) -> str:
    count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
    return f"{count}; nothing was changed"


# What is wrong with one value of the model, and what to write instead.


class WrongValueError(ValueError):
    """A value that a rule of the model refuses: `problem; remedy`, both lower case and without a full stop.

    Neither quotes what may be a person's. As a ValueError it is a finding of pydantic's where pydantic reads.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        """Say what is wrong, and what to write or do instead."""
        super().__init__(f"{problem}; {remedy}")
        self.problem = problem
        self.remedy = remedy


class UnansweredError(Exception):
    """Somebody was asked what the model cannot tell of itself, and did not say."""

    def __init__(self, problem: str, remedy: str) -> None:
        """Say what went wrong, and what to do about it."""
        super().__init__(f"{problem}; {remedy}")
        self.problem = problem
        self.remedy = remedy


# The collector of reference cycles, paused while a large model is read.


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep Python from looking for cycles: a model has none, and many objects that live to the end.

    Looking through them again and again as they grow doubles the time of a large model, and lets it grow
    faster than the model. Measured with bench/model_size.py.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


# The known name that a misspelt one most likely means.


def why_unread(error: OSError | UnicodeDecodeError) -> str:
    """Say in words for a person why a file cannot be read."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not in UTF-8"
    what = error.strerror or str(error)
    return f"{what[:1].lower()}{what[1:]}"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name closest to `name`, one that differs in case only first, or None."""
    candidates = list(known)
    folded = name.casefold()
    for candidate in candidates:
        if candidate.casefold() == folded:
            return candidate
    matches = get_close_matches(name, candidates, n=1, cutoff=0.6)
    return matches[0] if matches else None


def suggestion(name: str, known: Iterable[str], *, kind: str) -> str:
    """Say what to write instead of `name`: the nearest known one, else the known ones, if there are any."""
    candidates = sorted(set(known))
    closest = nearest(name, candidates)
    if closest is not None:
        return f"did you mean `{closest}`?"
    if not candidates:
        return f"no {kind} is declared"
    shown = ", ".join(f"`{candidate}`" for candidate in candidates[:_SHOWN])
    more = f" and {len(candidates) - _SHOWN} more" if len(candidates) > _SHOWN else ""
    return f"known: {shown}{more}"


#: A list longer than this no longer helps the reader of one line.
_SHOWN = 8
