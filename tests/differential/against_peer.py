"""Compare the evaluator with iam-simulate: `python tests/differential/against_peer.py SEED N FOLDER`.

FOLDER is the package's folder, made outside the checkout with `npm install @cloud-copilot/iam-simulate`. It
is under the AGPL: it is run, and nothing is taken from it. Needs Node. Prints how many decisions were
compared and how many differ; ends with 1 if any does for a reason that is not listed here.
"""

import importlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Case = dict[str, Any]
ANSWERS = {"Allowed": "allow", "ExplicitlyDenied": "explicit deny", "ImplicitlyDenied": "implicit deny"}
CALLS = [
    ("iam:PutRolePolicy", "arn:aws:iam::111122223333:role/app"),
    ("iam:PassRole", "arn:aws:iam::111122223333:role/team/admin"),
    ("iam:ListUsers", "*"),
    ("sts:AssumeRole", "arn:aws:iam::111122223333:role/app"),
    ("s3:GetObject", "arn:aws:s3:::reports/2026/a.csv"),
    ("s3:PutObject", "arn:aws:s3:::home/alice/notes.txt"),
    ("s3:ListAllMyBuckets", "*"),
    ("ec2:DescribeInstances", "*"),
    ("lambda:CreateFunction", "arn:aws:lambda:eu-west-1:111122223333:function:f"),
]
"""Calls that exist as they are; the peer refuses others."""
PRINCIPAL = "arn:aws:iam::111122223333:user/alice"
REFUSED = {
    "*:*",
    "*:*Role*",
    "l*:C*n",
    "s3*",
    "nosuch:*",
    "?*",
    "**",
    "arn:*",
    "arn:*:iam::*:user/${aws:username}",
}
"""Patterns that the peer refuses to read."""
NO_VALUES = {"1760000000", "not-an-arn", "many", "soon", "here", "TRUE", "arn:aws:*"}
"""Values that are none of their key's type, which the peer refuses; and seconds since 1970, which the User
Guide allows (condition operators, Date) and which the peer takes for milliseconds."""


def statements(case: Case) -> Iterator[tuple[Case, Case]]:
    """Yield every document with each of its statements."""
    for document in [*case["documents"], *(each for level in case["limits"] for each in level)]:
        found = document["Statement"]
        for statement in found if isinstance(found, list) else [found]:
            yield document, statement


def operators(case: Case) -> Iterator[tuple[str, Case]]:
    """Yield every operator with its block."""
    for _, statement in statements(case):
        yield from statement.get("Condition", {}).items()


LEFT_OUT: dict[str, Callable[[Case], bool]] = {
    "variables in a document of 2008, which has none (reference_policies_variables)": lambda case: any(
        document.get("Version") != "2012-10-17" and "${" in json.dumps(document)
        for document, _ in statements(case)
    ),
    "0.0.0.0/0 and ::/0, which the peer never matches (it shifts by 32)": lambda case: any(
        "/0" in json.dumps(block) for _, block in operators(case)
    ),
    "ForAnyValue with IfExists and an absent key, which makes it true (condition operators, IfExists)": (
        lambda case: any(
            name.startswith("ForAny") and name.endswith("IfExists") for name, _ in operators(case)
        )
    ),
    "NotIpAddress and an address of the other family, which is no address of the range": lambda case: any(
        "NotIpAddress" in name and "2001:db8" in json.dumps([case["context"], block])
        for name, block in operators(case)
    ),
    "an ARN pattern of fewer than six parts: not documented": lambda case: any(
        "Arn" in name and any('"*"' in json.dumps(value) for value in block.values())
        for name, block in operators(case)
    ),
    "${*} in a text that is compared whole (reference_policies_variables, special characters)": lambda case: (
        any("Equals" in name and "${*}" in json.dumps(block) for name, block in operators(case))
    ),
    "NotResource and an action without resources: not documented": lambda case: (
        case["resource"] == "*" and any("NotResource" in statement for _, statement in statements(case))
    ),
    "a key with several values under an operator for one: not documented": lambda case: any(
        not name.startswith("For") and name != "Null" and "aws:tagkeys" in json.dumps(block).lower()
        for name, block in operators(case)
    ),
}
"""Where the two are known to differ; the page of the IAM User Guide decides where it says anything."""


def cases(seed: int, count: int) -> Iterator[Case]:
    """Yield cases that the peer reads."""
    generator = importlib.import_module("generator")
    generator.ACTION_PATTERNS[:] = [each for each in generator.ACTION_PATTERNS if each not in REFUSED]
    generator.RESOURCE_PATTERNS[:] = [each for each in generator.RESOURCE_PATTERNS if each not in REFUSED]
    del generator.FAMILIES["Binary"]
    for _, keys, policy_values, values in generator.FAMILIES.values():
        keys[:] = [key for key in keys if not key.startswith("s3:")]
        policy_values[:] = [value for value in policy_values if value not in NO_VALUES]
        values[:] = [value for value in values if value not in NO_VALUES]
    generator.OPERATORS[:] = [each for each in generator.OPERATORS if each != "BinaryEquals"]
    generator.KEYS[:] = [(key, values) for _, keys, _, values in generator.FAMILIES.values() for key in keys]
    made = generator.Generator(seed)
    for _ in range(count):
        case = made.case()
        case["action"], case["resource"] = made.random.choice(CALLS)
        case["principal"] = PRINCIPAL
        case["context"] = dict(ordinary(case["context"]))
        yield case


def ordinary(context: Case) -> Iterator[tuple[str, Any]]:
    """Yield a context as the peer takes it: one value where a key has one, and who calls."""
    for key, value in context.items():
        if key not in ("aws:username", "aws:PrincipalArn") and value:
            yield key, value if key == "aws:TagKeys" or isinstance(value, str) else value[0]
    yield "aws:username", "alice"
    yield "aws:PrincipalArn", PRINCIPAL


def main() -> int:
    """Compare and report."""
    seed, count, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]).resolve()
    comparison = importlib.import_module("comparison")
    left_out: Counter[str] = Counter()
    compared: list[Case] = []
    for case in cases(seed, count):
        reason = next((name for name, applies in LEFT_OUT.items() if applies(case)), None)
        if reason is None:
            compared.append(case)
        else:
            left_out[reason] += 1
    command = ["node", str(Path(__file__).parent / "peer.mjs"), str(folder)]
    given = "".join(json.dumps(case) + "\n" for case in compared)
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    answers = done.stdout.splitlines()
    differing = [
        f"evaluator {actual}, peer {answer}: {json.dumps(case)}"
        for case, answer in zip(compared, answers, strict=True)
        if (actual := comparison.decided(case)) != ANSWERS.get(answer, answer)
    ]
    for name, times in left_out.most_common():
        sys.stdout.write(f"{times:>9} left out: {name}\n")
    for answer, times in Counter(answers).most_common():
        sys.stdout.write(f"{times:>9} {answer[:100]}\n")
    for each in differing[:10]:
        sys.stdout.write(f"{each}\n")
    sys.stdout.write(f"{len(compared)} decisions of seed {seed} compared, {len(differing)} differ\n")
    return 1 if differing else 0


if __name__ == "__main__":
    raise SystemExit(main())
