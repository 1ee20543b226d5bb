"""`identity-center root remediate`: removes the credentials of member accounts' root users."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from identity_center_cli.aws import clock
from identity_center_cli.aws.answers import NO_ANSWER, reason
from identity_center_cli.aws.root.audit import ENABLE, Account, AuditedOrganisation, Auditor
from identity_center_cli.aws.root.posture import Standing
from identity_center_cli.aws.root.remediation import ActionLog, Credential, credentials_of, delete
from identity_center_cli.aws.root.sessions import Task
from identity_center_cli.connection import add_connection_options, add_outputs_option, connection
from identity_center_cli.exit_status import AS_IT_SHOULD_BE, NOT_AS_IT_SHOULD_BE
from identity_center_cli.help_text import with_examples
from identity_center_cli.numbers import days, positive
from identity_center_cli.stacks.named import ACCOUNT, UnknownNameError, find

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DESCRIPTION = """Deletes the access keys, signing certificates and password of member accounts' root users, in
root sessions with AWS's delete task policy; shows exactly what, with the last use, and asks. In the
management account only root itself can do it: the steps are printed. Each action is logged before it is
taken, and the command fails unless a reading afterwards shows everything gone."""
DEFAULT_LOG = "root-remediation.log"
MANAGEMENT_STEPS = (
    "The management account's root user is changed by itself only. Sign in to {account} as root:",
    "  1. Open the menu with the account's name > Security credentials.",
    "  2. Under Access keys: deactivate every key, see that nothing breaks, then delete it.",
    "  3. Under Multi-factor authentication: assign a device, better two; a security key is best.",
    "  4. Under X.509 signing certificates: delete every one.",
    "  5. Sign out, lock the password and the devices away, and use root for nothing.",
)
"""Source: IAM user guide, "Root user best practices for your AWS account"."""

Plan = Mapping[str, tuple[Credential, ...]]
"""What is to be deleted, by account id."""


class UnfitAccountError(Exception):
    """An account that cannot be meant, or a question that nobody can answer."""


def add_verb(verbs: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb below `root`."""
    text = "remove the credentials of member accounts' root users"
    verb = with_examples(
        verbs.add_parser("remediate", help=text, description=DESCRIPTION),
        "identity-center root remediate 666666666666 777777777777",
        "identity-center root remediate shop-production --yes --log removed.log",
    )
    verb.add_argument("accounts", nargs="+", metavar="ACCOUNT", help="ids or names of member accounts")
    verb.add_argument("--yes", action="store_true", help="do not ask: for pipelines")
    verb.add_argument(
        "--even-if-used",
        action="store_true",
        help="also where a key or password was used lately: something may still need it",
    )
    verb.add_argument("--days", type=days, default=30, metavar="N", help="what `lately` means (default: 30)")
    verb.add_argument(
        "--log",
        type=Path,
        default=Path(DEFAULT_LOG),
        metavar="FILE",
        help=f"where each action is written before it is taken (default: {DEFAULT_LOG})",
    )
    verb.add_argument("--requests-per-second", type=positive, default=10.0, metavar="N", help="default: 10")
    add_outputs_option(verb)
    add_connection_options(verb)
    verb.set_defaults(act=_act)


def _act(arguments: argparse.Namespace) -> int:
    clock.now()
    auditor = Auditor(connection(arguments).session(), arguments.requests_per_second)
    organisation = auditor.organisation()
    accounts = _ids(arguments.accounts, organisation)
    members = _members(accounts, organisation)
    faults = _tell_management(accounts, organisation)
    if organisation.why_not and organisation.manages_root is None:
        sys.stderr.write(f"identity-center: whether root is managed centrally: {organisation.why_not}\n")
    plan, unread = _read(auditor, organisation, members)
    faults += unread + _withhold(plan, arguments)
    if any(plan.values()):
        if _agreed(plan, ask=not arguments.yes):
            faults += _delete_all(auditor, plan, arguments.log)
        else:
            faults.append("nothing was deleted")
            plan = {}
    # Of the others it is said already that they are as they were.
    faults += _look_again(auditor, organisation, [each for each in members if each.account_id in plan])
    for fault in faults:
        sys.stderr.write(f"identity-center: {fault}\n")
    return NOT_AS_IT_SHOULD_BE if faults else AS_IT_SHOULD_BE


def _members(asked: list[str], organisation: AuditedOrganisation) -> list[Account]:
    known = {each.account_id: each for each in organisation.accounts}
    return [known[each] for each in asked if each != organisation.management_account_id]


