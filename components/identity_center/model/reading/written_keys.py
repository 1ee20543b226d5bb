"""The keys that somebody wrote and of which something is known, found by the entries' own classes.

They are read from the configuration as it was written, as far as it has the right shape: checks that look
across entries see an entry with one mistake as well, so that its others are told in the same run.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

from pydantic import BaseModel

from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.language.key_facts import Declares, Key, Kind, keys_of, keys_with
from identity_center.model.mistakes import KeyPath

#: The configuration as it was written, by key without the namespace.
Raw = Mapping[str, object]

#: By part: of what kind the things are that its keys name.
KIND_OF: Final[Mapping[str, Kind]] = {
    part.alias: declares.kind
    for part in keys_with(AccessDeclaration, Declares)
    if (declares := part.fact(Declares)) is not None
}


class Written(NamedTuple):
    """A key that somebody wrote, and its value, of whatever shape."""

    path: KeyPath
    key: Key
    value: object

    def texts(self) -> Iterator[tuple[KeyPath, str]]:
        """Yield the text, or each of the list's, with its path; nothing where it has another shape.

        In a list, numbers are given as texts, since an account id may be one; other items are left out.
        """
        if self.key.container is tuple:
            for index, item in enumerate(self.value if isinstance(self.value, list) else ()):
                if isinstance(item, str | int):
                    yield (*self.path, index), str(item)
        elif isinstance(self.value, str):
            yield self.path, self.value


def entries(raw: Raw, part: str) -> Mapping[str, object]:
    """Return the entries of a part that holds them by key; none where it is not a mapping."""
    value = raw.get(part)
    return value if isinstance(value, dict) else {}


def assignments(raw: Raw) -> Iterator[tuple[int, object]]:
    """Yield the assignments with their places in the list; none where it is not a list."""
    listed = raw.get("assignments")
    yield from enumerate(listed if isinstance(listed, list) else ())


def written_with(raw: Raw, fact: type) -> Iterator[Written]:
    """Yield every key that is written and of which such a fact is known, in the order of the declaration."""
    return _within(raw, AccessDeclaration, fact, ())


def texts_with(raw: Raw, fact: type) -> Iterator[tuple[KeyPath, str]]:
    """Yield the texts of all those keys, each with its path."""
    for found in written_with(raw, fact):
        yield from found.texts()


def _within(raw: object, entry: type[BaseModel], fact: type, path: KeyPath) -> Iterator[Written]:
    if not isinstance(raw, Mapping):
        return
    for key in _ways(entry, fact):
        value, here = raw.get(key.alias), (*path, key.alias)
        if key.fact(fact) is not None:
            yield Written(here, key, value)
        if key.entry is not None:
            for step, item in _contents(key, value):
                yield from _within(item, key.entry, fact, (*here, *step))


def _contents(key: Key, value: object) -> Iterator[tuple[KeyPath, object]]:
    """Yield what is under a key, each with its way there."""
    if key.container is None:
        yield (), value
    elif key.container is dict:
        yield from (((name,), item) for name, item in (value.items() if isinstance(value, dict) else ()))
    else:
        yield from (((index,), item) for index, item in enumerate(value if isinstance(value, list) else ()))


@cache
def _ways(entry: type[BaseModel], fact: type) -> tuple[Key, ...]:
    """Return the keys of an entry with the fact, and those under which another key has it."""
    return tuple(key for key in keys_of(entry) if _leads_to(key, fact, frozenset({entry})))


def _leads_to(key: Key, fact: type, above: frozenset[type[BaseModel]]) -> bool:
    if key.fact(fact) is not None:
        return True
    below = key.entry
    if below is None or below in above:
        return False
    return any(_leads_to(each, fact, above | {below}) for each in keys_of(below))
