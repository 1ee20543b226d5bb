"""`identity-center report`: who can reach what, how strong it is, in one file that anybody can read."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from identity_center.model.existing.existing import Existing
from identity_center.model.existing.snapshot_file import UnusableExistingError
from identity_center.model.organisation.organisation import Organisation
from identity_center_cli.exit_status import AS_IT_SHOULD_BE, COULD_NOT_READ
from identity_center_cli.help_text import with_examples
from identity_center_cli.report.contents import Report
from identity_center_cli.report.evidence import UnusableEvidenceError, with_root_audit, with_sign_ins
from identity_center_cli.report.from_existing import report_of_existing
from identity_center_cli.report.of_stack import report_of
from identity_center_cli.report.page import as_html
from identity_center_cli.report.page_data import as_json
from identity_center_cli.report.side_by_side import side_by_side
from identity_center_cli.report.table import as_csv
from identity_center_cli.stacks.recorded import UnusableStackError
from identity_center_cli.stacks.snapshots import UnusableModelError
from identity_center_cli.verbs.snapshot import (
    DEFAULT_FILE,
    add_reading_options,
    name_unread,
    read_as_told,
    read_snapshot_file,
)

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION: Final = """Writes who can reach which account, with what, how strong that is and through which
path: as one HTML page that needs no network, as CSV or as JSON. Of the code (a model or a state), of AWS
(asked now, or a snapshot), or of both side by side, with what is missing and what nobody wrote. What is not
known stands in the report. Exit status 2 where AWS refused a part."""
FORMS: Final[Mapping[str, Callable[[Report], str]]] = {"html": as_html, "csv": as_csv, "json": as_json}
MODEL, STATE, AWS, SNAPSHOT = "model", "state", "aws", "snapshot"
#: Of each pair only one can be meant.
_PAIRS: Final = ((MODEL, STATE), (AWS, SNAPSHOT))


class UnclearSourceError(ValueError):
    """It is not said what to report of."""


ERRORS: Final = (
    UnusableStackError,
    UnusableModelError,
    UnusableExistingError,
    UnusableEvidenceError,
    UnclearSourceError,
)


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    verb = with_examples(
        verbs.add_parser(
            "report", help="who can reach what, as a page, CSV or JSON", description=DESCRIPTION
        ),
        "identity-center report --model access/ > access.html",
        "identity-center report --model access/ --from aws --region eu-central-1 > access.html",
        "pulumi stack export | identity-center report --from state --format csv > access.csv",
        "identity-center report --from snapshot --mfa-evidence mfa.json --root-audit root.json > access.html",
    )
    sources = (MODEL, STATE, AWS, SNAPSHOT)
    verb.add_argument(
        "--from",
        dest="sources",
        nargs="+",
        choices=sources,
        default=[],
        help="what to report: one of model and state, one of aws and snapshot, or one of each side by "
        "side; "
        "an option below that names a file says the same",
    )
    verb.add_argument(
        "--model", type=Path, metavar="PATH", help="a stack's file or a folder of the model (default: access)"
    )
    verb.add_argument("--state", metavar="FILE", help="what `pulumi stack export` printed (default: `-`, "
                      "standard input)")  # fmt: skip
    verb.add_argument("--snapshot", type=Path, metavar="FILE",
                      help=f"what `snapshot` wrote (default: {DEFAULT_FILE})")  # fmt: skip
    verb.add_argument(
        "--organisation", type=Path, metavar="FILE", help="names and units of accounts: a snapshot of them"
    )
    verb.add_argument("--mfa-evidence", type=Path, metavar="FILE", help="sign-ins that `mfa evidence` saw")
    verb.add_argument("--root-audit", type=Path, metavar="FILE", help="root users that `root audit` saw")
    verb.add_argument("--format", choices=tuple(FORMS), default="html", help="default: html")
    verb.add_argument(
        "--output", type=Path, metavar="FILE", help="where to write it; default: standard output"
    )
    add_reading_options(verb)
    verb.set_defaults(act=_act)


def _act(arguments: argparse.Namespace) -> int:
    sources = _sources(arguments)
    existing = _existing(arguments, sources)
    report = _report(arguments, sources, existing)
    if arguments.mfa_evidence is not None:
        report = with_sign_ins(report, arguments.mfa_evidence)
    if arguments.root_audit is not None:
        report = with_root_audit(report, arguments.root_audit)
    text = FORMS[arguments.format](report)
    if arguments.output is None:
        sys.stdout.write(text)
    else:
        arguments.output.write_text(text, encoding="utf-8")
    return COULD_NOT_READ if existing is not None and name_unread(existing) else AS_IT_SHOULD_BE


def _sources(arguments: argparse.Namespace) -> frozenset[str]:
    """Return what is meant, by word or by file."""
    named = {name for name in (MODEL, STATE, SNAPSHOT) if getattr(arguments, name) is not None}
    found = frozenset({*arguments.sources, *named})
    for pair in _PAIRS:
        if found.issuperset(pair):
            raise UnclearSourceError(f"{pair[0]} and {pair[1]} are two words for one side: give one of them")
    if not found:
        raise UnclearSourceError(
            "it is not said what to report: give --model, --state or --snapshot, or --from aws"
        )
    return found


def _existing(arguments: argparse.Namespace, sources: frozenset[str]) -> Existing | None:
    if AWS in sources:
        return read_as_told(arguments, keep_in=None)
    if SNAPSHOT not in sources:
        return None
    return read_snapshot_file(arguments.snapshot or Path(DEFAULT_FILE))


def _report(arguments: argparse.Namespace, sources: frozenset[str], existing: Existing | None) -> Report:
    live = None if existing is None else report_of_existing(existing)
    if live is not None and not sources & {MODEL, STATE}:
        return live
    known = existing.organisation if existing is not None else None
    organisation: Path | Organisation | None = arguments.organisation or known
    model = (arguments.model or Path("access")) if MODEL in sources else None
    code = report_of(model, arguments.state, organisation)
    return code if live is None else side_by_side(code, live)
