"""`identity-center root`: the root users of the organisation's accounts, read and repaired."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from identity_center_cli.aws import clock
from identity_center_cli.aws.root.audit import AuditedOrganisation, Auditor, NoOrganisationError, RootAudit
from identity_center_cli.aws.root.audit_file import UnusableAuditError, save, still_good, to_json
from identity_center_cli.aws.root.posture import RootPosture, Standing
from identity_center_cli.command_parser import COMMAND
from identity_center_cli.connection import add_connection_options, add_outputs_option, connection
from identity_center_cli.exit_status import AS_IT_SHOULD_BE, COULD_NOT_READ, NOT_AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.numbers import positive
from identity_center_cli.verbs.root import remediate as root_remediate
from identity_center_cli.verbs.root.table import print_summary, show_table, to_csv

if TYPE_CHECKING:
    from argparse import _SubParsersAction

AUDIT = """Reads every account's root user: access keys, password, MFA, signing certificates, last use. The
management account through its summary and credential report, members in a root session with AWS's audit task
policy, or through a role. What could not be read is `unknown`, never fine. Exit status: 1 where a root user
has an access key, or a password or key without MFA; 2 where none was seen but something is unknown."""
DEFAULT_FILE = "root-audit.json"
#: A run that is killed loses no more than these.
ACCOUNTS_BETWEEN_SAVES = 25


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    text = "the root users of all accounts: audit them, remove their credentials"
    calls = (
        "identity-center root audit",
        "identity-center root audit --resume --profile management",
        "identity-center root audit --format csv > root-users.csv",
    )
    remediate = "identity-center root remediate 666666666666 777777777777"
    group = with_examples(verbs.add_parser("root", help=text, description=text), *calls, remediate)
    inner = group.add_subparsers(metavar=COMMAND, required=True)
    audit = with_examples(
        inner.add_parser("audit", help="read the root user of every account", description=AUDIT), *calls
    )
    add_reading_options(audit)
    audit.add_argument("--format", choices=("table", "csv", "json"), default="table", help="default: table")
    audit.add_argument(
        "--output",
        type=Path,
        default=Path(DEFAULT_FILE),
        metavar="FILE",
        help=f"where the result is kept, also of an interrupted run (default: {DEFAULT_FILE})",
    )
    audit.add_argument("--resume", action="store_true", help="keep what an earlier run saw and read the rest")
    audit.add_argument(
        "--resume-hours",
        type=positive,
        default=24.0,
        metavar="HOURS",
        help="how old a reading may be that --resume keeps (default: 24)",
    )
    add_outputs_option(audit)
    add_connection_options(audit)
    audit.set_defaults(act=_audit)
    root_remediate.add_verb(inner)


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of every reading."""
    parser.add_argument(
        "--role", metavar="NAME", help="role to read a member account through where a root session is refused"
    )
    parser.add_argument(
        "--requests-per-second",
        type=positive,
        default=10.0,
        metavar="N",
        help="over all accounts together (default: 10)",
    )


def _audit(arguments: argparse.Namespace) -> int:
    clock.now()
    auditor = Auditor(connection(arguments).session(), arguments.requests_per_second, arguments.role)
    organisation = auditor.organisation()
    earlier = _earlier(arguments, organisation)
    audit = _read(auditor, organisation, earlier, arguments.output)
    if arguments.format == "json":
        json.dump(to_json(audit), sys.stdout, indent=2)
        sys.stdout.write("\n")
    elif arguments.format == "csv":
        sys.stdout.write(to_csv(audit))
    else:
        show_table(audit)
        print_summary(audit, organisation, arguments.output)
    return status_of(audit)


def _earlier(arguments: argparse.Namespace, organisation: AuditedOrganisation) -> dict[str, RootPosture]:
    if not arguments.resume or not arguments.output.exists():
        return {}
    return still_good(arguments.output, organisation, timedelta(hours=arguments.resume_hours))


def _read(
    auditor: Auditor, organisation: AuditedOrganisation, earlier: dict[str, RootPosture], output: Path
) -> RootAudit:
    """Read what is not known from earlier; the file is written as accounts come in."""
    postures = dict(earlier)

    def audit() -> RootAudit:
        return RootAudit(
            organisation.organization_id,
            organisation.management_account_id,
            organisation.features,
            clock.now(),
            postures,
        )

    todo = [each for each in organisation.accounts if each.account_id not in earlier]
    with _bar(len(todo)) as advance:

        def keep(posture: RootPosture) -> None:
            postures[posture.account_id] = posture
            advance()
            if len(postures) % ACCOUNTS_BETWEEN_SAVES == 0:
                save(audit(), output)

        try:
            auditor.read(organisation, todo, keep)
        finally:
            # Also after Ctrl-C: the next run with --resume reads only the rest.
            save(audit(), output)
    return audit()


@contextmanager
def _bar(total: int) -> Iterator[Callable[[], None]]:
    """Show how many accounts are read, where standard error is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("root users"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("accounts", total=total)
        yield lambda: progress.advance(task)


def status_of(audit: RootAudit) -> int:
    """Return the exit status for what was found."""
    if audit.of_standing(Standing.BAD):
        return NOT_AS_IT_SHOULD_BE
    return COULD_NOT_READ if audit.of_standing(Standing.UNKNOWN) else AS_IT_SHOULD_BE


ERRORS = (NoOrganisationError, UnusableAuditError, root_remediate.UnfitAccountError, OSError)
"""What ends the verb with a message."""
