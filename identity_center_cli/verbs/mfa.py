"""`identity-center mfa`: evidence that people sign in with MFA, and the policy for IAM users that remain."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from identity_center.model.aws.iam_mfa_policy import deny_without_mfa
from identity_center_cli.aws import clock
from identity_center_cli.aws.cloudtrail.sign_in_events import (
    HISTORY_DAYS,
    UnusableLogError,
    from_files,
    from_history,
)
from identity_center_cli.aws.cloudtrail.sign_in_evidence import Evidence, Person, judge_people, sign_ins
from identity_center_cli.aws.people import read_people
from identity_center_cli.aws.private_file import write_json
from identity_center_cli.command_parser import COMMAND
from identity_center_cli.connection import add_connection_options, add_outputs_option, connection
from identity_center_cli.exit_status import AS_IT_SHOULD_BE, COULD_NOT_READ, NOT_AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.numbers import days, positive
from identity_center_cli.tables import as_csv, print_table

if TYPE_CHECKING:
    from argparse import _SubParsersAction

EVIDENCE = """Reads Identity Center's sign-in events and says of each person of the directory whether they
signed in with MFA, without it, or were not seen. Run it in the management account and in the Region of the
instance. With an external identity provider AWS does not know whether it asked for MFA. Exit status: 1 where
somebody signed in without MFA, 2 where of somebody nothing is known."""
POLICY = """Prints the policy that denies IAM users everything without MFA, but to set MFA up. Attach it to a
group that all of them are in. Not for permission sets: there it would lock everybody out."""
KIND = "identity-center/mfa-evidence"
DEFAULT_FILE = "mfa-evidence.json"
COLUMNS = ("userName", "evidence", "kinds", "lastSeen", "lastWithoutMfa", "signIns")
TO_DO = """somebody signed in without MFA
  to do: in the console, under IAM Identity Center > Settings > Authentication > Multi-factor authentication,
    choose "Every time they sign in (always-on)"; let people without a device register one, or block them
