"""A folder of a model that gets what exists: read, added to, read again before anything is written.

What the stack's own file says of the model is read with it, and nothing is ever added to that file.
"""

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from identity_center.model.adoption.adopting import Share, propose
from identity_center.model.adoption.new_values import NewValue, new_values
from identity_center.model.adoption.open_file import UnchangeableFileError
from identity_center.model.adoption.proposal import Place, Proposal
from identity_center.model.adoption.replaced_values import with_new_values
from identity_center.model.adoption.selections import Offer, offers, with_selections
from identity_center.model.adoption.whole import Beside, beside
from identity_center.model.adoption.written_files import written_files
from identity_center.model.existing.drift import WORDS, Drifted
from identity_center.model.existing.existing import Existing
from identity_center.model.existing.things import OF_A_SET, Kind, Thing
from identity_center.model.language.clock import Clock
from identity_center.model.mistakes import AccessModelError, Position, Positions
from identity_center.model.organisation.organisation import Organisation
from identity_center.model.reading.sources import (
    NoPlaces,
    Sources,
    of_folder,
    of_stack_file_beside,
    project_of,
)
from identity_center_cli.stacks.model_texts import texts_of, write_texts
from identity_center_cli.verbs.adopt.selecting import Choose, nothing
from identity_center_cli.verbs.adopt.where import UnadoptableError, Where


@dataclass(frozen=True)
class Asked:
    """What of an instance is to be adopted."""

    shares: frozenset[Share]
    clock: Clock
    parts: frozenset[Thing] = frozenset()
    """Parts that permission sets of the model get; they get no others."""
    values: tuple[NewValue, ...] = ()
    """Other values that entries of the model get, as they were tried (`try_values`)."""


@dataclass(frozen=True)
class Adopted:
    """What an adoption did to a folder."""

    proposal: Proposal
    texts: Mapping[str, str]
    """What was written, by the file's path in the folder."""
    beside: Beside
    """The model as it is now, beside what exists."""


def adopt_into(
    where: Where,
    existing: Existing,
    asked: Asked,
    choose: Choose = nothing,
) -> Adopted:
    """Add to a folder what exists and the model does not say; make the folder where there is none.

    `choose` takes some of the selections that could stand in the place of lists of accounts.
    Raises UnadoptableError, or UnchangeableFileError of a file that cannot be added to: nothing is written.
    """
    before = _read(where.folder, where, existing, asked.clock)
    proposal = _selected(_proposed(where, before, asked), existing, choose)
    names = {account.id: account.name for account in existing.accounts}
    files = texts_of(where.folder)
    replaced = with_new_values(files, asked.values)
    texts = {**replaced, **written_files(proposal, {**files, **replaced}, names)}
    after = _tried(where, texts, existing, asked.clock)
    got = asked.parts | {each.row.thing for each in asked.values}
    _insist(before, after, _proposed(where, after, replace(asked, parts=frozenset())), got)
    write_texts(where.folder, texts)
    return Adopted(proposal, texts, after)


@dataclass(frozen=True)
class Tried:
    """Other values for entries of a folder: those that it can say, and why it cannot say the rest."""

    fitting: tuple[NewValue, ...]
    places: Mapping[Drifted, Position]
    """Where each stands now, or its entry where nothing is said of it."""
    unfit: Mapping[Drifted, str]


def try_values(where: Where, existing: Existing, rows: Iterable[Drifted], clock: Clock) -> Tried:
    """Find which differences a folder could take in, each where it changes nothing else. Nothing is written.

    Raises UnadoptableError where the model cannot be used as it is.
    """
    before = _read(where.folder, where, existing, clock)
    found = new_values(rows, existing, before.now)
    trial = _Trial(where, before, clock, texts_of(where.folder))
    fitting, unfit = trial.sift(found.sayable)
    places = _sources(where.folder, where).places
    standing = {each.row: _standing(places, each.place) for each in fitting}
    known = {row: place for row, place in standing.items() if place is not None}
    return Tried(tuple(fitting), known, {**found.unsayable, **unfit})


def _standing(places: Positions, place: Place) -> Position | None:
    """Return where a key stands, or else the nearest thing around it that stands somewhere."""
    parts = (place[:count] for count in range(len(place), 0, -1))
    return next((at for part in parts if (at := places.position(part, at_key=True)) is not None), None)


