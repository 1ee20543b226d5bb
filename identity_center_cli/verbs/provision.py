"""`identity-center provision`: brings accounts up to date with their permission sets."""

import argparse
import json
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, TextIO

from identity_center.model.language.accounts import is_account_id
from identity_center.model.language.keys.values import parse_duration
from identity_center.model.language.keys.waiting_time import DEFAULTS, waiting_time
from identity_center.model.mistakes import WrongValueError
from identity_center_cli.aws.access import account_names
from identity_center_cli.aws.instance.found import the_instance
from identity_center_cli.aws.outdated_sets import OutdatedReader, UnknownTargetError
from identity_center_cli.aws.provisioning import Outcome, Provisioner, still_outdated
from identity_center_cli.aws.retries import ADAPTIVE
from identity_center_cli.connection import add_connection_options, add_outputs_option, connection
from identity_center_cli.exit_status import AS_IT_SHOULD_BE, NOT_AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.stacks.named import ACCOUNT, UnknownNameError, find

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    import boto3

DESCRIPTION: Final = """Finds the accounts that have an older form of a permission set, because provisioning
failed or took longer than an update waited, provisions them, waits, and tells of each account. An update does
not do it again: it compares with the permission set, which is changed already. Exit status: 0 all accounts
are up to date, 1 some are not, 2 it could not be read which are."""
ERRORS: Final = (UnknownTargetError, UnknownNameError)


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    verb = with_examples(
        verbs.add_parser(
            "provision", help="bring accounts up to date with their permission sets", description=DESCRIPTION
        ),
        "identity-center provision --region eu-central-1",
        "identity-center provision --set Deploying --account shop-production",
        "pulumi stack output --json | identity-center provision --outputs - --format json",
    )
    verb.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME",
        help="a permission set by name or ARN; may be repeated (default: all)",
    )
    verb.add_argument(
        "--account",
        action="append",
        default=[],
        metavar="ACCOUNT",
        help="an account by id or name; may be repeated (default: all)",
    )
    verb.add_argument(
        "--timeout",
        type=_seconds,
        default=DEFAULTS["provisioning"],
        metavar="TIME",
        help="how long to wait for each request, such as 90m (default: %(default)s)",
    )
    verb.add_argument("--format", choices=("human", "json"), default="human", help="default: human")
    add_outputs_option(verb)
    add_connection_options(verb, instance=True)
    verb.set_defaults(act=_act)


def _act(arguments: argparse.Namespace) -> int:
    asked = connection(arguments)
    session = asked.session()
    sso = session.client("sso-admin", config=ADAPTIVE)
    instance_arn = the_instance(sso, asked.instance_arn).arn
    accounts = _ids(arguments.account, session)
    outdated = OutdatedReader(sso, instance_arn).of(arguments.set, accounts)
    as_json = arguments.format == "json"
    tell = _progress(len(outdated), sys.stderr if as_json else sys.stdout)
    provisioner = Provisioner(sso, instance_arn, arguments.timeout, tell)
    outcomes = provisioner.provision(outdated, whole_sets=not accounts)
    if as_json:
        json.dump(_document(outcomes), sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        sys.stdout.write(_summary(outcomes))
    return NOT_AS_IT_SHOULD_BE if still_outdated(outcomes) else AS_IT_SHOULD_BE


def _progress(count: int, stream: TextIO) -> Callable[[Outcome], None]:
    """Return what tells of each account as soon as it is known, from whichever thread."""
    lock, told = threading.Lock(), 0

    def tell(outcome: Outcome) -> None:
        nonlocal told
        with lock:
            told += 1
            what = f"NOT PROVISIONED: {outcome.problem}" if outcome.problem else "up to date"
            stream.write(f"{told} of {count}: {outcome.outdated}: {what}\n")
            stream.flush()

    return tell


def _summary(outcomes: Sequence[Outcome]) -> str:
    if not outcomes:
        return "every account has its permission sets in their latest form\n"
    failed = still_outdated(outcomes)
    lines = [f"{len(outcomes) - len(failed)} provisioned, {len(failed)} not"]
    lines += [f"again: {one.outdated.remedy}" for one in failed]
    return "\n".join(lines) + "\n"


def _document(outcomes: Sequence[Outcome]) -> dict[str, object]:
    return {
        "accounts": [
            {
                "permissionSet": one.outdated.permission_set,
                "permissionSetArn": one.outdated.arn,
                "accountId": one.outdated.account_id,
                "upToDate": not one.problem,
                **({"problem": one.problem} if one.problem else {}),
            }
            for one in outcomes
        ]
    }


def _ids(accounts: Sequence[str], session: "boto3.Session") -> list[str]:
    """Return the ids of accounts that are given by id or name; the organisation is asked about names alone.

    Raises UnknownNameError, and botocore's errors where the organisation cannot be read.
    """
    if all(map(is_account_id, accounts)):
        return [*accounts]
    names = {number: (name,) for number, name in account_names(session).items()}
    return [each if is_account_id(each) else find(each, ACCOUNT, names) for each in accounts]


def _seconds(text: str) -> float:
    try:
        duration = parse_duration(waiting_time(text))
    except WrongValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    assert duration is not None  # noqa: S101  # for the type checker: it was read once already
    return duration.total_seconds()
