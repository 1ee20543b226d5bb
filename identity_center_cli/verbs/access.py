"""`identity-center access`: who can sign in to what, read from the API."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from identity_center_cli.aws.access import AccessInAws, AccountAssignment, read_access, read_outdated
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

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION = """Shows every person who can sign in to an account, with which permission set and through which
group. With --expect, also compares the API with what a stack says it granted, and asks whether all accounts
have the latest form of its permission sets."""
#: The stack output that holds what the program granted, by AWS's ids.
OUTPUT = "account_assignments"
#: How Pulumi shows what it keeps as a secret.
KEPT = "[secret]"


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    verb = with_examples(
        verbs.add_parser(
            "access", help="who can sign in to what, read from the API", description=DESCRIPTION
        ),
        "identity-center access --region eu-central-1",
        "pulumi stack output --json --show-secrets | identity-center access --expect -",
    )
    verb.add_argument("--format", choices=("table", "json"), default="table", help="default: table")
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
    if arguments.format == "json":
        _print_json(access, missing, outdated)
    else:
        _print_table(access)
        _print_comparison(access, expected, missing)
        _print_outdated(outdated)
    return NOT_AS_IT_SHOULD_BE if missing or outdated else AS_IT_SHOULD_BE


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
    access: AccessInAws, expected: dict[AccountAssignment, str], missing: list[str]
) -> None:
    for text in missing:
        sys.stderr.write(f"MISSING: the stack lists {text}, and the API does not show it\n")
    if not expected:
        return
    others = len(access.assignments - expected.keys())
    shown = len(expected) - len(missing)
    sys.stdout.write(f"{shown} of {len(expected)} assignments of the stack are in the API")
    sys.stdout.write(f"; {_others(others)} not made by it\n" if others else "\n")


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
