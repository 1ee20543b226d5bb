"""`identity-center access`: who can sign in to what, read from the API."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from rich.console import Console
from rich.table import Table

from identity_center_cli.aws.access import Access, AccountAssignment, read_access
from identity_center_cli.exit_status import AS_IT_SHOULD_BE, NOT_AS_IT_SHOULD_BE

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION = """Shows every person who can sign in to an account, with which permission set and through which
group. With --expect, also compares the API with what a stack says it granted."""
#: The stack output that holds what the program granted, by AWS's ids.
OUTPUT = "account_assignments"


class UnusableOutputsError(Exception):
    """The file given with --expect does not say what a stack granted."""


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    verb = verbs.add_parser(
        "access", help="who can sign in to what, read from the API", description=DESCRIPTION
    )
    verb.add_argument("--format", choices=("table", "json"), default="table", help="default: table")
    verb.add_argument(
        "--expect",
        metavar="FILE",
        help="what `pulumi stack output --json` printed (`-`: standard input); exit status 1 where the API "
        "does not show an assignment that it lists",
    )
    verb.set_defaults(act=_act)


def _act(arguments: argparse.Namespace) -> int:
    expected = _expected(arguments.expect) if arguments.expect else {}
    access = read_access(boto3.Session())
    missing = sorted(text for assignment, text in expected.items() if assignment not in access.assignments)
    if arguments.format == "json":
        _print_json(access, missing)
    else:
        _print_table(access)
        _print_comparison(access, expected, missing)
    return NOT_AS_IT_SHOULD_BE if missing else AS_IT_SHOULD_BE


def _expected(source: str) -> dict[AccountAssignment, str]:
    """Read the assignments that a stack lists, each with the words for it."""
    text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    try:
        listed = json.loads(text)[OUTPUT]
        return {_assignment(one): _words(one) for one in listed}
    except (ValueError, KeyError, TypeError) as error:
        raise UnusableOutputsError(
            f"{source} is not what `pulumi stack output --json` prints "
            f"for a stack with the output `{OUTPUT}` ({type(error).__name__}: {error})"
        ) from error


def _assignment(one: dict[str, str]) -> AccountAssignment:
    return AccountAssignment(
        one["principalType"], one["principalId"], one["permissionSetArn"], one["accountId"]
    )


def _words(one: dict[str, str]) -> str:
    return (
        f"{one['principalType'].lower()} {one['principal']} -> {one['permissionSet']} -> {one['accountId']}"
    )


def _print_table(access: Access) -> None:
    table = Table("Person", "Through", "Signs in with", "Account")
    for one in access.sign_ins:
        table.add_row(one.person, one.through, one.permission_set, f"{one.account_id} {one.account_name}")
    if not access.sign_ins:
        table.add_row("nobody", "", "", "")
    # Text of people's choosing is never read as markup.
    Console(markup=False, highlight=False, soft_wrap=not sys.stdout.isatty()).print(table)
    for group in access.empty_groups:
        sys.stdout.write(f"group {group} is assigned but has no member\n")


def _print_comparison(access: Access, expected: dict[AccountAssignment, str], missing: list[str]) -> None:
    for text in missing:
        sys.stderr.write(f"MISSING: the stack lists {text}, and the API does not show it\n")
    if not expected:
        return
    others = len(access.assignments - expected.keys())
    shown = len(expected) - len(missing)
    sys.stdout.write(f"{shown} of {len(expected)} assignments of the stack are in the API")
    sys.stdout.write(f"; {others} others were not made by it\n" if others else "\n")


def _print_json(access: Access, missing: list[str]) -> None:
    document: dict[str, Any] = {
        "signIns": [
            {
                "person": one.person,
                "through": one.through,
                "permissionSet": one.permission_set,
                "accountId": one.account_id,
                "accountName": one.account_name,
            }
            for one in access.sign_ins
        ],
        "emptyGroups": list(access.empty_groups),
        "missing": missing,
    }
    json.dump(document, sys.stdout, indent=2)
    sys.stdout.write("\n")
