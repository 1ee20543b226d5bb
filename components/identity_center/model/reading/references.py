"""References between the parts of an access model, and things that are there twice.

Both read the configuration as written, so that an entry with one mistake shows its others in the same run.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from identity_center.model.language.keys.key_facts import EachOnce, FormerKey, Kind, RefersTo, Unique
from identity_center.model.mistakes import KeyPath, Mistake, key_path, nearest, suggestion

from .written_keys import ELSEWHERE, KIND_OF, Raw, Written, entries, written_with


def reference_mistakes(raw: Raw) -> Iterator[Mistake]:
    """Find every key of a user, group or permission set that the configuration does not have.

    A key that is missing is one mistake, however often it is named.
    """
    references = {kind: _References(kind, raw) for kind in Kind}
    for found in written_with(raw, RefersTo):
        refers = found.key.fact(RefersTo)
        if refers is not None:
            references[refers.kind].named(found)
            if refers.made_here:
                yield from _made_elsewhere(found, refers.kind, raw)
    for each in references.values():
        yield from each.mistakes()


def _made_elsewhere(written: Written, kind: Kind, raw: Raw) -> Iterator[Mistake]:
    others = {key for part in ELSEWHERE if KIND_OF[part] is kind for key in entries(raw, part)}
    for path, key in written.texts():
        if key in others:
            problem = f"{kind.value} `{key}` is made elsewhere: the model does not know what it has"
            yield Mistake(
                path, problem, f"name a {kind.value} of this model, or write here what it shall have"
            )


def not_followed_from(
    shape: Sequence[Mistake], across: Iterable[Mistake], *, complete: bool
) -> Iterator[Mistake]:
    """Leave out what would be right if a mistake of shape were mended: one mistake is told once.

    Where a part is misspelt, is no mapping, or has an unusable key, its keys seem to be missing elsewhere.
    """
    wrong_parts = [str(mistake.path[0]) for mistake in shape if len(mistake.path) == 1]
    lost = {KIND_OF.get(part) or KIND_OF.get(nearest(part, KIND_OF) or "") for part in wrong_parts}
    unusable: dict[Kind, list[str]] = {}
    for mistake in shape:
        match mistake.path:
            case (str(part), str(key)) if part in KIND_OF and mistake.at_key:
                unusable.setdefault(KIND_OF[part], []).append(key)
    for mistake in across:
        follows = isinstance(mistake, UnknownKeyMistake) and (
            not complete
            or mistake.kind in lost
            or nearest(mistake.key, unusable.get(mistake.kind, ())) is not None
        )
        if not follows:
            yield mistake


#: Comparing a key with thousands takes milliseconds; with more wrong ones something larger is wrong.
_MOST_SUGGESTIONS = 200
#: More places than this in one message help nobody.
_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class UnknownKeyMistake(Mistake):
    """A key that is named and not declared."""

    kind: Kind
    """What has no such key, such as a user."""
    key: str
    """The key that is missing."""


class _References:
    """The keys of one kind, and where others are named."""

    def __init__(self, kind: Kind, raw: Raw) -> None:
        self._kind = kind
        self._known = frozenset(
            key for part, of_kind in KIND_OF.items() if of_kind is kind for key in entries(raw, part)
        )
        self._places: dict[str, list[KeyPath]] = {}

    def named(self, written: Written) -> None:
        for path, key in written.texts():
            if key not in self._known:
                self._places.setdefault(key, []).append(path)

    def mistakes(self) -> Iterator[Mistake]:
        if not self._known and self._places:
            yield self._nothing_declared()
            return
        kind = self._kind.value
        for number, (key, (first, *others)) in enumerate(self._places.items()):
            if number < _MOST_SUGGESTIONS:
                remedy = suggestion(key, self._known, kind=kind)
            else:
                remedy = f"declare it, or write the key of a {kind} that is declared"
            problem = f"no {kind} has the key `{key}`{_also(others)}"
            yield UnknownKeyMistake(path=first, problem=problem, remedy=remedy, kind=self._kind, key=key)

    def _nothing_declared(self) -> Mistake:
        (key, (first, *_)), *others = self._places.items()
        kind = self._kind.value
        more = f", nor any of {len(others)} other keys that are named" if others else ""
        problem = f"no {kind} has the key `{key}`{more}"
        remedy = f"no {kind} is declared"
        return UnknownKeyMistake(path=first, problem=problem, remedy=remedy, kind=self._kind, key=key)


def _also(others: Sequence[KeyPath]) -> str:
    if not others:
        return ""
    shown = ", ".join(key_path(path) for path in others[:_SHOWN])
    more = f" and in {len(others) - _SHOWN} more places" if len(others) > _SHOWN else ""
    return f", which is also named by {shown}{more}"


def duplicate_mistakes(raw: Raw) -> Iterator[Mistake]:
    """Find names that AWS wants once, also where only the case differs, and items listed twice."""
    yield from _same(written_with(raw, Unique))
    for found in written_with(raw, EachOnce):
        yield from _repeated(found.texts())


def _same(named: Iterable[Written]) -> Iterator[Mistake]:
    """Name the two keys, not the value: it may be a person's."""
    first: dict[tuple[str, str, str], str] = {}
    for found in named:
        part, key, field = map(str, found.path)
        for path, value in found.texts():
            owner = first.setdefault((part, field, value.casefold()), key)
            if owner != key:
                yield Mistake(
                    path,
                    f"`{owner}` has the same `{field}`, or one that differs in case only",
                    "give each its own: AWS wants it once",
                )


def _repeated(listed: Iterable[tuple[KeyPath, str]]) -> Iterator[Mistake]:
    seen: set[str] = set()
    for path, item in listed:
        if item in seen:
            yield Mistake(path, f"`{item}` is listed twice", "keep it once")
        seen.add(item)


def key_mistakes(raw: Raw) -> Iterator[Mistake]:
    """Find keys that two parts of one kind share, and former keys that are still, or twice, in use."""
    owners: dict[tuple[Kind, str], str] = {}
    for part, kind in KIND_OF.items():
        for key in entries(raw, part):
            owner = owners.setdefault((kind, key), part)
            if owner != part:
                problem = f"`{owner}` has the key `{key}` as well"
                yield Mistake((part, key), problem, "give one of them another key", at_key=True)
    heirs: dict[tuple[Kind, str], str] = {}
    for found in written_with(raw, FormerKey):
        part, key, *_ = map(str, found.path)
        for path, former in found.texts():
            named = (KIND_OF[part], former)
            if named in owners:
                yield Mistake(path, f"`{former}` is still the key of an entry", "remove one of the two")
            elif heirs.setdefault(named, key) != key:
                problem = f"`{heirs[named]}` was formerly `{former}` too"
                yield Mistake(path, problem, "keep it where it is true")
