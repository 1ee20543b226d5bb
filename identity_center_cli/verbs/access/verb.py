"""`identity-center access`: who can sign in to what, read from the API."""

import argparse
import json
import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TextIO

import boto3

from identity_center.model.existing.objects import Region
from identity_center.model.existing.things import ACTIVE
from identity_center.model.mistakes import nearest
from identity_center_cli.aws.access import (
    AccessInAws,
    OtherAccess,
    OtherAccesses,
    SignIn,
    read_access,
    read_other_access,
    read_outdated,
    unknown_names,
)
from identity_center_cli.connection import (
    OUTPUTS,
    add_connection_options,
    connection,
    read_outputs,
)
from identity_center_cli.exit_status import AS_IT_SHOULD_BE, COULD_NOT_READ, NOT_AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.stacks.listed_assignments import APPLICATIONS, ROLES
from identity_center_cli.tables import as_csv, print_table
from identity_center_cli.verbs.access.comparing import (
    NOTHING,
    Beside,
    Compared,
    compared,
    listed_by,
)

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION = """Shows every person who can sign in to an account, with which permission set and through which
group, who can use which application and which role of account access manager, and at which Regions they sign
in. With --expect, also compares the API with what a stack says it granted, names what it does not list, and
asks whether all accounts have the latest form of its permission sets. It reads the whole instance;
`identity-center verify` asks for what the stack lists alone, and what somebody's access portal offers."""
COLUMNS: Final = ("person", "through", "kind", "name", "accountId", "accountName")


class UnknownNameError(Exception):
    """A name that nothing in the instance has, or options that do not go together."""