def _ids(asked: list[str], organisation: AuditedOrganisation) -> list[str]:
    """Return the ids of accounts named by id or name, each once; what is unknown is told together."""
    names = {each.account_id: (each.name,) for each in organisation.accounts}
    ids: dict[str, None] = {}
    mistakes = []
    for wanted in asked:
        try:
            ids[find(wanted, ACCOUNT, names)] = None
        except UnknownNameError as error:
            mistakes.append(str(error))
    if mistakes:
        raise UnfitAccountError("\n".join(mistakes))
    return [*ids]


def _tell_management(asked: list[str], organisation: AuditedOrganisation) -> list[str]:
    if organisation.management_account_id not in asked:
        return []
    for step in MANAGEMENT_STEPS:
        sys.stdout.write(step.format(account=organisation.management_account_id) + "\n")
    return [
        f"{organisation.management_account_id} is the management account: the steps above are for a person"
    ]


def _read(
    auditor: Auditor, organisation: AuditedOrganisation, members: list[Account]
) -> tuple[dict[str, tuple[Credential, ...]], list[str]]:
    if members and organisation.manages_root is False:
        return {}, [
            "the organisation does not manage root users centrally, so nothing is deleted; to do: "
            + ", then ".join(ENABLE)
        ]
    plan, faults = {}, []
    for account in members:
        try:
            plan[account.account_id] = credentials_of(auditor.doors.as_root(account.account_id, Task.DELETE))
        except NO_ANSWER as error:
            faults.append(
                f"{account.account_id} could not be read: {reason(error)}{_asked(error)}; "
                "nothing is deleted there"
            )
    return plan, faults


def _asked(error: Exception) -> str:
    """Name what AWS refused; of an answer that broke off it is not known."""
    return f" ({error.operation_name})" if isinstance(error, ClientError) else ""


def _withhold(plan: dict[str, tuple[Credential, ...]], arguments: argparse.Namespace) -> list[str]:
    """Take accounts out of the plan whose root was used lately; show the plan."""
    faults = []
    for account_id, credentials in list(plan.items()):
        used = [each for each in credentials if each.used_within(arguments.days)]
        if used and not arguments.even_if_used:
            del plan[account_id]
            faults.append(
                f"{account_id} is left alone: {'; '.join(map(str, used))}, within {arguments.days} days. "
                "Find out what uses it, then say --even-if-used"
            )
            continue
        sys.stdout.write(f"{account_id}:\n" + "".join(f"  delete {each}\n" for each in credentials))
        if not credentials:
            sys.stdout.write("  nothing to delete\n")
    return faults


def _agreed(plan: Plan, *, ask: bool) -> bool:
    if not ask:
        return True
    if not sys.stdin.isatty():
        raise UnfitAccountError("nobody is there to ask: say --yes where a pipeline may delete this")
    count = sum(len(each) for each in plan.values())
    sys.stdout.write(f"Delete {count} credentials? This cannot be undone. Type yes: ")
    sys.stdout.flush()
    return sys.stdin.readline().strip() == "yes"


def _delete_all(auditor: Auditor, plan: Plan, path: Path) -> list[str]:
    log = ActionLog(path, auditor.doors.sts.get_caller_identity()["Arn"])
    faults = []
    for account_id, shown in plan.items():
        if not shown:
            continue
        try:
            # A session of its own, and a second look: the first may have ended while somebody thought.
            iam = auditor.doors.as_root(account_id, Task.DELETE)
            if credentials_of(iam) != shown:
                faults.append(f"{account_id} has changed since it was shown; nothing is deleted there")
                continue
        except NO_ANSWER as error:
            faults.append(f"{account_id} could not be read again: {reason(error)}; nothing is deleted there")
            continue
        failed = [delete(iam, account_id, each, log) for each in shown]
        faults += [f"{account_id}: {each}" for each in failed if each]
    sys.stdout.write(f"each action is in {path}\n")
    return faults


def _look_again(auditor: Auditor, organisation: AuditedOrganisation, members: list[Account]) -> list[str]:
    """Audit the accounts: only what was seen to be gone is gone."""
    faults = []
    for posture in auditor.read(organisation, members).values():
        if posture.standing is Standing.FINE and not (posture.has_password or posture.certificates):
            sys.stdout.write(f"{posture.account_id}: root has no credentials\n")
        else:
            why = "; ".join((*posture.flaws, *posture.advice, *posture.unseen)) or "root has a password"
            faults.append(f"{posture.account_id} afterwards: {why}")
    return faults
