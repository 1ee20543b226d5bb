"""What it costs to say, in each preview, who gains and who loses what: seconds, and lines.

    python bench/preview_of_changes.py [--assignments 5000] [--sets 50]

In this process, without an engine: what the program does between model and first resource. Policies
of no, of one and of all permission sets change. Seconds are those of a processor. Exit status 1 where it
takes more than a second (where all sets change, 40 milliseconds a set; where everything is new, two), or
where the words take 60 lines or more.
"""

import argparse
import contextlib
import gc
import json
import logging
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pulumi.runtime import mocks
from rich.console import Console
from rich.table import Table

from identity_center.model.access.grant import Grant
from identity_center.model.access.grants import Access
from identity_center.model.access.permission_sets import ResolvedSet
from identity_center.model.access.record import RecordedModel
from identity_center.model.organisation.organisation import AccountState, MemberAccount, Organisation
from identity_center.model.plan.permission_sets import plan_permission_set
from identity_center.model.plan.planned import Plan
from identity_center.model.reading.load import load
from identity_center.program.preview.access_report import report_changes
from identity_center.program.preview.changes_file import ChangesFile
from identity_center.program.state.last_model import LastUpdate

MOST_SECONDS: Final = 1.0
MOST_LINES: Final = 60
PEOPLE_OF_A_GROUP: Final = 10
GROUPS: Final = 10
MANAGED: Final = ("PowerUserAccess", "ReadOnlyAccess", "IAMFullAccess", "SecurityAudit", "AmazonS3FullAccess")


@dataclass(frozen=True)
class Case:
    """A preview: of which model, with which state behind it."""

    title: str
    access: Access
    plan: Plan
    last: LastUpdate
    most_seconds: float = MOST_SECONDS


class _NoEngine(mocks.Mocks):
    def call(self, args: mocks.MockCallArgs) -> dict[str, object]:
        raise NotImplementedError(args.token)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, object]]:
        raise NotImplementedError(args.typ)


def main() -> int:
    """Measure and show."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--assignments", type=int, default=5000)
    parser.add_argument("--sets", type=int, default=50)
    size = parser.parse_args()
    mocks.set_mocks(_NoEngine())
    table = Table("preview", "seconds", "lines")
    met = []
    for case in _cases(size.assignments, size.sets):
        seconds, lines = _told(case)
        met.append(seconds <= case.most_seconds and lines < MOST_LINES)
        table.add_row(case.title, f"{seconds:.2f}", str(lines))
    Console().print(table)
    return 0 if all(met) else 1


def _told(case: Case) -> tuple[float, int]:
    with tempfile.TemporaryDirectory() as folder, _counted() as said:
        gc.collect()
        file = ChangesFile(Path(folder))
        began = time.process_time()
        report_changes(case.access, case.plan, case.last, file)
        return time.process_time() - began, sum(len(each.getMessage().splitlines()) for each in said)


@contextlib.contextmanager
def _counted() -> Iterator[list[logging.LogRecord]]:
    """Give the messages that the engine would show."""
    shown: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = shown.append  # type: ignore[method-assign]  # all that a handler is here
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)
    yield shown
    logging.getLogger().removeHandler(handler)


def _cases(assignments: int, sets: int) -> Iterator[Case]:
    accounts = [str(100000000000 + number) for number in range(assignments // (sets * GROUPS))]
    access = _access(sets, accounts)
    plan = _plan(sets, 0)
    stated = {each.id: each.inputs for each in plan}
    record = RecordedModel.of(access)
    names = frozenset(grant.resource_name for grant in access.grants)
    last = LastUpdate(record, names, outputs=stated)
    yield Case(
        f"the first, of {len(access.grants):,} assignments", access, plan, LastUpdate(), 2 * MOST_SECONDS
    )
    yield Case("nothing changes", access, plan, last)
    yield Case("one permission set changes", access, _plan(sets, 1), last)
    yield Case(f"all {sets} permission sets change", access, _plan(sets, sets), last, sets / 25)


def _access(sets: int, accounts: list[str]) -> Access:
    members = {
        f"group-{number}": [f"p-{number}-{one}" for one in range(PEOPLE_OF_A_GROUP)]
        for number in range(GROUPS)
    }
    person = {"givenName": "A", "familyName": "B", "displayName": "C"}
    loaded = load(
        {
            "users": {
                key: {**person, "userName": key, "email": f"{key}@example.com"}
                for group in members.values()
                for key in group
            },
            "groups": {key: {"displayName": key, "members": listed} for key, listed in members.items()},
            "permissionSets": {f"set-{number}": {"name": f"Set{number}"} for number in range(sets)},
        }
    )
    made = {
        key: ResolvedSet(entry, (), (), None, None, None)
        for key, entry in loaded.declaration.permission_sets.items()
    }
    # Each set in other accounts than the one before it, so that no two sentences are the same.
    grants = (
        Grant(key, group, "GROUP", account)
        for number, key in enumerate(made)
        for group in members
        for account in accounts[: max(1, len(accounts) - number % 3)]
    )
    named = [MemberAccount(each, f"account-{each}", AccountState.ACTIVE) for each in accounts]
    management = MemberAccount("999999999999", "management", AccountState.ACTIVE)
    organisation = Organisation.of(management.account_id, [*named, management])
    return Access(
        loaded.declaration, made, tuple(sorted(grants)), frozenset(), {}, {}, None, organisation=organisation
    )


def _plan(sets: int, changed: int) -> Plan:
    made: list[Plan] = []
    for number in range(sets):
        policy = MANAGED[(number + (number < changed)) % len(MANAGED)]
        statement = {
            "Effect": "Allow",
            "Action": f"s3:Get{'*' * (number < changed)}",
            "Resource": f"arn:aws:s3:::b{number}/*",
        }
        args = {
            "instance_arn": "arn:aws:sso:::instance/ssoins-1",
            "name": f"Set{number}",
            "managed_policy_arns": [f"arn:aws:iam::aws:policy/{policy}"],
            "inline_policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        }
        made.append(plan_permission_set(f"set-{number}", args, ()))
    return tuple(each for plan in made for each in plan)


if __name__ == "__main__":
    sys.exit(main())
