"""`identity-center verify`: the last step after an update, for whoever runs the stack and for each person."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from identity_center_cli.aws.portal.tokens import CACHE, NotSignedInError
from identity_center_cli.connection import (
    OUTPUTS,
    NoPortalError,
    add_connection_options,
    add_portal_options,
    read_outputs,
)
from identity_center_cli.exit_status import AS_IT_SHOULD_BE, COULD_NOT_READ, NOT_AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.numbers import whole
from identity_center_cli.report.of_person import UnknownPersonError
from identity_center_cli.stacks.listed_assignments import listed_regions
from identity_center_cli.stacks.recorded import UnusableStackError
from identity_center_cli.stacks.snapshots import UnusableModelError
from identity_center_cli.tables import as_csv

from .assignments import Row, verify_assignments
from .portal import UnknownVisitorError, verify_portal
from .regions import verify_regions

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION: Final = """Looks whether what a stack granted is there. With --expect, and credentials that may
read Identity Center: each assignment that the stack lists is in the instance, and its permission set is
provisioned in the account, in the latest form; and people can sign in at its additional Regions. Nothing else
of the instance is read; who has what besides is shown by `identity-center access`. With --portal, and the
token of `aws sso login`, no other credentials: what the access portal offers the person who has signed in,
beside what the model or state grants that person, and who STS says they are with the credentials of some of
these roles."""
ERRORS: Final = (
    NoPortalError,
    NotSignedInError,
    UnknownPersonError,
    UnknownVisitorError,
    UnusableModelError,
    UnusableStackError,
)
SAMPLE: Final = 3
#: Of `--format csv`: what was asked, who, what they have, and how that stands.
COLUMNS: Final = ("asked", "principalType", "principal", "kind", "name", "accountId", "standing", "session")


class Part(Protocol):
    """One part of a verification, done."""

    @property
    def broken(self) -> bool:
        """Whether something is not as it should be."""

    @property
    def unread(self) -> tuple[str, ...]:
        """What is not known."""

    def show(self) -> None:
        """Say it to a person, what is broken on standard error."""

    def document(self) -> Mapping[str, Any]:
        """Return the same as JSON."""

    def rows(self) -> Iterator[Row]:
        """Yield the same as rows of a table."""


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    verb = with_examples(
        verbs.add_parser(
            "verify",
            help="is what the stack granted there, and what does the portal offer",
            description=DESCRIPTION,
        ),
        "pulumi stack output --json --show-secrets | identity-center verify --expect -",
        "aws sso login --sso-session identity-center",
        "identity-center verify --portal --model access/",
        "identity-center verify --portal --model access/ --person ada --all --format json",
        "identity-center verify --expect outputs.json --format csv > verified.csv",
    )
    verb.add_argument("--expect", metavar="FILE", help=f"{OUTPUTS}, with --show-secrets: what is to be there")
    verb.add_argument("--format", choices=("human", "csv", "json"), default="human", help="default: human")
    _add_portal_options(verb.add_argument_group("what the access portal offers"))
    add_connection_options(verb, instance=True)
    verb.set_defaults(act=_act)


def _add_portal_options(group: "argparse._ActionsContainer") -> None:
    group.add_argument(
        "--portal", action="store_true", help="ask the access portal, with the token of `aws sso login`"
    )
    source = group.add_mutually_exclusive_group()
    source.add_argument("--model", type=Path, metavar="PATH", help="a stack's file or a folder of the model")
    source.add_argument(
        "--state", metavar="FILE", help="what `pulumi stack export` printed (`-`: standard input)"
    )
    group.add_argument(
        "--organisation", type=Path, metavar="FILE", help="accounts and units: a snapshot of them"
    )
    group.add_argument(
        "--person", metavar="PERSON", help="who has signed in (default: whoever STS says it is)"
    )
    group.add_argument(
        "--sample", type=whole, default=SAMPLE, metavar="N", help=f"try N roles with STS (default: {SAMPLE})"
    )
    group.add_argument("--all", action="store_true", help="try every role")
    group.add_argument(
        "--exactly",
        action="store_true",
        help="exit status 1 also where the portal offers what is not granted",
    )
    add_portal_options(group)
    group.add_argument(
        "--cache",
        type=Path,
        default=CACHE,
        metavar="FOLDER",
        help=f"where tokens are kept (default: {CACHE})",
    )


def _act(arguments: argparse.Namespace) -> int:
    _refuse_half_a_question(arguments)
    outputs = read_outputs(arguments.expect) if arguments.expect else {}
    parts = dict(_parts(arguments, outputs))
    if arguments.format == "json":
        json.dump({name: part.document() for name, part in parts.items()}, sys.stdout, indent=2)
        sys.stdout.write("\n")
    elif arguments.format == "csv":
        sys.stdout.write(as_csv(COLUMNS, (row for part in parts.values() for row in part.rows())))
    else:
        for part in parts.values():
            part.show()
    for each in (each for part in parts.values() for each in part.unread):
        sys.stderr.write(f"NOT READ: {each}\n")
    return _status(*parts.values())


def _parts(arguments: argparse.Namespace, outputs: Mapping[str, Any]) -> Iterator[tuple[str, Part]]:
    if arguments.expect:
        yield "assignments", verify_assignments(arguments, outputs)
        if regions := listed_regions(outputs):
            yield "regions", verify_regions(arguments, outputs, regions)
    if arguments.portal:
        yield "portal", verify_portal(arguments, outputs)


def _refuse_half_a_question(arguments: argparse.Namespace) -> None:
    """Refuse what would verify nothing, or compare with nothing. Raises NoPortalError."""
    given = arguments.model or arguments.state
    if not arguments.expect and not arguments.portal:
        raise NoPortalError("it is not said what to verify: give --expect, --portal or both")
    if arguments.portal and not given:
        raise NoPortalError("--portal compares with what the code grants: give --model or --state")
    if given and not arguments.portal:
        raise NoPortalError("--model and --state belong to --portal: the instance is compared with --expect")


def _status(*parts: Part) -> int:
    if any(part.unread for part in parts):
        return COULD_NOT_READ
    return NOT_AS_IT_SHOULD_BE if any(part.broken for part in parts) else AS_IT_SHOULD_BE
