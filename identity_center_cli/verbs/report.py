"""`identity-center report`: who can reach what, how strong it is, in one file that anybody can read."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from identity_center_cli.exit_status import AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.report.contents import Report
from identity_center_cli.report.of_stack import report_of
from identity_center_cli.report.page import as_html
from identity_center_cli.report.page_data import as_json
from identity_center_cli.report.table import as_csv
from identity_center_cli.stacks.options import add_stack_options
from identity_center_cli.stacks.recorded import UnusableStackError
from identity_center_cli.stacks.written_model import UnusableModelError

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION: Final = """Writes who can reach which account, with what, how strong that is and through which
path: as one HTML page that needs no network, as CSV or as JSON. AWS is not asked; what is not known stands in
the report."""
FORMS: Final[Mapping[str, Callable[[Report], str]]] = {"html": as_html, "csv": as_csv, "json": as_json}
ERRORS: Final = (UnusableStackError, UnusableModelError)


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    verb = with_examples(
        verbs.add_parser(
            "report", help="who can reach what, as a page, CSV or JSON", description=DESCRIPTION
        ),
        "identity-center report --model access/ > access.html",
        "pulumi stack export | identity-center report --state - --format csv > access.csv",
    )
    add_stack_options(verb)
    verb.add_argument(
        "--organisation", type=Path, metavar="FILE", help="names and units of accounts: a snapshot of them"
    )
    verb.add_argument("--format", choices=tuple(FORMS), default="html", help="default: html")
    verb.add_argument(
        "--output", type=Path, metavar="FILE", help="where to write it; default: standard output"
    )
    verb.set_defaults(act=_act)


def _act(arguments: argparse.Namespace) -> int:
    text = FORMS[arguments.format](report_of(arguments.model, arguments.state, arguments.organisation))
    if arguments.output is None:
        sys.stdout.write(text)
    else:
        arguments.output.write_text(text, encoding="utf-8")
    return AS_IT_SHOULD_BE
