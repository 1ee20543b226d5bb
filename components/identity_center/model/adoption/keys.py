"""Keys for things that have none yet: readable, made from their names alone, each used once."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

#: Before a capital that begins a word: PowerUserWithIAM is Power User With IAM.
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
#: What a key may not have (`text_rules.KEY`).
_OTHER = re.compile(r"[^a-z0-9._@+-]+")
#: As `text_rules.KEY` has it, with room for what tells two apart.
_LONGEST = 80
#: So much of an id tells two things with the same name apart.
_OF_AN_ID = 8


def key_of_words(name: str) -> str:
    """Write the name of a group, permission set or application as a key; empty where nothing is left of it.

    >>> key_of_words("PowerUserWithIAM")
    'power-user-with-iam'
    """
    return _spelt(_WORD.sub("-", _plain(name)))


def keys_of_person(user_name: str) -> Iterator[str]:
    """Yield keys for a user name: what stands before its `@`, then all of it.

    >>> list(keys_of_person("Ada@example.com"))
    ['ada', 'ada@example.com']
    """
    before, at, _ = user_name.partition("@")
    if at:
        yield _spelt(_plain(before))
    yield _spelt(_plain(user_name))


class Keys:
    """The keys of one kind that are in use. Two that differ in case only would be read as one."""

    def __init__(self, used: Iterable[str] = ()) -> None:
        self._used = {key.casefold() for key in used}

    def take(self, wished: Iterable[str], kind: str, identifier: str) -> str:
        """Return the first wished key that is free, else one with the end of the id; and keep it."""
        listed = list(wished)
        for key in (*listed, *_with_id(listed, kind, identifier)):
            if key and key.casefold() not in self._used:
                self._used.add(key.casefold())
                return key
        raise AssertionError(f"two of a kind have the id {identifier}")


def _with_id(wished: Iterable[str], kind: str, identifier: str) -> Iterator[str]:
    whole = _spelt(identifier.rpartition("/")[2])
    for key in (*wished, kind):
        if key:
            yield f"{key}-{whole[-_OF_AN_ID:]}"
    yield f"{kind}-{whole}"


def _plain(name: str) -> str:
    """Take accents off; what has no letter of ASCII for it is lost."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()


def _spelt(text: str) -> str:
    return _OTHER.sub("-", text.lower())[:_LONGEST].strip("-._@+")
