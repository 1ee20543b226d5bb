"""`identity-center snapshot`: everything that the instance holds, in a file."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.least_calls import PER_SECOND
from identity_center.model.existing.parts import NOT_ASKED, Part
from identity_center.model.existing.snapshot_file import (
    UnusableExistingError,
    for_review,
    read_existing,
    write_existing,
)
from identity_center_cli.aws.instance.kept_answers import UnusableKeptAnswersError
from identity_center_cli.aws.instance.reader import EVERYTHING, HowToRead, OtherInstanceError, read_instance
from identity_center_cli.aws.lookups.names_in_use import NOT_ALLOWED
from identity_center_cli.aws.private_file import write_text
from identity_center_cli.aws.sessions import caller_arn
from identity_center_cli.connection import add_connection_options, connection
from identity_center_cli.exit_status import AS_IT_SHOULD_BE, COULD_NOT_READ
from identity_center_cli.help_text import with_examples
from identity_center_cli.numbers import positive

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION: Final = """Reads everything that the Identity Center instance of a Region holds, and writes it
to a file that only its owner may read. The file holds data of people: keep it out of version control,
or write it with --for-review. What AWS refuses is named, in the file too, and everything else is read."""
PARTS: Final = ", ".join(part.value for part in Part)
DEFAULT_FILE: Final = "identity-center.snapshot.json"
_READS: Final = "reading"
_SLOWER: Final = "AWS asks for fewer requests"
ERRORS: Final = (UnusableKeptAnswersError, UnusableExistingError, OtherInstanceError)
"""What ends the verb with a message."""


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    verb = with_examples(
        verbs.add_parser(
            "snapshot", help="everything that the instance holds, in a file", description=DESCRIPTION
        ),
        "identity-center snapshot",
        "identity-center snapshot --output people.json --only users groups memberships",
        "identity-center snapshot --resume",
        "identity-center snapshot --since identity-center.snapshot.json",
    )
    verb.add_argument("--output", type=Path, default=Path(DEFAULT_FILE), metavar="FILE",
                      help=f"where to write it (default: {DEFAULT_FILE})")  # fmt: skip
    verb.add_argument("--for-review", action="store_true",
                      help="leave out everything but ids, keys and names")  # fmt: skip
    verb.add_argument("--resume", action="store_true",
                      help="go on from the answers that an interrupted reading, or one that AWS refused "
                           "something, left beside FILE")  # fmt: skip
    verb.add_argument("--since", type=Path, metavar="FILE",
                      help="an earlier snapshot to go on from: assignments are asked for by user and group, "
                           "where that takes fewer requests; all else is read again")  # fmt: skip
    add_reading_options(verb)
    verb.set_defaults(act=_act)


def add_reading_options(verb: argparse.ArgumentParser) -> None:
    """Add what every verb that reads the instance takes."""
    verb.add_argument("--only", nargs="+", type=_part, metavar="PART", default=None,
                      help=f"read these and what they need (default: everything): {PARTS}")  # fmt: skip
    add_connection_options(verb, instance=True)
    verb.add_argument("--requests-per-second", type=positive, default=float(PER_SECOND), metavar="N",
                      help=f"default: {PER_SECOND}, all that the service takes")  # fmt: skip


def _part(text: str) -> Part:
    try:
        return Part(text)
    except ValueError as error:
        known = ", ".join(part.value for part in Part)
        raise argparse.ArgumentTypeError(f"`{text}` is no part; there are: {known}") from error


def read_as_told(
    arguments: argparse.Namespace,
    *,
    keep_in: Path | None,
    resume: bool = False,
    since: Existing | None = None,
    parts: frozenset[Part] | None = None,
) -> Existing:
    """Read the instance as the options say, with a progress bar where somebody looks at it.

    `parts` are read in the place of those that the options name.
    """
    if parts is None:
        parts = frozenset(arguments.only) if arguments.only else EVERYTHING
    with progress() as bar:
        how = HowToRead(
            parts,
            keep_in,
            resume=resume,
            since=since,
            per_second=arguments.requests_per_second,
            on_answer=bar.answered,
            on_wait=bar.waits,
        )
        asked = connection(arguments)
        existing = read_instance(asked.settings(), how, asked.instance_arn)
    if any(each.why in NOT_ALLOWED for each in existing.unread):
        who = caller_arn(asked.settings()) or "somebody whom AWS does not name"
        sys.stderr.write(f"asked as {who}, who may not read all; docs/permissions.md has what it takes\n")
    return existing


class ReadingBar:
    """A bar on a terminal's standard error; elsewhere nothing, but one line where the reading has to wait."""

    def __init__(self, bar: Progress, *, on_terminal: bool) -> None:
        """Take the bar, which shows nothing where there is no terminal."""
        self._bar, self._task = bar, bar.add_task(_READS, total=None)
        self._on_terminal, self._untold = on_terminal, Lock()

    def answered(self, done: int, known: int) -> None:
        """Show the numbers of requests done and known."""
        self._bar.update(self._task, completed=done, total=known, description=_READS)

    def waits(self) -> None:
        """Say that AWS asks for fewer requests."""
        self._bar.update(self._task, description=f"waiting: {_SLOWER}")
        # Several threads wait at once, and the first of them takes the lock for good.
        if not self._on_terminal and self._untold.acquire(blocking=False):
            sys.stderr.write(f"{_SLOWER}: the reading waits, and goes on by itself\n")


@contextmanager
def progress() -> Iterator[ReadingBar]:
    """Show a bar on a terminal's standard error; logs stay logs."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield ReadingBar(bar, on_terminal=console.is_terminal)


def _act(arguments: argparse.Namespace) -> int:
    output: Path = arguments.output
    kept = output.with_name(f".{output.name}.partial")
    since = None if arguments.since is None else read_snapshot_file(arguments.since)
    existing = read_as_told(arguments, keep_in=kept, resume=arguments.resume, since=since)
    write_text(write_existing(for_review(existing) if arguments.for_review else existing), output)
    sys.stdout.write(_summary(existing, output))
    if not name_unread(existing):
        return AS_IT_SHOULD_BE
    sys.stderr.write("what AWS did say is kept beside it: --resume asks for the rest only\n")
    return COULD_NOT_READ


def read_snapshot_file(file: Path) -> Existing:
    """Read what the command wrote. Raises UnusableExistingError, or OSError."""
    try:
        return read_existing(file.read_text(encoding="utf-8"))
    except UnusableExistingError as error:
        raise UnusableExistingError(f"{file}: {error}") from error


def name_unread(existing: Existing) -> int:
    """Name on standard error what AWS did not say, and count it; what nobody asked for is no failure."""
    refused = [each for each in existing.unread if each.why != NOT_ASKED]
    for each in refused:
        sys.stderr.write(f"NOT READ: {each}\n")
    return len(refused)


def _summary(existing: Existing, output: Path) -> str:
    not_asked = [each.part for each in existing.unread if each.why == NOT_ASKED]
    not_asked += [f"{each.part} of {each.of}" for each in existing.not_seen]
    left_out = f"; not asked for: {', '.join(not_asked)}" if not_asked else ""
    return (
        f"{len(existing.permission_sets)} permission sets, {len(existing.assignments)} assignments, "
        f"{len(existing.users)} users, {len(existing.groups)} groups, "
        f"{len(existing.applications)} applications "
        f"and {len(existing.entitlements)} entitlements are in {output}{left_out}\n"
    )
