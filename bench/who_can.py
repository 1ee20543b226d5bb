"""Time `explain --who-can` over thousands of identities, the policies of an organisation above them.

    .venv/bin/python bench/who_can.py

The whole command is timed, from its start to its last line, and the two parts that grow: reading the state
and asking everybody. Seconds are those of the processor: other work on the machine is not the command's.

Half are people, each in a group of their own with a permission set of its own in an account; the rest are
IAM users and roles with policies of their own. Every fifth holds ReadOnlyAccess, the longest of the usual
AWS-managed policies. Nothing is equal to another, so nothing is saved by deciding for one. The table goes
to bench/results/who_can.md.
"""

import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from identity_center.model.organisation.organisation import (
    AccountState,
    LimitingPolicies,
    LimitingPolicy,
    MemberAccount,
    Organisation,
    PolicyKind,
    Unit,
)
from identity_center.model.organisation.snapshot import write_snapshot
from identity_center_cli.main import OBJECTS_BETWEEN_COLLECTIONS
from identity_center_cli.stacks.recorded import resources_of_state, view_of
from identity_center_cli.verbs.explain.access import Explainer, Question
from identity_center_cli.verbs.explain.surroundings import Surroundings

RESULT: Final = Path(__file__).parent / "results" / "who_can.md"
SIZES: Final = (1_250, 2_500, 5_000)
ACCOUNT: Final = "444444444444"
LIMIT: Final = 5.0
"""Seconds for the largest, with everything that the command does."""
QUESTIONS: Final = {
    "s3:GetObject": ("s3:GetObject", None),
    "s3:GetObject on one object": ("s3:GetObject", "arn:aws:s3:::bucket-7/x"),
    "iam:CreateUser": ("iam:CreateUser", None),
}
PROVIDER: Final = "urn:pulumi:dev::own::pulumi:providers:aws::default::11111111-1111-1111-1111-111111111111"
Json = dict[str, Any]


def made(token: str, name: str, inputs: Json, **outputs: str) -> Json:
    """Record a resource."""
    urn = f"urn:pulumi:dev::own::{token}::{name}"
    written = {**inputs, **outputs}
    return {"urn": urn, "custom": True, "id": name, "type": token, "inputs": inputs, "outputs": written,
            "provider": PROVIDER}  # fmt: skip


def document(number: int) -> str:
    """Write a policy that nobody else has."""
    region = {"StringEquals": {"aws:RequestedRegion": ["eu-central-1", f"eu-{number}"]}}
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "dynamodb:Query"],
                 "Resource": [f"arn:aws:s3:::bucket-{number}/*"]},
                {"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*", "Condition": region},
                {"Effect": "Deny", "Action": ["s3:Delete*", "iam:*"], "Resource": "*"},
            ],
        }
    )  # fmt: skip


def stack(size: int) -> list[Json]:
    """Make the resources of a stack with so many identities."""
    found: list[Json] = []
    for number in range(size):
        found += person(number) if number % 2 else iam(number)
    return found


def person(number: int) -> list[Json]:
    """Make a person with a group, a set and an assignment."""
    arn = f"arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-{number:016x}"
    managed = [
        made("aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment", f"m-{number}",
             {"permissionSetArn": arn, "managedPolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"})
    ]  # fmt: skip
    return [
        made("aws:identitystore/user:User", f"u-{number}", {"userName": f"u-{number}"},
             userId=f"id-u-{number}"),
        made("aws:identitystore/group:Group", f"g-{number}", {"displayName": f"g-{number}"},
             groupId=f"id-g-{number}"),
        made("aws:identitystore/groupMembership:GroupMembership", f"gm-{number}",
             {"groupId": f"id-g-{number}", "memberId": f"id-u-{number}"}),
        made("aws:ssoadmin/permissionSet:PermissionSet", f"s-{number}", {"name": f"s-{number}"}, arn=arn),
        made("aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy", f"i-{number}",
             {"permissionSetArn": arn, "inlinePolicy": document(number)}),
        *(managed if number % 5 == 0 else ()),
        made("aws:ssoadmin/accountAssignment:AccountAssignment", f"a-{number}",
             {"permissionSetArn": arn, "principalType": "GROUP", "principalId": f"id-g-{number}",
              "targetId": ACCOUNT}),
    ]  # fmt: skip


