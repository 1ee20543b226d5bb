"""The keys that somebody wrote and of which something is known, found by the entries' own classes.

They are read from the configuration as it was written, as far as it has the right shape: checks that look
across entries see an entry with one mistake as well, so that its others are told in the same run.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

from pydantic import BaseModel

from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.language.keys.key_facts import Declares, Key, Kind, keys_of, keys_with
from identity_center.model.mistakes import KeyPath

#: The configuration as it was written, by key without the namespace.
Raw = Mapping[str, object]

#: By part: of what kind the things are that its keys name.
KIND_OF: Final[Mapping[str, Kind]] = {
    part.alias: declares.kind
    for part in keys_with(AccessDeclaration, Declares)
    if (declares := part.fact(Declares)) is not None
}

#: Parts of things that are made elsewhere: the model says of them only which are meant.
ELSEWHERE: Final = frozenset(
    part.alias
    for part in keys_with(AccessDeclaration, Declares)
    if (declares := part.fact(Declares)) is not None and declares.elsewhere
)


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
    if not isinstance(raw, dict):
        return
    for way in _ways(entry, fact):
        key = way.key
        value = raw.get(key.alias)
        if value is None:
            continue
        here = (*path, key.alias)
        if way.known:
            yield Written(here, key, value)
        if way.below is not None:
            for step, item in _contents(key, value):
                yield from _within(item, way.below, fact, (*here, *step))


def _contents(key: Key, value: object) -> Iterable[tuple[KeyPath, object]]:
    """Return what is under a key, each with its way there."""
    if key.container is None:
        return (((), value),)
    if key.container is dict:
        return (((name,), item) for name, item in value.items()) if isinstance(value, dict) else ()
    return (((index,), item) for index, item in enumerate(value)) if isinstance(value, list) else ()


class _Way(NamedTuple):
    """A key of which a fact is known, or which leads to such a one."""

    key: Key
    known: bool
    below: type[BaseModel] | None


@cache
def _ways(entry: type[BaseModel], fact: type) -> tuple[_Way, ...]:
    """Return the ways on from an entry, so that nothing is looked at in vain."""
    found = [_Way(key, key.fact(fact) is not None, _below(key, fact, {entry})) for key in keys_of(entry)]
    return tuple(way for way in found if way.known or way.below)


def _below(key: Key, fact: type, above: set[type[BaseModel]]) -> type[BaseModel] | None:
    """Return the entry under a key, if the fact is known of a key somewhere in it."""
    below = key.entry
    if below is None or below in above:
        return None
    found = keys_with(below, fact) or any(_below(each, fact, above | {below}) for each in keys_of(below))
    return below if found else None
