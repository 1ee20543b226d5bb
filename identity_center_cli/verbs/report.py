"""`identity-center report`: who can reach what, how strong it is, in one file that anybody can read."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from identity_center.model.organisation.organisation import Organisation
from identity_center_cli.exit_status import AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.report import from_model
from identity_center_cli.report.contents import Report
from identity_center_cli.report.from_stack import StackAccess
from identity_center_cli.report.page import as_html
from identity_center_cli.report.page_data import as_json
from identity_center_cli.report.table import as_csv
from identity_center_cli.stacks.planned import view_of_model
from identity_center_cli.stacks.recorded import UnusableStackError, read_state, resources_of_state, view_of
from identity_center_cli.stacks.written_model import UnusableModelError, read_model, read_organisation

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION: Final = """Writes who can reach which account, with what, how strong that is and through which
path: as one HTML page that needs no network, as CSV or as JSON. AWS is not asked; what is not known stands in
the report."""
FORMS: Final[Mapping[str, Callable[[Report], str]]] = {"html": as_html, "csv": as_csv, "json": as_json}
ERRORS: Final = (UnusableStackError, UnusableModelError)
NOT_OF_A_STATE: Final = (
    "a state does not say who owns a grant, or until when it is given (--model does)",
    "a state does not say which applications people reach (--model does)",
)


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    verb = with_examples(
        verbs.add_parser(
            "report", help="who can reach what, as a page, CSV or JSON", description=DESCRIPTION
        ),
        "identity-center report --model access/ > access.html",
        "pulumi stack export | identity-center report --state - --format csv > access.csv",
    )
    source = verb.add_mutually_exclusive_group(required=True)
    source.add_argument("--model", type=Path, metavar="PATH", help="a stack's file or a folder of the model")
    source.add_argument(
        "--state", metavar="FILE", help="what `pulumi stack export` printed (`-`: standard input)"
    )
    verb.add_argument(
        "--organisation", type=Path, metavar="FILE", help="names and units of accounts: a snapshot of them"
    )
    verb.add_argument("--format", choices=tuple(FORMS), default="html", help="default: html")
    verb.add_argument(
        "--output", type=Path, metavar="FILE", help="where to write it; default: standard output"
    )
    verb.set_defaults(act=_act)


def _act(arguments: argparse.Namespace) -> int:
    organisation = read_organisation(arguments.organisation) if arguments.organisation else None
    if arguments.model is not None:
        made = report_of_model(arguments.model, arguments.organisation, organisation)
    else:
        made = report_of_state(arguments.state, organisation)
    text = FORMS[arguments.format](made)
    if arguments.output is None:
        sys.stdout.write(text)
    else:
        arguments.output.write_text(text, encoding="utf-8")
    return AS_IT_SHOULD_BE


def report_of_model(place: Path, snapshot: Path | None, organisation: Organisation | None) -> Report:
    """Report what a model would grant. Raises UnusableModelError with every mistake."""
    assembled = read_model(place, snapshot)
    access = assembled.access
    names, units = from_model.names_and_units(organisation)
    stack = StackAccess(view_of_model(access), names, units, from_model.terms_by_assignment(access))
    return Report(
        title=f"Access of {place.name}",
        about=f"What the model {place.name} grants",
        people=stack.people,
        groups=stack.groups,
        permission_sets=stack.permission_sets,
        accounts=stack.accounts,
        grants=stack.grants,
        others=(*stack.others, *from_model.applications(access)),
        mfa=from_model.mfa_settings(access),
        exceptions=tuple(from_model.exceptions(access)),
        due=from_model.due(assembled),
        notes=(*assembled.unchecked, *stack.unplaced),
    )


def report_of_state(place: str, organisation: Organisation | None) -> Report:
    """Report what an exported state grants. Raises UnusableStackError."""
    view = view_of(resources_of_state(read_state(place)), {})
    names, units = from_model.names_and_units(organisation)
    stack = StackAccess(view, names, units)
    return Report(
        title="Access of a stack",
        about="What the exported state of a stack grants",
        people=stack.people,
        groups=stack.groups,
        permission_sets=stack.permission_sets,
        accounts=stack.accounts,
        grants=stack.grants,
        others=stack.others,
        notes=(*NOT_OF_A_STATE, *stack.unplaced),
    )