def iam(number: int) -> list[Json]:
    """Make an IAM user with a policy, or a role."""
    kind, name = ("user", "User") if number % 4 else ("role", "Role")
    arn = f"arn:aws:iam::{ACCOUNT}:{kind}/n-{number}"
    return [
        made(f"aws:iam/{kind}:{name}", f"n-{number}", {"name": f"n-{number}"}, arn=arn),
        made(
            f"aws:iam/{kind}Policy:{name}Policy",
            f"p-{number}",
            {kind: f"n-{number}", "policy": document(number)},
        ),
    ]


def organisation() -> Organisation:
    """Make an organisation with an SCP at each of three levels."""
    units = [Unit("r-1", "Root", None), Unit("ou-1", "Workloads", "r-1")]
    accounts = [
        MemberAccount("123456789012", "management", AccountState.ACTIVE, "r-1"),
        MemberAccount(ACCOUNT, "shop", AccountState.ACTIVE, "ou-1"),
    ]
    text = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "*", "Resource": "*"},
                {"Effect": "Deny", "Action": ["organizations:LeaveOrganization", "iam:CreateUser"],
                 "Resource": "*",
                 "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/infra-*"}}},
            ],
        }
    )  # fmt: skip
    limits = tuple(
        LimitingPolicy(f"p-{place}", f"limit-{place}", PolicyKind.SCP, text, frozenset({place}))
        for place in ("r-1", "ou-1", ACCOUNT)
    )
    found = Organisation.of("123456789012", accounts, units)
    known = LimitingPolicies(frozenset({PolicyKind.SCP}), limits)
    return Organisation(found.management_account_id, found.accounts, found.units, None, "o-1", known)


def exported(size: int) -> Json:
    """Make the exported state of a stack with so many identities."""
    return {"version": 3, "deployment": {"manifest": {}, "resources": stack(size)}}


def timed(size: int, question: tuple[str, str | None]) -> tuple[float, float, int]:
    """Return the seconds for reading and for the answer, and how many ways were looked at."""
    state = exported(size)
    start = time.process_time()
    view = view_of(resources_of_state(state), {})
    read = time.process_time()
    found = Explainer(view, Surroundings(organisation=organisation())).who_can(
        Question(question[0], question[1], ACCOUNT)
    )
    done = time.process_time()
    return read - start, done - read, len(found.ways)


def command(state: Path, known: Path, question: tuple[str, str | None]) -> float:
    """Return the seconds of a processor for the whole command."""
    action, resource = question
    on = ["--on", resource] if resource else []
    words = ["explain", "--state", str(state), "--organisation", str(known), "--who-can", action]
    call = [sys.executable, "-m", "identity_center_cli", *words, "--in", ACCOUNT, *on]
    before = os.times()
    done = subprocess.run(call, check=False, capture_output=True, text=True)  # noqa: S603 - our own
    after = os.times()
    if f"may do {action}" not in done.stdout:
        raise RuntimeError(f"{done.returncode}: {done.stderr[-2_000:]}")
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> int:
    """Time every question, and write the table."""
    # As the command does.
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    rows = []
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        state, known = Path(folder) / "state.json", Path(folder) / "organisation.json"
        known.write_text(write_snapshot(organisation(), datetime.now(UTC)), encoding="utf-8")
        for size in SIZES:
            state.write_text(json.dumps(exported(size)), encoding="utf-8")
            for name, question in QUESTIONS.items():
                read, answered, ways = timed(size, question)
                whole = command(state, known, question)
                rows.append(f"| {size} | {name} | {read:.1f} | {answered:.1f} | {whole:.1f} | {ways} |")
                sys.stdout.write(rows[-1] + "\n")
                slowest = max(slowest, whole) if size == SIZES[-1] else slowest
    heading = "| identities | action | reading | answering | whole command | ways looked at |"
    RESULT.write_text(
        "# Who may do something\n\nSeconds of one core for `explain --who-can`, service control policies at "
        "three levels above the account. First\nthe state is read, then everybody is asked; the whole "
        "command starts Python, and reads and writes text besides.\n\n"
        f"{heading}\n|---:|---|---:|---:|---:|---:|\n" + "\n".join(rows) + "\n",
        encoding="utf-8",
    )
    return 0 if slowest <= LIMIT else 1


if __name__ == "__main__":
    raise SystemExit(main())
