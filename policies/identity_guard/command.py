"""The command line of the evaluator, for cases in files."""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final, TextIO

from .iam.case_verdict import CaseError, read_case, unread_case, verdict_of

DONE: Final = 0
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
    return write_verdicts(sys.stdin, sys.stdout, sys.stderr, now)


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
            case = read_case(line)
            verdict = verdict_of(case, now)
        except CaseError as error:
            status = SOME_UNREAD
            errors.write(f"line {number}: {error}\n")
            verdict = unread_case(f"line {number}", f"line {number}: {error}")
        out.write(json.dumps(verdict) + "\n")
        count += 1
        if count % PROGRESS_EVERY == 0:
            errors.write(f"{count} cases judged\n")
    return status
