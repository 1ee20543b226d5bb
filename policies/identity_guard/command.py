"""The command line of the evaluator, for cases in files."""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import BinaryIO, Final, TextIO

from identity_guard.testing.case_verdict import CaseError, read_case, unread_case, verdict_of

DONE: Final = 0
BROKEN_OFF: Final = 1
"""The exit status where nobody reads the verdicts any more."""
SOME_UNREAD: Final = 2
"""The exit status where at least one line could not be read as a case; the others are judged all the same."""
PROGRESS_EVERY: Final = 1_000
"""After how many cases a line on standard error says how far it is."""

DESCRIPTION: Final = """\
Judge IAM documents: root-level access, escalation paths, MFA, public trust.

verdicts reads one case a line from standard input and writes one verdict a line to standard output, in the
same order. A case has `id`, `kind` (identity, permission_set, trust, scp, malformed), `policies` (each with
`document`, `text` or `managed_arn`) and an optional `boundary`. Errors and progress go to standard error.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the answer is the exit status: 0, or 2 where a line is no case."""
    options = _parser().parse_args(arguments)
    now = None if options.now is None else options.now.timestamp()
    try:
        return write_verdicts(_lines(sys.stdin.buffer), sys.stdout, sys.stderr, now)
    except BrokenPipeError:
        # Whoever read the verdicts has gone; nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_OFF


def _lines(source: BinaryIO) -> Iterator[str]:
    """Decode line by line, so that one line that is no text does not end the run."""
    for line in source:
        yield line.decode("utf-8", errors="surrogateescape")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m identity_guard",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    verdicts = commands.add_parser("verdicts", help="judge one case a line")
    verdicts.add_argument(
        "--now",
        type=_moment,
        metavar="DATE",
        help="the time of the check as an ISO 8601 date (default: the clock)",
    )
    return parser


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def write_verdicts(lines: Iterable[str], out: TextIO, errors: TextIO, now: float | None) -> int:
    """Judge each line that is not blank; a line that is no case gets a verdict that says so."""
    status = DONE
    count = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            verdict = verdict_of(read_case(line), now)
        except CaseError as error:
            status = SOME_UNREAD
            errors.write(f"line {number}: {error}\n")
            verdict = unread_case(error.case_id or f"line {number}", f"line {number}: {error}")
        out.write(json.dumps(verdict) + "\n")
        count += 1
        if count % PROGRESS_EVERY == 0:
            errors.write(f"{count} cases judged\n")
    return status
