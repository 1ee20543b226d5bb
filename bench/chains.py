"""Time the chains of large organisations: who ends up an administrator, over thousands of identities.

    .venv/bin/python bench/chains.py

Every identity has documents of its own: users who change themselves or others, roles that trust an account,
a name or a service, groups and their members, permission sets over many accounts, workloads. Nothing is
equal to another, so nothing is saved by looking at one for all. The table goes to bench/results/chains.md.
"""

import argparse
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1] / "policies"))

from identity_guard.chains import Chains, Graph, Kind, ManagedPolicy, Node, Organisation, Workload
from identity_guard.iam import Attachment, DocumentKind, attach, managed_attachment

RESULT: Final = Path(__file__).parent / "results" / "chains.md"
SIZES: Final = (625, 1_250, 2_500, 5_000)
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


SHAPES: Final[dict[str, Callable[[int], Organisation]]] = {
    "mixed": organisation,
    "a line": in_line,
    "a circle": partial(in_line, back=True),
    "ten targets each": many_edges,
}


def measured(shape: str, size: int) -> tuple[float, int, int, int]:
    """Return seconds, edges, those who reach an administrator, and the longest chain."""
    given = SHAPES[shape](size)
    started = time.process_time()
    chains = Chains(Graph(given, NOW))
    found = [chain for node in chains.sources() if (chain := chains.of(node)) is not None]
    took = time.process_time() - started
    targets = sum(edge.targets.bit_count() for edge in chains.graph.edges)
    return took, targets, len(found), max((len(each.steps) for each in found), default=0)


def table(sizes: Sequence[int]) -> Iterator[str]:
    """Write the results."""
    yield "# Chains\n"
    yield "Seconds of one core for all chains to administrators, each step proved; documents are read.\n"
    yield "| shape | identities | seconds | targets of edges | reach an administrator | longest chain |"
    yield "|---|---:|---:|---:|---:|---:|"
    for shape in SHAPES:
        for size in sizes:
            took, edges, found, longest = measured(shape, size)
            yield f"| {shape} | {size} | {took:.1f} | {edges} | {found} | {longest} |"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    yield f"\nMemory at most: {memory} MB. Python {sys.version.split()[0]}."


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--print", action="store_true", help="print only")
    given = parser.parse_args()
    text = "\n".join(table(given.sizes)) + "\n"
    sys.stdout.write(text)
    if not given.print:
        RESULT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
