"""A folder of a model that gets what exists: read, added to, read again before anything is written."""

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from identity_center.model.adoption.adopting import Share, propose
from identity_center.model.adoption.proposal import Proposal
from identity_center.model.adoption.whole import Beside, beside
from identity_center.model.adoption.written_files import written_files
from identity_center.model.existing.drift import WORDS, Drifted
from identity_center.model.existing.existing import Existing
from identity_center.model.existing.things import OF_A_SET, Kind, Thing
from identity_center.model.language.clock import Clock
from identity_center.model.mistakes import AccessModelError
from identity_center.model.reading.sources import NoPlaces, Sources, of_folder, project_of
from identity_center_cli.stacks.model_texts import texts_of, write_texts


class UnadoptableError(ValueError):
    """The model that would be written does not say what exists, or cannot be read; nothing was written."""


@dataclass(frozen=True)
class Adopted:
    """What an adoption did to a folder."""

    proposal: Proposal
    texts: Mapping[str, str]
    """What was written, by the file's path in the folder."""
    beside: Beside
    """The model as it is now, beside what exists."""


def adopt_into(
    folder: Path, existing: Existing, shares: Iterable[Share], clock: Clock, parts: Iterable[Thing] = ()
) -> Adopted:
    """Add to a folder what exists and its model does not say; make the folder where there is none.

    Sets that the model has get the `parts` that are named, and no others.
    Raises UnadoptableError, or UnchangeableFileError of a file that cannot be added to: nothing is written.
    """
    wanted, listed = frozenset(shares), frozenset(parts)
    before = _read(folder, folder, existing, clock)
    proposal = propose(existing, before.now, wanted, listed)
    names = {account.id: account.name for account in existing.accounts}
    texts = written_files(proposal, texts_of(folder), names)
    after = _tried(folder, texts, existing, clock)
    _insist(before, after, propose(existing, after.now, wanted), listed)
    write_texts(folder, texts)
    return Adopted(proposal, texts, after)


def _read(place: Path, folder: Path, existing: Existing, clock: Clock) -> Beside:
    """Read the model at a place as that of a folder; an empty one says nothing."""
    sources = _empty(folder) if not texts_of(place) else replace(of_folder(place), root=project_of(folder))
    try:
        return beside(sources, existing, clock)
    except AccessModelError as error:
        raise UnadoptableError(f"{folder}: nothing was written, its model cannot be used\n{error}") from error


def _empty(folder: Path) -> Sources:
    return Sources({}, NoPlaces(), project_of(folder), folder)


def _tried(folder: Path, texts: Mapping[str, str], existing: Existing, clock: Clock) -> Beside:
    """Read the model as it would be."""
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made) / (folder.resolve().name or "access")
        if folder.is_dir():
            shutil.copytree(folder, copy)
        write_texts(copy, texts)
        return _read(copy, folder, existing, clock)


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
