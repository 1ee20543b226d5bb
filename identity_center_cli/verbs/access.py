"""`identity-center access`: who can sign in to what, read from the API."""

import argparse
import csv
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TextIO

from rich.console import Console
from rich.table import Table

from identity_center_cli.aws.access import AccessInAws, AccountAssignment, SignIn, read_access, read_outdated
from identity_center_cli.aws.outdated_sets import Outdated
from identity_center_cli.connection import (
    OUTPUTS,
    UnusableOutputsError,
    add_connection_options,
    connection,
    read_outputs,
)
from identity_center_cli.exit_status import AS_IT_SHOULD_BE, NOT_AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.report.table import harmless
from identity_center_cli.stacks.named import ACCOUNT, PERMISSION_SET, PERSON, UnknownNameError, find

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION = """Shows every person who can sign in to an account, with which permission set and through which
group. With --expect, also compares the API with what a stack says it granted, and asks whether all accounts
have the latest form of its permission sets."""
#: The stack output that holds what the program granted, by AWS's ids.
OUTPUT = "account_assignments"
COLUMNS: Final = ("person", "through", "permissionSet", "accountId", "accountName")
ERRORS: Final = (UnknownNameError,)
"""What ends the verb with a message."""
#: How Pulumi shows what it keeps as a secret.
KEPT = "[secret]"


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    verb = with_examples(
        verbs.add_parser(
            "access", help="who can sign in to what, read from the API", description=DESCRIPTION
        ),
        "identity-center access --region eu-central-1",
        "identity-center access --account shop-production --format csv > shop.csv",
        "pulumi stack output --json --show-secrets | identity-center access --expect -",
    )
    verb.add_argument(
        "--format", choices=("table", "csv", "json"), default="table", help="default: table; what is "
        "compared is told on standard error beside csv"
    )  # fmt: skip
    verb.add_argument("--person", metavar="NAME", help="show only what one person signs in to")
    verb.add_argument("--account", metavar="ACCOUNT", help="show only one account, by number or name")
    verb.add_argument("--set", dest="permission_set", metavar="SET", help="show only one permission set")
    verb.add_argument(
        "--expect",
        metavar="FILE",
        help=f"{OUTPUTS}: its Region and instance are asked; exit status 1 where the API does not show an "
        "assignment that it lists, or an account has an older form of one of its permission sets",
    )
    add_connection_options(verb, instance=True)
    verb.set_defaults(act=_act)


def _act(arguments: argparse.Namespace) -> int:
    outputs = read_outputs(arguments.expect) if arguments.expect else {}
    expected = _expected(outputs, arguments.expect) if arguments.expect else {}
    asked = connection(arguments, outputs)
    session = asked.session()
    access = read_access(session, asked.instance_arn)
    missing = sorted(text for assignment, text in expected.items() if assignment not in access.assignments)
    sets = sorted({each.permission_set_arn for each in access.assignments & expected.keys()})
    outdated = read_outdated(session, asked.instance_arn, sets)
    shown = replace(access, sign_ins=tuple(_asked_for(arguments, access)))
    if arguments.format == "json":
        _print_json(shown, missing, outdated)
    elif arguments.format == "csv":
        _print_csv(shown)
        _print_comparison(access, expected, missing, sys.stderr)
        _print_outdated(outdated)
    else:
        _print_table(shown)
        _print_comparison(access, expected, missing, sys.stdout)
        _print_outdated(outdated)
    return NOT_AS_IT_SHOULD_BE if missing or outdated else AS_IT_SHOULD_BE


def _asked_for(arguments: argparse.Namespace, access: AccessInAws) -> Iterator[SignIn]:
    """Yield the sign-ins of the person, account and permission set that are asked for.

    Raises UnknownNameError: an empty table would say that somebody has nothing.
    """
    people = {one.person: () for one in access.sign_ins}
    accounts = {one.account_id: (one.account_name,) for one in access.sign_ins}
    sets = {one.permission_set: () for one in access.sign_ins}
    person = find(arguments.person, PERSON, people) if arguments.person else None
    account = find(arguments.account, ACCOUNT, accounts) if arguments.account else None
    made = find(arguments.permission_set, PERMISSION_SET, sets) if arguments.permission_set else None
    for one in access.sign_ins:
        asked = ((person, one.person), (account, one.account_id), (made, one.permission_set))
        if all(wanted in {None, has} for wanted, has in asked):
            yield one


def _print_csv(access: AccessInAws) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in access.sign_ins:
        row = (one.person, one.through, one.permission_set, one.account_id, one.account_name)
        writer.writerow(map(harmless, row))
    sys.stdout.write(out.getvalue())


def _expected(outputs: dict[str, Any], source: str) -> dict[AccountAssignment, str]:
    """Return the assignments that a stack lists, each with the words for it."""
    try:
        listed = outputs[OUTPUT]
        if listed == KEPT:
            raise UnusableOutputsError(
                f"{source} does not show the output `{OUTPUT}`, which the stack keeps as a secret: "
                "`pulumi stack output --json --show-secrets` does"
            )
        # A stack of before 0.2 has a list; its names in the stack are nothing to AWS.
        each_once = listed.values() if isinstance(listed, dict) else listed
        return {_assignment(one): _words(one) for one in each_once}
    except (KeyError, TypeError) as error:
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


def _print_table(access: AccessInAws) -> None:
    table = Table("Person", "Through", "Signs in with", "Account")
    for one in access.sign_ins:
        table.add_row(one.person, one.through, one.permission_set, f"{one.account_id} {one.account_name}")
    if not access.sign_ins:
        table.add_row("nobody", "", "", "")
    # Text of people's choosing is never read as markup.
    Console(markup=False, highlight=False, soft_wrap=not sys.stdout.isatty()).print(table)
    for group in access.empty_groups:
        sys.stdout.write(f"group {group} is assigned but has no member\n")


def _print_comparison(
    access: AccessInAws, expected: dict[AccountAssignment, str], missing: list[str], told: TextIO
) -> None:
    for text in missing:
        sys.stderr.write(f"MISSING: the stack lists {text}, and the API does not show it\n")
    if not expected:
        return
    others = len(access.assignments - expected.keys())
    shown = len(expected) - len(missing)
    told.write(f"{shown} of {len(expected)} assignments of the stack are in the API")
    told.write(f"; {_others(others)} not made by it\n" if others else "\n")


def _print_outdated(outdated: list[Outdated]) -> None:
    for one in outdated:
        sys.stderr.write(f"OUTDATED: the account has an older form of {one}; run {one.remedy}\n")


def _others(count: int) -> str:
    return "1 other was" if count == 1 else f"{count} others were"


def _print_json(access: AccessInAws, missing: list[str], outdated: list[Outdated]) -> None:
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
        "outdated": [{"permissionSet": one.permission_set, "accountId": one.account_id} for one in outdated],
    }
    json.dump(document, sys.stdout, indent=2)
    sys.stdout.write("\n")
