"""`identity-center review`: what of a model somebody has to look at, and when they look again."""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from identity_center.model.access.reviews import Due, Look, looks, undated, words
from identity_center.model.language.clock import clock, day_of, said
from identity_center.model.language.keys.values import parse_date
from identity_center.model.mistakes import Position, suggestion
from identity_center.model.reading.load import Loaded, load
from identity_center.model.reading.sources import Sources
from identity_center_cli.exit_status import AS_IT_SHOULD_BE, NOT_AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.stacks.edited_model import with_date
from identity_center_cli.stacks.snapshots import UnusableModelError
from identity_center_cli.stacks.written_model import read_sources, refused
from identity_center_cli.tables import as_csv

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION: Final = """Lists what of an access model somebody has to look at: grants whose review is due,
access that ends or has ended, settings to be confirmed, exceptions that end. With --confirm, writes the next
date of an entry into its file, in which nothing else changes. AWS is not asked. Exit status: 1 where
something is due."""
COLUMNS: Final = ("entry", "due", "by", "what", "owner", "ticket", "place")
_KEYS: Final[Mapping[Due, str]] = {Due.REVIEW: "reviewBy", Due.CONFIRMATION: "validUntil"}
"""What is written when somebody has looked."""


class UnknownEntryError(ValueError):
    """No entry of the model is called so, or it cannot be confirmed."""


ERRORS: Final = (UnknownEntryError, UnusableModelError)


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    verb = with_examples(
        verbs.add_parser("review", help="what somebody has to look at", description=DESCRIPTION),
        "identity-center review",
        'identity-center review --due 2027-03-31 --owner "shop team" --format csv > review.csv',
        "identity-center review --confirm access/assignments.yaml:12 --until 2027-12-31",
    )
    verb.add_argument(
        "--model", type=Path, default=Path("access"), metavar="PATH",
        help="a stack's file or a folder of the model (default: access)",
    )  # fmt: skip
    verb.add_argument("--due", type=_day, metavar="DATE", help="what is due by this day (default: today)")
    verb.add_argument("--owner", metavar="TEAM", help="only what this team answers for")
    verb.add_argument(
        "--confirm", action="append", default=[], metavar="ENTRY",
        help="that somebody looked at it: `assignments[0]`, or its place such as access/assignments.yaml:12",
    )  # fmt: skip
    verb.add_argument("--until", type=_day, metavar="DATE", help="with --confirm: when to look again")
    verb.add_argument("--format", choices=("human", "csv", "json"), default="human", help="default: human")
    verb.set_defaults(act=_act)


def _day(text: str) -> date:
    day = parse_date(text)
    if day is None:
        raise argparse.ArgumentTypeError(f"`{text}` is not a day such as 2027-02-15")
    return day


def _act(arguments: argparse.Namespace) -> int:
    sources = read_sources(arguments.model)
    loaded = load(sources.values, complete=sources.complete)
    mistakes = [*sources.mistakes, *loaded.mistakes]
    if mistakes:
        raise refused(mistakes, arguments.model, sources.places)
    if arguments.confirm or arguments.until:
        return _confirm(arguments, sources, loaded)
    now = clock(os.environ)
    last = arguments.due or now.day
    every = looks(loaded.declaration, loaded.assignment_places, now)
    due = [each for each in every if day_of(each.by) <= last and _is_of(each, arguments.owner)]
    _FORMS[arguments.format](due, sources, loaded)
    _warn_of_unknown(arguments.owner, every)
    return NOT_AS_IT_SHOULD_BE if due else AS_IT_SHOULD_BE


def _warn_of_unknown(owner: str | None, every: Iterable[Look]) -> None:
    """Say that no entry is a team's: of a slip of the keyboard `nothing is due` is said as well."""
    known = {each.owner.casefold(): each.owner for each in every if each.owner}
    if owner is not None and owner.casefold() not in known:
        close = suggestion(owner, known.values(), kind="owner")
        sys.stderr.write(f"no entry that is ever due is `{owner}`'s; {close}\n")


