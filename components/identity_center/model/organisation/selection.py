"""From targets to account ids, in an organisation.

No selection (`all`, units, tags, negations) contains the management account.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TypeAlias

from identity_center.model.language.accounts import MANAGEMENT, is_account
from identity_center.model.language.targets import ALL, UNIT_ID, Reading, TagExpression, Target, exceptions_of
from identity_center.model.mistakes import KeyPath, Mistake, nearest, suggestion

from .organisation import AccountState, Organisation

# What one target means in an organisation: which account it names, or which accounts it selects.
#
# The management account is reached by `management` and by its id only. A name is a label that anybody who may
# rename accounts can move, so its name is a mistake.
#: A list longer than this no longer helps the reader of one line.
_SHOWN = 8


@dataclass(frozen=True)
class Named:
    """One account, by its id."""

    account_id: str


@dataclass(frozen=True)
class OfUnit:
    """The accounts of some units."""

    unit_id: str
    children: bool


@dataclass(frozen=True)
class Tagged:
    """The accounts whose tags are so."""

    expression: TagExpression


@dataclass(frozen=True)
class All:
    """Every account but the management account."""


Selection: TypeAlias = Named | OfUnit | Tagged | All


@dataclass(frozen=True)
class Problem:
    """A mistake without its place."""

    path: KeyPath
    problem: str
    remedy: str


@dataclass(frozen=True)
class Meanings:
    """Says what targets mean in one organisation."""

    organisation: Organisation
    """With all that the targets need of it."""

    def of(self, target: Target) -> Selection | Problem:
        """Return what a target means, or why it means nothing. Exceptions mean nothing by themselves."""
        if isinstance(target, str):
            if target == ALL:
                return All() if self.organisation.accounts is not None else _unread((), Reading.ACCOUNTS)
            return self._account(target, ())
        if target.account is not None:
            return self._account(target.account, ("account",), keyword=False)
        if target.unit is not None:
            return self._unit(target.unit, children=target.with_children)
        if target.tagged is not None:
            return self._tagged(target.tagged)
        raise ValueError("an exception is no selection")

    def _account(self, text: str, path: KeyPath, *, keyword: bool = True) -> Selection | Problem:
        organisation = self.organisation
        if keyword and text == MANAGEMENT:
            return Named(organisation.management_account_id)
        if text != MANAGEMENT and is_account(text):
            if organisation.accounts is None or text in organisation.accounts:
                return Named(text)
            problem = f"account `{text}` is not in the organisation"
            return Problem(path, problem, organisation.closest_account(text))
        if organisation.accounts is None:
            return _unread(path, Reading.ACCOUNTS)
        return self._account_of_name(text, path)

    def _account_of_name(self, name: str, path: KeyPath) -> Selection | Problem:
        organisation = self.organisation
        ids = organisation.by_name.get(name, ())
        if not ids:
            known = [ALL, MANAGEMENT, *organisation.by_name]
            return Problem(path, f"no account has the name `{name}`", suggestion(name, known, kind="account"))
        if len(ids) > 1:
            problem = f"{len(ids)} accounts have the name `{name}`"
            return Problem(path, problem, f"write the id of the one that is meant: {_listed(ids)}")
        if ids[0] == organisation.management_account_id:
            problem = f"`{name}` is the name of the management account"
            return Problem(path, problem, f"write `{MANAGEMENT}` if it is meant")
        return Named(ids[0])

    def _unit(self, text: str, *, children: bool) -> Selection | Problem:
        organisation = self.organisation
        if organisation.accounts is None or not organisation.has_units:
            return _unread(("unit",), Reading.UNITS)
        if UNIT_ID.fullmatch(text):
            if text in organisation.units:
                return OfUnit(text, children)
            closest = nearest(text, organisation.units)
            remedy = (
                f"did you mean `{closest}` ({organisation.unit_paths[closest]})?"
                if closest
                else "look for it in the console, under AWS Organizations"
            )
            return Problem(("unit",), f"no unit has the id `{text}`", remedy)
        found = self._units_called(text)
        if len(found) == 1:
            return OfUnit(found[0], children)
        paths = organisation.unit_paths
        if found:
            candidates = [f"{paths[unit_id]} ({unit_id})" for unit_id in found]
            problem = f"{len(found)} units are called `{text}`"
            remedy = f"write the path or the id of the one that is meant: {_listed(candidates)}"
            return Problem(("unit",), problem, remedy)
        names = {unit.name for unit in organisation.units.values()} | {
            path.lstrip("/") for path in paths.values()
        }
        remedy = suggestion(text.lstrip("/"), names - {""}, kind="unit")
        return Problem(("unit",), f"no unit is called `{text}`", remedy)

    def _units_called(self, text: str) -> list[str]:
        """Return the units of a path from the root, or of a name that is not a path, by their paths."""
        organisation = self.organisation
        found = set(organisation.units_by_path.get("/" + text.strip("/"), ()))
        if "/" not in text:
            found.update(organisation.units_by_name.get(text, ()))
        return sorted(found, key=lambda unit_id: (organisation.unit_paths[unit_id], unit_id))

    def _tagged(self, expression: TagExpression) -> Selection | Problem:
        organisation = self.organisation
        if organisation.accounts is None or not organisation.has_tags:
            return _unread(("tagged",), Reading.TAGS)
        known = self._known_tags
        for path, key in expression.tag_keys():
            if key not in known:
                remedy = suggestion(key, known, kind="tag of an account")
                return Problem(("tagged", *path), f"no account has the tag `{key}`", remedy)
        return Tagged(expression)

    @cached_property
    def _known_tags(self) -> frozenset[str]:
        accounts = self.organisation.accounts or {}
        return frozenset(key for account in accounts.values() for key in account.tags or ())


def _unread(path: KeyPath, reading: Reading) -> Problem:
    return Problem(
        path,
        f"the {reading.value} of the organisation were not read",
        "use credentials that may list them, or a snapshot that holds them (`organisationSnapshot`)",
    )


def _listed(candidates: Sequence[str]) -> str:
    shown = ", ".join(f"`{candidate}`" for candidate in candidates[:_SHOWN])
    more = f" and {len(candidates) - _SHOWN} more" if len(candidates) > _SHOWN else ""
    return f"{shown}{more}"


@dataclass(frozen=True)
class Resolution:
    """What targets come to."""

    accounts: dict[str, tuple[int, Selection]]
    """By account id, in the order of the ids: the place in the list of the first target that reaches the
    account, and how it does."""
    mistakes: tuple[Mistake, ...] = ()
    notes: tuple[tuple[KeyPath, str], ...] = ()
    """What is no mistake and may surprise, such as a closed account that was left out."""


@dataclass(frozen=True)
class _Found:
    """A target, and what it means."""

    path: KeyPath
    """Its place in the list."""
    target: Target
    selection: Selection

    @property
    def words(self) -> str:
        """The account that it names, as it is written."""
        return self.target if isinstance(self.target, str) else str(self.target.account)


class Resolver:
    """Resolves targets in one organisation; each selection is looked for once."""

    def __init__(self, organisation: Organisation) -> None:
        """Take the organisation, with all that the targets need of it."""
        self._organisation = organisation
        self._everybody = frozenset(member.account_id for member in organisation.members)
        self.selection: Callable[[Target], Selection | Problem] = cache(Meanings(organisation).of)
        self.reached: Callable[[Selection], frozenset[str]] = cache(self._reached)
        self._resolved: Callable[[tuple[tuple[int, Target], ...]], Resolution] = cache(self._resolve)

    def resolve(self, targets: Iterable[tuple[int, Target]], path: KeyPath) -> Resolution:
        """Resolve the targets of a list, each with its place there; `path` is that of the list."""
        found = self._resolved(tuple(targets))
        if not (found.mistakes or found.notes):
            return found
        mistakes = tuple(Mistake((*path, *m.path), m.problem, m.remedy) for m in found.mistakes)
        return Resolution(found.accounts, mistakes, tuple(((*path, *at), text) for at, text in found.notes))

    def _resolve(self, targets: tuple[tuple[int, Target], ...]) -> Resolution:
        mistakes: list[Mistake] = []
        wanted: list[_Found] = []
        taken_out: list[_Found] = []
        for index, target in targets:
            exceptions = exceptions_of(target)
            listed = (
                [((index,), target)]
                if exceptions is None
                else [((index, "except", place), one) for place, one in enumerate(exceptions)]
            )
            for at, one in listed:
                selection = self.selection(one)
                if isinstance(selection, Problem):
                    path = (*at, *selection.path)
                    mistakes.append(Mistake(path, selection.problem, selection.remedy))
                else:
                    found = _Found(at, one, selection)
                    (wanted if exceptions is None else taken_out).append(found)
        mistakes += [*self._named_twice(wanted), *self._contradictions(wanted, taken_out)]
        return self._together(wanted, taken_out, mistakes)

    def _together(
        self,
        wanted: Sequence[_Found],
        taken_out: Sequence[_Found],
        mistakes: Sequence[Mistake],
    ) -> Resolution:
        out = frozenset[str]().union(*(self.reached(one.selection) for one in taken_out))
        found: dict[str, tuple[int, Selection]] = {}
        # A target that names an account is why it is reached, wherever it stands in the list.
        for one in sorted(wanted, key=lambda one: not isinstance(one.selection, Named)):
            for account_id in self.reached(one.selection) - out:
                found.setdefault(account_id, (int(one.path[0]), one.selection))
        notes = tuple(self._notes(wanted, found)) if not mistakes else ()
        return Resolution(dict(sorted(found.items())), tuple(mistakes), notes)

    def _notes(
        self, wanted: Sequence[_Found], found: dict[str, tuple[int, Selection]]
    ) -> Iterator[tuple[KeyPath, str]]:
        for one in wanted:
            if self.reached(one.selection):
                continue
            if isinstance(one.selection, Named):
                yield (
                    one.path,
                    f"account {one.selection.account_id} is suspended or closed, so it is left out",
                )
            else:
                yield one.path, "reaches no account now: none that is in use is so"
        if wanted and not found and any(self.reached(one.selection) for one in wanted):
            yield (), "reaches no account now: the exceptions take out all that is reached"

    def _reached(self, selection: Selection) -> frozenset[str]:
        organisation = self._organisation
        if isinstance(selection, Named):
            known = (organisation.accounts or {}).get(selection.account_id)
            active = known is None or known.state is AccountState.ACTIVE
            return frozenset({selection.account_id} if active else ())
        if isinstance(selection, OfUnit):
            below = selection.children
            units = organisation.unit_and_below(selection.unit_id) if below else {selection.unit_id}
            by_unit = organisation.members_by_unit
            return frozenset(account_id for unit in units for account_id in by_unit.get(unit, ()))
        if isinstance(selection, Tagged):
            return selection.expression.select(self._everybody, organisation.members_by_tag)
        return self._everybody

    def _named_twice(self, wanted: Sequence[_Found]) -> Iterator[Mistake]:
        first: dict[Selection, _Found] = {}
        for one in wanted:
            earlier = first.setdefault(one.selection, one)
            if earlier is one or (isinstance(one.target, str) and one.target == earlier.target):
                continue  # the same text twice is a mistake of the list, told already
            if isinstance(one.selection, Named):
                problem = f"`{one.words}` and `{earlier.words}` are the same account"
            else:
                problem = f"selects the same as item {earlier.path[0]} of the list"
            yield Mistake(one.path, problem, "keep one of them")

    def _contradictions(self, wanted: Sequence[_Found], taken_out: Sequence[_Found]) -> Iterator[Mistake]:
        for out in taken_out:
            for one in wanted:
                if self._covers(out.selection, one.selection):
                    problem = f"takes out all that item {one.path[0]} of the list asks for"
                    yield Mistake(out.path, problem, "remove one of the two")

    def _covers(self, outer: Selection, inner: Selection) -> bool:
        """Tell whether one selection contains the other by what is written, not by chance."""
        if isinstance(outer, OfUnit) and isinstance(inner, OfUnit) and outer.children:
            return inner.unit_id in self._organisation.unit_and_below(outer.unit_id)
        if isinstance(outer, OfUnit) and isinstance(inner, OfUnit):
            return outer.unit_id == inner.unit_id and not inner.children
        return outer == inner


def resolve(targets: Sequence[Target], organisation: Organisation, path: KeyPath = ()) -> Resolution:
    """Find the accounts that `targets` stand for in `organisation`, and what is wrong with them."""
    return Resolver(organisation).resolve(enumerate(targets), path)
