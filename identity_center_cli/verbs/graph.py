"""`identity-center graph`: who reaches what through what, as a picture."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from identity_center_cli.exit_status import AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.report.contents import Report
from identity_center_cli.report.graph import graph_of
from identity_center_cli.report.of_stack import report_of
from identity_center_cli.stacks.named import ACCOUNT, PERMISSION_SET, PERSON, UnknownNameError, find
from identity_center_cli.stacks.options import add_stack_options
from identity_center_cli.stacks.recorded import UnusableStackError
from identity_center_cli.stacks.snapshots import UnusableModelError
from identity_guard.chains.drawing import Drawing, as_dot, as_mermaid
from identity_guard.chains.svg import as_svg

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION: Final = """Draws people, groups, permission sets and accounts of a model or a state, with how
strong each set is: as a Mermaid flowchart, which forges and wikis show, for Graphviz, or as SVG. Long lists
are drawn as their number; name a person, an account or a permission set to see that part whole. AWS is not
asked."""
FORMS: Final[Mapping[str, Callable[[Drawing], str]]] = {
    "mermaid": as_mermaid,
    "dot": as_dot,
    "svg": as_svg,
}
ERRORS: Final = (UnknownNameError, UnusableModelError, UnusableStackError)


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    verb = with_examples(
        verbs.add_parser("graph", help="who reaches what, as a picture", description=DESCRIPTION),
        "identity-center graph --model access/ --who ada",
        "identity-center graph --model access/ --account shop-production --format svg > shop.svg",
        "pulumi stack export | identity-center graph --state -",
    )
    add_stack_options(verb)
    verb.add_argument("--organisation", type=Path, metavar="FILE", help="names of accounts: a snapshot")
    verb.add_argument("--who", metavar="PERSON", help="only what one person reaches")
    verb.add_argument("--account", metavar="ACCOUNT", help="only who reaches one account: number or name")
    verb.add_argument("--set", dest="permission_set", metavar="SET", help="only one permission set")
    verb.add_argument("--format", choices=tuple(FORMS), default="mermaid", help="default: mermaid")
    verb.set_defaults(act=_act)


def _act(arguments: argparse.Namespace) -> int:
    report = report_of(arguments.model, arguments.state, arguments.organisation)
    drawing = graph_of(report, *_asked(arguments, report))
    sys.stdout.write(FORMS[arguments.format](drawing))
    for note in report.notes:
        sys.stderr.write(f"note: {note}\n")
    return AS_IT_SHOULD_BE


def _asked(arguments: argparse.Namespace, report: Report) -> tuple[str | None, str | None, str | None]:
    people = {_word(each.key): (each.name, each.user_name) for each in report.people}
    accounts = {each.id: (each.name,) for each in report.accounts}
    sets = {_word(each.key): (each.name,) for each in report.permission_sets}
    person = find(arguments.who, PERSON, people) if arguments.who else None
    made = find(arguments.permission_set, PERMISSION_SET, sets) if arguments.permission_set else None
    return (
        next((each.key for each in report.people if _word(each.key) == person), None),
        find(arguments.account, ACCOUNT, accounts) if arguments.account else None,
        next((each.key for each in report.permission_sets if _word(each.key) == made), None),
    )


def _word(key: str) -> str:
    """Return what a person calls something whose key is the URN of its resource."""
    return key.rsplit("::", 1)[-1]
