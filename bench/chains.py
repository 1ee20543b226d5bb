"""Time the chains of large organisations: who ends up an administrator, over thousands of identities.

    .venv/bin/python bench/chains.py [--sizes 1250 2500 5000] [--print]

Every identity has documents of its own: users who change themselves or others, roles that trust an account,
a name or a service, groups and their members, permission sets over many accounts, workloads. Nothing is
equal to another, so nothing is saved by looking at one for all. Beside it stand shapes that nobody would make
on purpose: long lines and circles, everybody before everybody, documents at AWS's size limits, and an
account as `aws iam get-account-authorization-details` prints it. Each is measured in a process of its own, so
that its memory is known; seconds are those of the processor.

Exit status 1 where 5,000 identities or 1,500 roles take longer than LIMIT, or a shape grows faster than its
edges by more than FASTER. Documents at the size limits have no limit of their own yet: each of their edges
has a statement to itself, which costs some milliseconds. The table goes to bench/results/chains.md.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[1] / "policies"))

from identity_guard.chains import Chains, Graph, Kind, ManagedPolicy, Node, Organisation, Workload
from identity_guard.chains.authorization_details import organisation_of
from identity_guard.iam import Attachment, DocumentKind, attach, managed_attachment

RESULT: Final = Path(__file__).parent / "results" / "chains.md"
SIZES: Final = (1_250, 2_500, 5_000)
LIMIT: Final = 10.0
"""Seconds for the largest size."""
FASTER: Final = 2.0
"""How many times more a target of an edge may cost at the largest size than at the smallest."""
ROLES_OF_AN_ACCOUNT: Final = (375, 750, 1_500)
ROLES_AT_THE_LIMITS: Final = (25, 50, 100)
INLINE, MANAGED, TRUST = 10_240, 6_144, 4_096
"""Characters at most of a role's inline policies, a managed policy and a trust policy (IAM User Guide,
reference_iam-quotas)."""
ACCOUNT: Final = "111122223333"
HERE: Final = f"arn:aws:iam::{ACCOUNT}"
FUNCTION: Final = f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function"
NOW: Final = 1_795_000_000.0
ADMINISTRATOR: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
ONE_IN: Final = 500
"""How many identities there are for each administrator."""

Statement = tuple[Sequence[str], Sequence[str]]


def document(*statements: Statement) -> Attachment:
    """Write and read a policy of some Allows."""
    written = [
        {"Effect": "Allow", "Action": list(actions), "Resource": list(on)} for actions, on in statements
    ]
    return attach({"Version": "2012-10-17", "Statement": written})


def trust(principal: dict[str, str]) -> Attachment:
    """Write and read a trust policy."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return attach({"Version": "2012-10-17", "Statement": statement}, "trust policy", kind=DocumentKind.TRUST)


def plain_work(number: int) -> Statement:
    """Return what everybody does: nothing that leads anywhere."""
    return (["s3:GetObject", "s3:PutObject", "dynamodb:Query"], [f"arn:aws:s3:::bucket-{number}/*"])


