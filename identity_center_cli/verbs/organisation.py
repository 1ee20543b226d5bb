"""`identity-center organisation snapshot`: the organisation in a file, for previews that must not ask AWS."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from identity_center.model.language.targets import Reading
from identity_center.model.organisation.organisation import Organisation, UnreadOrganisationError
from identity_center.model.organisation.snapshot import write_snapshot
from identity_center_cli.aws import clock
from identity_center_cli.aws.organisation import EVERYTHING, REQUESTS_PER_SECOND, read_organisation
from identity_center_cli.command_parser import COMMAND
from identity_center_cli.connection import add_connection_options, add_outputs_option, connection
from identity_center_cli.exit_status import AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION = """Writes accounts (ids, names, states, tags) and organisational units to a file to be
committed and named under `identity-center:organisationSnapshot`. Programs of that stack then resolve their
targets from the file and ask AWS nothing about the organisation. With --with-policies it has the service
and resource control policies, too, for `identity-center explain`. No e-mail address is in it."""
DEFAULT_FILE = "organisation.json"
ERRORS = (UnreadOrganisationError,)
"""What ends the verb with a message."""


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    text = "the organisation's accounts and units"
    calls = (
        "identity-center organisation snapshot",
        "identity-center organisation snapshot --output organisation.json --profile management",
    )
    group = with_examples(verbs.add_parser("organisation", help=text, description=text), *calls)
    inner = group.add_subparsers(metavar=COMMAND, required=True)
    verb = with_examples(
        inner.add_parser("snapshot", help="write them to a file", description=DESCRIPTION), *calls
    )
    verb.add_argument("--output", type=Path, default=Path(DEFAULT_FILE), metavar="FILE",
                      help=f"where to write it (default: {DEFAULT_FILE})")  # fmt: skip
    verb.add_argument("--without-tags", action="store_true",
                      help="leave tags out: one request less for each account")  # fmt: skip
    verb.add_argument("--with-policies", action="store_true",
                      help="also service and resource control policies, which `identity-center explain` "
                      "takes: two requests more for each")  # fmt: skip
    verb.add_argument("--requests-per-second", type=_positive, default=REQUESTS_PER_SECOND, metavar="N",
                      help=f"default: {REQUESTS_PER_SECOND:g}")  # fmt: skip
    add_outputs_option(verb)
    add_connection_options(verb)
    verb.set_defaults(act=_act)


def _positive(text: str) -> float:
    number = float(text)
    if number <= 0:
        raise ValueError(text)
    return number


def _act(arguments: argparse.Namespace) -> int:
    needed = EVERYTHING - {Reading.TAGS} if arguments.without_tags else EVERYTHING
    organisation = read_organisation(
        connection(arguments).settings(),
        needed,
        arguments.requests_per_second,
        policies=arguments.with_policies,
    )
    arguments.output.write_text(write_snapshot(organisation, clock.now()), encoding="utf-8")
    sys.stdout.write(_summary(organisation, arguments.output))
    return AS_IT_SHOULD_BE


def _summary(organisation: Organisation, output: Path) -> str:
    accounts = organisation.accounts or {}
    closed = len(accounts) - len(organisation.members) - 1
    limits = organisation.limits
    policies = f", and {len(limits.policies)} policies that limit them" if limits else ""
    return (
        f"{len(accounts)} accounts ({closed} not in use) and {len(organisation.units)} units, "
        f"the root included{policies}, are in {output}\n"
    )