def _is_of(look: Look, owner: str | None) -> bool:
    return owner is None or look.owner.casefold() == owner.casefold()


def _place(look: Look, sources: Sources) -> Position | None:
    return sources.places.position(look.path, at_key=True)


def _line(look: Look, sources: Sources) -> str:
    place = _place(look, sources)
    return f"{place.file}:{place.line}" if place else look.entry


def _row(look: Look, sources: Sources) -> tuple[str, ...]:
    return (
        look.entry, look.why.value, said(look.by), look.what, look.owner, look.ticket, _line(look, sources)
    )  # fmt: skip


def _print(due: Iterable[Look], sources: Sources, loaded: Loaded) -> None:
    count = 0
    for count, look in enumerate(due, start=1):  # noqa: B007  # the count outlives the loop
        terms = ", ".join(filter(None, (look.owner, look.ticket)))
        told = f"{_line(look, sources)}: {words(look)}: {look.what}"
        sys.stdout.write(f"{told} ({terms})\n" if terms else f"{told}\n")
    sys.stdout.write(f"{count} to look at\n" if count else "nothing is due\n")
    if unasked := _unasked(loaded):
        grants = f"{unasked} grant{'s' * (unasked != 1)}"
        sys.stdout.write(f"nobody is ever asked about {grants}: no `reviewBy`, no `expires`\n")


def _unasked(loaded: Loaded) -> int:
    return len(undated(loaded.declaration, loaded.assignment_places))


def _print_csv(due: Iterable[Look], sources: Sources, _loaded: Loaded) -> None:
    sys.stdout.write(as_csv(COLUMNS, (_row(each, sources) for each in due)))


def _print_json(due: Iterable[Look], sources: Sources, loaded: Loaded) -> None:
    document: dict[str, Any] = {
        "due": [dict(zip(COLUMNS, _row(each, sources), strict=True)) for each in due],
        "grantsWithoutReview": _unasked(loaded),
    }
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


_FORMS: Final = {"human": _print, "csv": _print_csv, "json": _print_json}


def _confirm(arguments: argparse.Namespace, sources: Sources, loaded: Loaded) -> int:
    """Write the next date of each entry, or of none where one is unknown."""
    if not (arguments.confirm and arguments.until):
        raise UnknownEntryError("--confirm and --until belong together: which entry, and when to look again")
    now = clock(os.environ)
    if arguments.until <= now.day:
        raise UnknownEntryError(f"--until {arguments.until} is not after today: nobody would look again")
    paths = [_named(each, sources, loaded) for each in arguments.confirm]
    for path, key in paths:
        with_date(sources, arguments.model, path, key, arguments.until.isoformat())
    for path, key in paths:
        # Each is read anew, since a date that one did not have moves the lines of the next.
        current = read_sources(arguments.model)
        with_date(current, arguments.model, path, key, arguments.until.isoformat()).write()
        place = current.places.position(path, at_key=True)
        sys.stdout.write(f"{place}: {key} is {arguments.until}\n")
    return AS_IT_SHOULD_BE


def _named(wanted: str, sources: Sources, loaded: Loaded) -> tuple[tuple[str | int, ...], str]:
    """Return the path of an entry and the key of its date."""
    entries = _entries(loaded)
    by_name = {each.entry: each for each in entries}
    by_name |= {_line(each, sources): each for each in entries}
    found = by_name.get(wanted) or by_name.get(wanted.rpartition(":")[0])
    if found is None:
        raise UnknownEntryError(f"no entry is `{wanted}`; {suggestion(wanted, by_name, kind='entry')}")
    if found.why in (Due.OVER, Due.EXCEPTION):
        raise UnknownEntryError(
            f"{wanted} {words(found)}: looking at it does not prolong it; write a later `expires` by hand"
        )
    return found.path, _KEYS.get(found.why, _KEYS[Due.REVIEW])


def _entries(loaded: Loaded) -> list[Look]:
    """Return every entry that can be looked at, those without a date among them."""
    declared = loaded.declaration
    dated = looks(declared, loaded.assignment_places, clock(os.environ))
    return [*undated(declared, loaded.assignment_places), *dated]
