"""A folder of a model that gets what exists: read, added to, read again before anything is written.

What the stack's own file says of the model is read with it, and nothing is ever added to that file.
"""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from identity_center.model.adoption.adopting import Share, propose
from identity_center.model.adoption.proposal import Proposal
from identity_center.model.adoption.selections import Offer, offers, with_selections
from identity_center.model.adoption.whole import Beside, beside
from identity_center.model.adoption.written_files import written_files
from identity_center.model.existing.drift import WORDS, Drifted
from identity_center.model.existing.existing import Existing
from identity_center.model.existing.things import OF_A_SET, Kind, Thing
from identity_center.model.language.clock import Clock
from identity_center.model.mistakes import AccessModelError
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
    texts = written_files(proposal, texts_of(where.folder), names)
    after = _tried(where, texts, existing, asked.clock)
    _insist(before, after, _proposed(where, after, replace(asked, parts=frozenset())), asked.parts)
    write_texts(where.folder, texts)
    return Adopted(proposal, texts, after)


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


def _insist(before: Beside, after: Beside, again: Proposal, parts: frozenset[Thing]) -> None:
    """See that the model now says what exists, makes nothing that is not there, and has all that it got."""
    known = {each.thing for each in (*before.differences(), *before.left())} - parts
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