def user(number: int, size: int, chance: random.Random) -> Node:
    """Make a user with some reach: keys of another, a role, a policy of its own, a group."""
    other, role = chance.randrange(size // 2), chance.randrange(size // 2)
    choices: tuple[Statement, ...] = (
        (["iam:CreateAccessKey", "iam:ListAccessKeys"], [f"{HERE}:user/user-{other}"]),
        (["sts:AssumeRole"], [f"{HERE}:role/role-{role}", f"{HERE}:role/team-{number % 97}-*"]),
        (["iam:PassRole"], [f"{HERE}:role/role-{role}"]),
        (["lambda:UpdateFunctionCode"], [f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:task-{role}"]),
        (["iam:ChangePassword", "iam:CreateAccessKey"], [f"{HERE}:user/${{aws:username}}"]),
        (["iam:CreatePolicyVersion"], [f"{HERE}:policy/policy-{other}"]),
        (["ecs:RunTask", "logs:*"], ["*"]),
    )
    own = document(plain_work(number), *chance.sample(choices, 2))
    return Node(Kind.USER, f"user-{number}", f"{HERE}:user/user-{number}", ACCOUNT, (own,), tags={})


def role(number: int, size: int, chance: random.Random) -> Node:
    """Make a role that a service, the account or one user may assume."""
    principal = chance.choice(
        (
            {"Service": "lambda.amazonaws.com"},
            {"Service": "ec2.amazonaws.com"},
            {"AWS": f"{HERE}:root"},
            {"AWS": f"{HERE}:user/user-{chance.randrange(size // 2)}"},
        )
    )
    further: tuple[Statement, ...] = (
        (["sts:AssumeRole"], [f"{HERE}:role/role-{chance.randrange(size // 2)}"]),
        (["iam:PutRolePolicy"], [f"{HERE}:role/role-{chance.randrange(size // 2)}"]),
        (["sqs:*"], [f"arn:aws:sqs:eu-central-1:{ACCOUNT}:queue-{number}"]),
    )
    documents: tuple[Attachment, ...] = (document(plain_work(number), chance.choice(further)),)
    if number % ONE_IN == 0:
        documents = (*documents, managed_attachment(ADMINISTRATOR))
    arn = f"{HERE}:role/role-{number}"
    return Node(Kind.ROLE, f"role-{number}", arn, ACCOUNT, documents, trust=trust(principal), tags={})


def organisation(size: int) -> Organisation:
    """Make as many identities, half of them users and half of them roles."""
    chance = random.Random(size)  # noqa: S311 - the same organisation in every run
    users = [user(number, size, chance) for number in range(size // 2)]
    roles = [role(number, size, chance) for number in range(size // 2)]
    policies = [
        ManagedPolicy(f"{HERE}:policy/policy-{number}", ACCOUNT, (each,)) for number, each in enumerate(users)
    ]
    workloads = [
        Workload(f"task-{number}", f"{FUNCTION}:task-{number}", ACCOUNT, each)
        for number, each in enumerate(roles)
    ]
    return Organisation([*users, *roles], policies, workloads=workloads)


def in_line(size: int, *, back: bool = False) -> Organisation:
    """Make users each of whom makes keys of the next, up to an administrator; `back` makes it a circle."""
    users = [
        _in_line(number, f"{HERE}:user/user-{(number + 1) % size if back else number + 1}")
        for number in range(size)
    ]
    if not back:
        return Organisation([*users[:-1], administrator(size - 1)])
    boss = administrator(size)
    return Organisation([*users[:-1], _in_line(size - 1, f"{HERE}:user/user-0", boss.arn), boss])


def _in_line(number: int, *others: str) -> Node:
    own = document(plain_work(number), (["iam:CreateAccessKey"], others))
    return Node(Kind.USER, f"user-{number}", f"{HERE}:user/user-{number}", ACCOUNT, (own,), tags={})


def administrator(number: int) -> Node:
    """Make an administrator."""
    arn = f"{HERE}:user/user-{number}"
    return Node(Kind.USER, f"user-{number}", arn, ACCOUNT, (managed_attachment(ADMINISTRATOR),), tags={})


def many_edges(size: int) -> Organisation:
    """Make users who each make keys of ten others by name, an administrator among the last."""
    users = [
        _in_line(number, *(f"{HERE}:user/user-{(number * 7 + step) % size}" for step in range(1, 11)))
        for number in range(size - 1)
    ]
    return Organisation([*users, administrator(size - 1)])


def everybody(size: int) -> Organisation:
    """Make users who each make keys of every user, an administrator among them."""
    users = [_in_line(number, f"{HERE}:user/*") for number in range(size - 1)]
    return Organisation([*users, administrator(size - 1)])


def full(limit: int, action: str, name: Callable[[int], str], last: str) -> dict[str, Any]:
    """Write a policy with a statement for each resource that AWS's limit leaves room for, and a last one."""
    text = '{"Effect":"Allow","Action":"%s","Resource":"%s"},'
    statements: list[dict[str, Any]] = []
    size = 100 + len(text) + len(last)
    while (size := size + len(text % (action, name(len(statements))))) < limit:
        statements.append({"Effect": "Allow", "Action": action, "Resource": name(len(statements))})
    return {
        "Version": "2012-10-17",
        "Statement": [*statements, {"Effect": "Allow", "Action": action, "Resource": last}],
    }


def at_the_limits(size: int) -> Organisation:
    """Make roles with documents as large as AWS takes, each of which the one before may assume."""
    return organisation_of([_details(size, shared=False)])


def an_account(size: int) -> Organisation:
    """Read an account's answer: roles with one large policy for all and an inline one each."""
    return organisation_of([_details(size, shared=True)])


def _details(size: int, *, shared: bool) -> dict[str, Any]:
    own = full(MANAGED, "s3:GetObject", "arn:aws:s3:::bucket-{}/*".format, "arn:aws:s3:::last/*")
    versions = [{"Document": own, "VersionId": "v1", "IsDefaultVersion": True}]
    policy = {"PolicyName": "own", "Arn": f"{HERE}:policy/own", "PolicyVersionList": versions}
    roles = [_role_of_details(number, size, shared=shared) for number in range(size)]
    return {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": roles, "Policies": [policy]}


def _role_of_details(number: int, size: int, *, shared: bool) -> dict[str, Any]:
    following = f"{HERE}:role/role-{number + 1}"
    may: dict[str, Any] = full(0, "sts:AssumeRole", str, following)
    named = [f"{HERE}:role/role-{number - 1}"]
    if not shared:
        may = full(
            INLINE, "sts:AssumeRole", lambda n: f"{HERE}:role/role-{(number + 7 * n) % size}", following
        )
        named = [f"{HERE}:role/role-{(number - n) % size}" for n in range(1, TRUST // 50)]
    trusting = {"Effect": "Allow", "Principal": {"AWS": named}, "Action": "sts:AssumeRole"}
    strong = [{"PolicyName": "AdministratorAccess", "PolicyArn": ADMINISTRATOR}]
    return {
        "RoleName": f"role-{number}",
        "Arn": f"{HERE}:role/role-{number}",
        "Tags": [],
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": trusting},
        "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": may}],
        "AttachedManagedPolicies": [
            {"PolicyName": "own", "PolicyArn": f"{HERE}:policy/own"},
            *(strong if number == size - 1 else []),
        ],
    }


SHAPES: Final[dict[str, tuple[Callable[[int], Organisation], Sequence[int]]]] = {
    "mixed": (organisation, SIZES),
    "a line": (in_line, SIZES),
    "a circle": (partial(in_line, back=True), SIZES),
    "ten targets each": (many_edges, SIZES),
    "everybody of everybody": (everybody, SIZES),
    "an account's answer, one policy for all": (an_account, ROLES_OF_AN_ACCOUNT),
    "an account's answer, documents at the limits": (at_the_limits, ROLES_AT_THE_LIMITS),
}


def measured(shape: str, size: int) -> dict[str, float]:
    """Return seconds, edges, those who reach an administrator, the longest chain, and the memory in MB."""
    make, _ = SHAPES[shape]
    read = time.process_time()
    given = make(size)
    started = time.process_time()
    chains = Chains(Graph(given, NOW))
    found = [chain for node in chains.sources() if (chain := chains.of(node)) is not None]
    return {
        "reading": started - read,
        "seconds": time.process_time() - started,
        "targets": sum(edge.targets.bit_count() for edge in chains.graph.edges),
        "reach": len(found),
        "longest": max((len(each.steps) for each in found), default=0),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def apart(shape: str, size: int) -> dict[str, float]:
    """Measure in a process of its own."""
    call = [sys.executable, __file__, "--one", shape, str(size)]
    done = subprocess.run(call, check=True, capture_output=True, text=True)  # noqa: S603 - our own
    found: dict[str, float] = json.loads(done.stdout)
    return found


def growth(rows: Sequence[dict[str, float]]) -> float:
    """Say how many times more a target costs at the largest size than at the smallest."""
    each = [(row["reading"] + row["seconds"]) / max(row["targets"], 1) for row in rows]
    return each[-1] / each[0]


HEADING: Final = """# Chains

Seconds of one core for all chains to administrators, each step proved; first the documents are read, or the
organisation is made. Growth is what a target of an edge costs at the largest size, over what it costs at the
smallest.

| shape | identities | reading | seconds | targets of edges | reach the goal | longest chain | MB | growth |
|---|---:|---:|---:|---:|---:|---:|---:|---:|
"""


def table(sizes: Sequence[int]) -> tuple[str, list[str]]:
    """Write the results, and what is beyond the goals."""
    lines, missed = [], []
    for shape, (_, usual) in SHAPES.items():
        chosen = usual if usual is not SIZES else sizes
        rows = [apart(shape, size) for size in chosen]
        for size, row in zip(chosen, rows, strict=True):
            grown = f"{growth(rows):.2f}" if size == chosen[-1] else ""
            lines.append(
                f"| {shape} | {size} | {row['reading']:.1f} | {row['seconds']:.1f} | {row['targets']} "
                f"| {row['reach']} | {row['longest']} | {row['memory']} | {grown} |"
            )
            sys.stderr.write(lines[-1] + "\n")
        missed += (
            [f"{shape}: {rows[-1]['seconds']:.1f} s"]
            if usual is not ROLES_AT_THE_LIMITS and rows[-1]["seconds"] > LIMIT
            else []
        )
        missed += [f"{shape}: grows by {growth(rows):.2f}"] if growth(rows) > FASTER else []
    return HEADING + "\n".join(lines) + f"\n\nPython {sys.version.split()[0]}.\n", missed


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--print", action="store_true", help="print only")
    parser.add_argument("--one", nargs=2, metavar=("SHAPE", "SIZE"), help="measure one in this process")
    given = parser.parse_args()
    if given.one:
        sys.stdout.write(json.dumps(measured(given.one[0], int(given.one[1]))))
        return 0
    text, missed = table(given.sizes)
    sys.stdout.write(text + "".join(f"MISSED  {each}\n" for each in missed))
    if not given.print:
        RESULT.write_text(text, encoding="utf-8")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