@dataclass(frozen=True)
class _Trial:
    """Reads a folder as it would be with other values in it."""

    where: Where
    before: Beside
    clock: Clock
    files: Mapping[str, str]

    def sift(self, values: Sequence[NewValue]) -> tuple[list[NewValue], dict[Drifted, str]]:
        """Part what fits from what does not: all together, else entry by entry, else one by one."""
        if not values or self._problem(values) is None:
            return list(values), {}
        entries = defaultdict[Place, list[NewValue]](list)
        for each in values:
            entries[each.place[:2]].append(each)
        fitting: list[NewValue] = []
        unfit: dict[Drifted, str] = {}
        for group in entries.values():
            whole = self._problem([*fitting, *group]) is None
            for several in [group] if whole else [[each] for each in group]:
                problem = None if whole else self._problem([*fitting, *several])
                if problem is None:
                    fitting += several
                else:
                    unfit[several[0].row] = problem
        return fitting, unfit

    def _problem(self, values: Sequence[NewValue]) -> str | None:
        """Say why the folder cannot say these values, or what else it would say otherwise then."""
        try:
            after = _tried(self.where, with_new_values(self.files, values), self.before.existing, self.clock)
        except UnchangeableFileError as error:
            return str(error)
        except UnadoptableError as error:
            cause = error.__cause__
            return "; ".join(cause.lines) if isinstance(cause, AccessModelError) else str(error)
        meant = {each.row.thing for each in values}
        known = {each.thing for each in _rows(self.before)} - meant
        wrong = [each for each in _rows(after) if each.thing not in known]
        others = [each for each in wrong if each.thing not in meant]
        if others:
            return f"{_told(others[0])} would no longer be as in AWS"
        return "the model would not say it even then" if wrong else None


def _rows(of: Beside) -> Iterator[Drifted]:
    yield from of.differences()
    yield from of.left()


def offered(where: Where, existing: Existing, asked: Asked) -> tuple[Offer, ...]:
    """Return the selections that could stand in the place of lists of accounts. Raises UnadoptableError."""
    before = _read(where.folder, where, existing, asked.clock)
    return offers(_proposed(where, before, asked), _organisation(existing))


def _proposed(where: Where, now: Beside, asked: Asked) -> Proposal:
    return where.addable(propose(now.existing, now.now, asked.shares, asked.parts))


def _selected(proposal: Proposal, existing: Existing, choose: Choose) -> Proposal:
    if choose is nothing:
        return proposal
    organisation = _organisation(existing)
    return with_selections(proposal, choose(offers(proposal, organisation)), organisation)


def _organisation(existing: Existing) -> Organisation:
    if existing.organisation is None:
        raise UnadoptableError(
            "nothing was written: the organisation was not read, so nothing can be selected"
        )
    return existing.organisation


def _read(place: Path, where: Where, existing: Existing, clock: Clock) -> Beside:
    """Read the model with a copy of its folder, or the folder itself; an empty one says nothing."""
    try:
        return beside(_sources(place, where), existing, clock)
    except AccessModelError as error:
        raise UnadoptableError(
            f"{where.folder}: nothing was written, its model cannot be used\n{error}"
        ) from error


def _sources(place: Path, where: Where) -> Sources:
    root, texts = project_of(where.folder), texts_of(place)
    if where.stack is not None:
        return of_stack_file_beside(where.stack.file, root, place if texts else None)
    return replace(of_folder(place), root=root) if texts else Sources({}, NoPlaces(), root, where.folder)


def _tried(where: Where, texts: Mapping[str, str], existing: Existing, clock: Clock) -> Beside:
    """Read the model as it would be."""
    folder = where.folder
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made) / (folder.resolve().name or "access")
        if folder.is_dir():
            shutil.copytree(folder, copy)
        write_texts(copy, texts)
        return _read(copy, where, existing, clock)


def _insist(before: Beside, after: Beside, again: Proposal, got: frozenset[Thing]) -> None:
    """See that the model now says what exists, makes nothing that is not there, and has all that it got."""
    known = {each.thing for each in _rows(before)} - got
    parts_left = (each for each in after.left() if each.thing.kind in OF_A_SET)
    wrong = [
        f"{_told(each)}: {WORDS[each.difference]}"
        for each in (*after.differences(), *parts_left)
        if each.thing not in known
    ]
    absent = {each.id for each in before.imports.absent}
    wrong += [f"{each.key}: it would be made" for each in after.imports.absent if each.id not in absent]
    for place, said in [*again.mappings.items(), *again.lists.items()]:
        wrong.append(f"{'.'.join(place)}: {len(said)} would be added once more")
    if wrong:
        listed = "\n".join(f"  {line}" for line in wrong)
        raise UnadoptableError(
            f"nothing was written: read back, the model would not say what exists\n{listed}"
        )


def _told(row: Drifted) -> str:
    """Name a thing; what people are called is left out."""
    kind, names = row.thing
    shown = {Kind.USER: (), Kind.MEMBER: names[:1]}.get(kind, names)
    return " ".join((kind.value, *(shown[:-1] if "USER" in shown else shown)))