"""


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    text = "MFA of people: evidence from CloudTrail, the policy for IAM users"
    calls = (
        "pulumi stack output --json | identity-center mfa evidence --outputs -",
        "identity-center mfa evidence --region eu-central-1 --days 90 --format csv > sign-ins.csv",
        "identity-center mfa evidence --logs s3://our-trail/AWSLogs/o-1234567890",
    )
    policy = "identity-center mfa policy"
    group = with_examples(verbs.add_parser("mfa", help=text, description=text), *calls, policy)
    inner = group.add_subparsers(metavar=COMMAND, required=True)
    evidence = with_examples(
        inner.add_parser("evidence", help="who signed in with MFA", description=EVIDENCE), *calls
    )
    evidence.add_argument("--days", type=days, default=30, metavar="N", help="how far back (default: 30)")
    evidence.add_argument(
        "--logs", metavar="PLACE", help="folder, or s3://BUCKET/PREFIX, of a trail's log files"
    )
    evidence.add_argument(
        "--format", choices=("table", "csv", "json"), default="table", help="default: table"
    )
    evidence.add_argument(
        "--output", type=Path, default=Path(DEFAULT_FILE), metavar="FILE", help=f"default: {DEFAULT_FILE}"
    )
    evidence.add_argument(
        "--requests-per-second", type=positive, default=2.0, metavar="N", help="of CloudTrail (default: 2)"
    )
    add_outputs_option(evidence)
    add_connection_options(evidence, instance=True)
    evidence.set_defaults(act=_evidence)
    printing = inner.add_parser("policy", help="the policy for IAM users", description=POLICY)
    with_examples(printing, policy).set_defaults(act=_policy)


def _policy(_arguments: argparse.Namespace) -> int:
    json.dump(deny_without_mfa(), sys.stdout, indent=2)
    sys.stdout.write("\n")
    return AS_IT_SHOULD_BE


def _evidence(arguments: argparse.Namespace) -> int:
    if arguments.days > HISTORY_DAYS and not arguments.logs:
        raise UnusableLogError(f"CloudTrail's event history holds {HISTORY_DAYS} days: use --logs for more")
    asked = connection(arguments)
    session = asked.session()
    until = clock.now()
    since = until - timedelta(days=arguments.days)
    events = (
        from_files(arguments.logs, session, since)
        if arguments.logs
        else from_history(session, since, until, arguments.requests_per_second)
    )
    seen = [one for one in sign_ins(events) if since <= one.when <= until]
    people, strangers = judge_people(read_people(session, asked.instance_arn), seen)
    report = {**_report(session, people, arguments.days), "signInsOfStrangers": strangers}
    # It names people.
    write_json(report, arguments.output)
    if arguments.format == "json":
        json.dump(report, sys.stdout, indent=2)
        sys.stdout.write("\n")
    elif arguments.format == "csv":
        sys.stdout.write(as_csv(COLUMNS, map(_row, _worst_first(people))))
    else:
        _print(people, strangers, arguments)
        _print_configuration(arguments.output, report["organizationId"])
    return _status(people)


def _report(session: boto3.Session, people: Sequence[Person], period: int) -> dict[str, Any]:
    organization = session.client("organizations").describe_organization()["Organization"]
    return {
        "kind": KIND,
        "version": 1,
        "organizationId": organization["Id"],
        "readAt": clock.written(clock.now()),
        "days": period,
        "people": {
            person.user_id: {
                "userName": person.user_name,
                "evidence": person.evidence.value,
                "kinds": list(person.kinds),
                "lastSeen": clock.written(person.last_seen) if person.last_seen else None,
                "lastWithoutMfa": clock.written(person.last_without) if person.last_without else None,
                "signIns": person.sign_ins,
            }
            for person in people
        },
    }


def _print(people: Sequence[Person], strangers: int, arguments: argparse.Namespace) -> None:
    print_table(
        ("Person", "Evidence", "Kind", "Last sign-in", "Last without MFA", "Sign-ins"),
        [_row(one) for one in _worst_first(people)] or [("nobody is in the directory",)],
    )
    unseen = sum(one.evidence is Evidence.NOT_SEEN for one in people)
    if unseen:
        sys.stdout.write(f"{unseen} of {len(people)} people did not sign in within {arguments.days} days\n")
    if strangers:
        sys.stdout.write(f"{strangers} sign-ins belong to nobody in the directory\n")
    if any(one.evidence is Evidence.WITHOUT_MFA for one in people):
        sys.stdout.write(TO_DO)


def _worst_first(people: Sequence[Person]) -> Sequence[Person]:
    order = list(Evidence)
    return sorted(people, key=lambda person: order.index(person.evidence))


def _row(one: Person) -> tuple[str, ...]:
    return (
        one.user_name,
        one.evidence.value,
        ", ".join(one.kinds),
        f"{one.last_seen:%Y-%m-%d %H:%M}" if one.last_seen else "",
        f"{one.last_without:%Y-%m-%d %H:%M}" if one.last_without else "",
        str(one.sign_ins),
    )


def _print_configuration(output: Path, organization_id: str) -> None:
    configuration = {
        "mfa-evidence": {"evidenceFile": str(output.resolve()), "organizationId": organization_id}
    }
    sys.stdout.write(f"kept in {output}; the policy pack reads it with this configuration:\n")
    sys.stdout.write(f"  {json.dumps(configuration)}\n")


def _status(people: Sequence[Person]) -> int:
    found = {one.evidence for one in people}
    if Evidence.WITHOUT_MFA in found:
        return NOT_AS_IT_SHOULD_BE
    return COULD_NOT_READ if found - {Evidence.MFA, Evidence.REGISTERED} else AS_IT_SHOULD_BE


ERRORS = (UnusableLogError,)
"""What ends the verb with a message."""