ERRORS = (UnknownNameError,)
"""What ends the verb with a message."""


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command."""
    verb = with_examples(
        verbs.add_parser(
            "access", help="who can sign in to what, read from the API", description=DESCRIPTION
        ),
        "identity-center access --region eu-central-1",
        "identity-center access --person ada --account shop-production",
        "identity-center access --format csv > access.csv",
        "pulumi stack output --json --show-secrets | identity-center access --expect - --exactly",
    )
    verb.add_argument("--format", choices=("table", "csv", "json"), default="table", help="default: table")
    verb.add_argument(
        "--expect",
        metavar="FILE",
        help=f"{OUTPUTS}: its Region and instance are asked; exit status 1 where the API does not show an "
        "assignment that it lists, or an account has an older form of one of its permission sets",
    )
    verb.add_argument(
        "--exactly",
        action="store_true",
        help="with --expect: exit status 1 also where the API shows an assignment, of an account or an "
        "application, or a role entitlement that the stack does not list",
    )
    for name, what in (
        ("person", "a person by user name"),
        ("account", "an account by id or name"),
        ("set", "a permission set by name"),
    ):
        verb.add_argument(
            f"--{name}",
            action="append",
            default=[],
            metavar="ID" if name == "account" else "NAME",
            help=f"show only {what}; may be repeated; what --expect compares stays whole",
        )
    add_connection_options(verb, instance=True)
    verb.set_defaults(act=_act)


def _act(arguments: argparse.Namespace) -> int:
    if arguments.exactly and not arguments.expect:
        raise UnknownNameError("--exactly compares with what a stack lists: give --expect as well")
    outputs = read_outputs(arguments.expect) if arguments.expect else {}
    listed = listed_by(outputs, arguments.expect) if arguments.expect else NOTHING
    asked = connection(arguments, outputs)
    session = asked.session()
    access = read_access(session, asked.instance_arn)
    other = read_other_access(session, asked.instance_arn)
    _refuse_unknown(arguments, session, asked.instance_arn, access)
    found = compared(listed, access, other, partial(read_outdated, session, asked.instance_arn))
    shown = Shown.of(access, other, arguments)
    if arguments.format == "json":
        _print_json(shown, found)
    elif arguments.format == "csv":
        _print_csv(shown)
        _print_comparison(found, sys.stderr, exactly=arguments.exactly)
    else:
        _print_tables(shown)
        _print_comparison(found, sys.stdout, exactly=arguments.exactly)
    return _status(found, other, exactly=arguments.exactly)


def _status(found: Compared, other: OtherAccesses, *, exactly: bool) -> int:
    for each in other.unread:
        sys.stderr.write(f"NOT READ: {each}\n")
    if exactly and found.uncompared:
        sys.stderr.write(
            f"NOT COMPARED: {found.uncompared} assignments of applications and role entitlements: the "
            f"stack's outputs have no `{APPLICATIONS}` and `{ROLES}`; its next `pulumi up` gives them\n"
        )
    if other.unread or (exactly and found.uncompared):
        return COULD_NOT_READ
    wrong = found.missing or found.outdated or (exactly and found.unlisted)
    return NOT_AS_IT_SHOULD_BE if wrong else AS_IT_SHOULD_BE


@dataclass(frozen=True)
class Shown:
    """What is shown: everything, or what the options ask for."""

    sign_ins: tuple[SignIn, ...]
    others: tuple[OtherAccess, ...]
    empty_groups: tuple[str, ...]
    regions: tuple[Region, ...] = ()

    @classmethod
    def of(cls, access: AccessInAws, other: OtherAccesses, arguments: argparse.Namespace) -> "Shown":
        """Leave out what is not asked for; a role is in the account of its ARN, an application in none."""
        people, sets = arguments.person, arguments.set
        accounts = {number for each in arguments.account for number in _numbers(each, access)}
        narrowed = people or accounts or sets
        return cls(
            tuple(
                one
                for one in access.sign_ins
                if (not people or one.person in people)
                and (not accounts or one.account_id in accounts)
                and (not sets or one.permission_set in sets)
            ),
            tuple(
                one
                for one in other.rows
                if not sets
                and (not people or one.person in (*people, "everybody"))
                and (not accounts or any(f"::{account}:" in one.name for account in accounts))
            ),
            () if narrowed else access.empty_groups,
            other.regions,
        )


def _numbers(wanted: str, access: AccessInAws) -> list[str]:
    """Return the ids of the accounts that go by an id or a name, in any case of its letters."""
    return [
        number
        for number, name in access.accounts.items()
        if wanted == number or wanted.casefold() == name.casefold()
    ]


def _refuse_unknown(
    arguments: argparse.Namespace, session: boto3.Session, instance_arn: str | None, access: AccessInAws
) -> None:
    """Refuse names that nothing has: an empty table would say that nobody has access."""
    seen_people = {one.person for one in access.sign_ins}
    seen_sets = {one.permission_set for one in access.sign_ins}
    unknown = unknown_names(
        session,
        instance_arn,
        [each for each in arguments.person if each not in seen_people],
        [each for each in arguments.set if each not in seen_sets],
    )
    accounts = {*access.accounts, *access.accounts.values()}
    unknown += [f"account {each}" for each in arguments.account if not _numbers(each, access)]
    if unknown:
        wanted = (*arguments.person, *arguments.set, *arguments.account)
        near = _near(wanted, {*seen_people, *seen_sets, *accounts})
        raise UnknownNameError(f"the instance knows no {', no '.join(unknown)}{near}")


def _near(wanted: Iterable[str], known: Collection[str]) -> str:
    """Name what was most likely meant."""
    close = (nearest(each, known) for each in wanted if each not in known)
    meant = " or ".join(f"`{each}`" for each in dict.fromkeys(close) if each is not None)
    return f"; did you mean {meant}?" if meant else ""


def _print_tables(shown: Shown) -> None:
    print_table(
        ("Person", "Through", "Signs in with", "Account"),
        [
            (one.person, one.through, one.permission_set, f"{one.account_id} {one.account_name}")
            for one in shown.sign_ins
        ]
        or [("nobody", "", "", "")],
    )
    if shown.others:
        rows = ((other.person, other.through, f"{other.kind} {other.name}") for other in shown.others)
        print_table(("Person", "Through", "Can use"), rows)
    for group in shown.empty_groups:
        sys.stdout.write(f"group {group} is assigned but has no member\n")
    if len(shown.regions) > 1:
        sys.stdout.write(f"people sign in at {', '.join(map(_region, shown.regions))}\n")


def _region(one: Region) -> str:
    notes = ["primary"] * one.is_primary + [one.status] * (one.status != ACTIVE)
    return f"{one.name} ({', '.join(notes)})" if notes else one.name


def _print_csv(shown: Shown) -> None:
    rows = (
        *(
            (one.person, one.through, "permission set", one.permission_set, one.account_id, one.account_name)
            for one in shown.sign_ins
        ),
        *((other.person, other.through, other.kind, other.name, "", "") for other in shown.others),
    )
    sys.stdout.write(as_csv(COLUMNS, rows))


def _print_comparison(found: Compared, told: TextIO, *, exactly: bool) -> None:
    for text in found.missing:
        sys.stderr.write(f"MISSING: the stack lists {text}, and the API does not show it\n")
    for one in found.outdated:
        sys.stderr.write(f"OUTDATED: the account has an older form of {one}; run {one.remedy}\n")
    if found.accounts.expected or exactly:
        _print_counts(found.accounts, "assignments", told)
    others = found.others
    if others and (others.expected or others.unlisted):
        _print_counts(others, "assignments of applications and role entitlements", told)
    if found.regions.expected:
        _print_counts(found.regions, "additional Regions", told)
    if found.accounts.expected or exactly:
        for text in found.unlisted:
            (sys.stderr if exactly else told).write(f"{'NOT' if exactly else 'not'} of the stack: {text}\n")


def _print_counts(kind: Beside, what: str, told: TextIO) -> None:
    count = len(kind.unlisted)
    told.write(f"{kind.there} of {kind.expected} {what} of the stack are in the API")
    told.write(f"; {_others(count)} not made by it\n" if count else "\n")


def _others(count: int) -> str:
    return "1 other was" if count == 1 else f"{count} others were"


def _print_json(shown: Shown, found: Compared) -> None:
    document: dict[str, Any] = {
        "signIns": [
            {
                "person": one.person,
                "through": one.through,
                "permissionSet": one.permission_set,
                "accountId": one.account_id,
                "accountName": one.account_name,
            }
            for one in shown.sign_ins
        ],
        "otherAccess": [
            {"person": one.person, "through": one.through, "kind": one.kind, "name": one.name}
            for one in shown.others
        ],
        "emptyGroups": list(shown.empty_groups),
        "regions": [
            {"name": one.name, "status": one.status, "isPrimary": one.is_primary} for one in shown.regions
        ],
        "missing": found.missing,
        "notOfTheStack": found.unlisted if found.accounts.expected else [],
        "outdated": [
            {"permissionSet": one.permission_set, "accountId": one.account_id} for one in found.outdated
        ],
    }
    json.dump(document, sys.stdout, indent=2)
    sys.stdout.write("\n")
