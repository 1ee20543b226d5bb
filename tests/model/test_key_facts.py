"""What is known of the model's keys stands where something reads it: a fact in a wrong place says nothing."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel

from identity_center.model.language.declaration import AccessDeclaration
from identity_center.model.language.entry import Entry, Items
from identity_center.model.language.keys.key_facts import (
    Argument,
    Declares,
    EachOnce,
    FormerKey,
    Joined,
    Key,
    Kind,
    MayBeSecret,
    NamesManagedPolicy,
    OwnForm,
    RefersTo,
    Unique,
    keys_of,
)
from identity_center.model.language.permission_sets import PermissionSetParameters
from identity_center.model.reading.written_keys import KIND_OF, texts_with

#: A key of the model, with the classes of the entries around it, outermost first.
Place = tuple[tuple[type[BaseModel], ...], Key]


def places(entry: type[BaseModel], around: tuple[type[BaseModel], ...] = ()) -> Iterator[Place]:
    """Yield every key of an entry and of those in it."""
    if entry in around:
        return  # expressions over tags hold expressions over tags
    for key in keys_of(entry):
        yield (*around, entry), key
        if key.entry is not None:
            yield from places(key.entry, (*around, entry))


def with_fact(kind: type) -> list[Place]:
    """Return where such a fact is known."""
    return [place for place in places(AccessDeclaration) if place[1].fact(kind) is not None]


def test_every_kind_of_fact_is_known_of_some_key() -> None:
    """One that no key has is machinery for nothing."""
    facts = [Argument, Declares, EachOnce, FormerKey, Joined, MayBeSecret, NamesManagedPolicy, OwnForm]

    assert [kind for kind in (*facts, RefersTo, Unique) if not with_fact(kind)] == []


def test_what_is_read_as_texts_is_a_text_or_a_list() -> None:
    """Of anything else no text is read: a key that does not exist would pass."""
    for kind in (RefersTo, Unique, FormerKey, NamesManagedPolicy):
        for _, key in with_fact(kind):
            assert key.content is str, key.alias
            assert key.container in (None, tuple), key.alias


def test_only_a_list_has_items_that_may_stand_twice() -> None:
    """A mapping has each of its keys once already."""
    assert {key.container for _, key in with_fact(EachOnce)} == {tuple}


def test_unique_and_former_keys_are_of_entries_that_have_keys() -> None:
    """Both are compared by the key of the entry: `part`, `key`, name."""
    named = {part.entry for part in keys_of(AccessDeclaration) if part.container is dict}
    for kind in (Unique, FormerKey):
        for around, key in with_fact(kind):
            assert len(around) == 2, key.alias
            assert around[-1] in named, key.alias


def test_every_former_key_is_of_a_part_that_declares_something() -> None:
    """Otherwise nobody finds out that it is still in use."""
    declaring = {part.entry for part in keys_of(AccessDeclaration) if part.fact(Declares)}
    assert {around[-1] for around, _ in with_fact(FormerKey)} == declaring


def test_what_is_declared_and_what_may_be_secret_are_parts() -> None:
    """They are looked for at the top level only."""
    for kind in (Declares, MayBeSecret):
        assert {around for around, _ in with_fact(kind)} == {(AccessDeclaration,)}
    assert set(KIND_OF.values()) == set(Kind)


def test_only_what_sets_take_from_others_is_joined() -> None:
    """Elsewhere nothing is taken from others. A single value cannot be added to."""
    joined = {key.name: key for key in keys_of(PermissionSetParameters) if key.fact(Joined)}

    assert all(key.container in (tuple, dict) for key in joined.values())
    assert {key.name for _, key in with_fact(Joined)} == set(joined)


class _Inner(Entry):
    inner: Annotated[Items[str], RefersTo(Kind.USER)] = ()


class _Outer(Entry):
    several: Items[_Inner] = ()
    maybe: _Inner | None = None
    by_key: dict[str, Items[str]]


def test_a_key_says_what_is_under_it_however_it_is_wrapped() -> None:
    """The walk by classes is what finds references: a wrapping that it does not see through hides them."""
    several, maybe, by_key = keys_of(_Outer)

    assert (several.entry, several.container) == (_Inner, tuple)
    assert (maybe.entry, maybe.container) == (_Inner, None)
    assert (by_key.alias, by_key.entry, by_key.container) == ("byKey", None, dict)


def test_texts_are_found_in_every_part_with_their_paths() -> None:
    """A place that is walked past is one where a misspelt key is found by AWS, after half an update."""
    grant = {"group": "g"}
    raw = {
        "groups": {"g": {"members": ["a", 7, {}]}, "wrong": 3},
        "permissionSets": {"p": {"extends": "q"}},
        "assignments": [{"user": "u", "permissionSets": ["p"]}],
        "applications": {"x": {"assignments": [grant]}},
        "accountAccess": {"entitlements": [grant]},
    }

    assert list(texts_with(raw, RefersTo)) == [
        (("groups", "g", "members", 0), "a"),
        (("groups", "g", "members", 1), "7"),
        (("permissionSets", "p", "extends"), "q"),
        (("assignments", 0, "user"), "u"),
        (("assignments", 0, "permissionSets", 0), "p"),
        (("applications", "x", "assignments", 0, "group"), "g"),
        (("accountAccess", "entitlements", 0, "group"), "g"),
    ]
