"""Differences that are meant to be there, each for a time: what is ignored, and what of that is over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from identity_center.model.language.ignored_drift import IgnoredDriftEntry

from .drift import Drift, Drifted
from .things import PART_OF, Thing


@dataclass(frozen=True, slots=True)
class Ignored:
    """A difference, and who answers for it."""

    row: Drifted
    entry: IgnoredDriftEntry


@dataclass(frozen=True, slots=True)
class Sifted:
    """A drift without what is ignored, and what there is to say of the entries that ignore."""

    rows: tuple[Drifted, ...]
    ignored: tuple[Ignored, ...] = ()
    ended: tuple[IgnoredDriftEntry, ...] = ()
    """Their last day is over: they ignore nothing any more."""
    unused: tuple[IgnoredDriftEntry, ...] = ()
    """They name no difference that there is, although what they are about was compared."""


def sift(drift: Drift, entries: Iterable[IgnoredDriftEntry], day: date) -> Sifted:
    """Take out of a drift what the entries ignore on a day."""
    listed = tuple(entries)
    ended = tuple(each for each in listed if each.last_day < day)
    holds = {_meant(each): each for each in listed if each.last_day >= day}
    found = {(row.difference, row.thing) for row in drift.rows}
    unseen = {each.part for each in drift.not_compared}
    return Sifted(
        tuple(row for row in drift.rows if (row.difference, row.thing) not in holds),
        tuple(
            Ignored(row, holds[row.difference, row.thing])
            for row in drift.rows
            if (row.difference, row.thing) in holds
        ),
        ended,
        tuple(
            each
            for meant, each in holds.items()
            if meant not in found and PART_OF[each.kind].value not in unseen
        ),
    )


def _meant(entry: IgnoredDriftEntry) -> tuple[object, Thing]:
    return entry.difference, Thing(entry.kind, entry.names)
