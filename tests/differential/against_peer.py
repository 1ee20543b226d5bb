"""Compare the evaluator with iam-simulate: `python -m tests.differential.against_peer SEED N FOLDER`.

FOLDER is the package's folder, which `make differential` makes. It is under the AGPL: it is run, and nothing
is taken from it. Needs Node. Compares N decisions; prints what was left out and why, how often each thing
occurred in those that were compared, and how many differ. Ends with 1 if any does for a reason that is not
listed here, or if something occurred too seldom for the comparison to mean anything.
"""

import itertools
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.differential import generator, occurrences
from tests.differential.comparison import decided
from tests.differential.occurrences import Case, operators, statements

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
NEVER_ASKED = {
    "*:*": "refused: a wildcard in the service's name",
    "*:*Role*": "refused: a wildcard in the service's name",
    "s3*": "refused: an action without a colon",
    "arn:aws:*": "an ARN pattern of fewer than six parts: not documented",
    "not-an-arn": "no ARN under an operator for ARNs: not documented",
    "many": "no number under an operator for numbers: not documented",
    "soon": "no date under an operator for dates: not documented",
    "here": "no address under an operator for addresses: not documented",
    "1760000000": "seconds since 1970 (condition operators, Date), which the peer takes for milliseconds",
}
"""Patterns and values that are in no case, since the peer refuses them or is known to differ."""
KEYS = {"s3:max-keys": "aws:PrincipalTag/number", "s3:signature": "aws:PrincipalTag/bytes"}
"""Keys that the peer does not know for these calls, and what stands for them: names decide nothing here."""
BATCH = 10_000
"""So many cases are asked at once."""


def present(case: Case, block: Case) -> bool:
    """Say whether a request has every key of an operator's block."""
    held = {key.lower() for key in case["context"]}
    return all(key.lower() in held for key in block)


LEFT_OUT: dict[str, Callable[[Case], bool]] = {
    "variables in a document of 2008, which has none (reference_policies_variables)": lambda case: any(
        document.get("Version") != "2012-10-17" and "${" in json.dumps(document)
        for document, _ in statements(case)
    ),
    "0.0.0.0/0 and ::/0, which the peer never matches (it shifts by 32)": lambda case: any(
        "/0" in json.dumps(block) for _, block in operators(case)
    ),
    "ForAnyValue with IfExists and an absent key, on which two pages contradict each other (see oracle.py)": (
        lambda case: any(
            name.startswith("ForAny") and name.endswith("IfExists") and not present(case, block)
            for name, block in operators(case)
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
    "NotResource, or ?*, and an action without resources: not documented": lambda case: (
        case["resource"] == "*"
        and any(
            "NotResource" in statement or '"?*"' in json.dumps(statement["Resource"])
            for _, statement in statements(case)
        )
    ),
    "a key with several values under an operator for one: not documented": lambda case: any(
        not name.startswith("For") and name != "Null" and "aws:tagkeys" in json.dumps(block).lower()
        for name, block in operators(case)
    ),
}
"""Where the two are known to differ; the page of the IAM User Guide decides where it says anything."""


def vocabulary() -> generator.Vocabulary:
    """Return the words that the peer reads."""
    return generator.Vocabulary(
        calls=CALLS,
        action_patterns=asked(generator.ACTION_PATTERNS),
        resource_patterns=generator.RESOURCE_PATTERNS,
        families={
            name: (names, [KEYS.get(key, key) for key in keys], asked(policy_values), asked(values))
            for name, (names, keys, policy_values, values) in generator.FAMILIES.items()
        },
    )


def asked(words: list[str]) -> list[str]:
    """Return what is not named above."""
    return [word for word in words if word not in NEVER_ASKED]


def cases(seed: int, left_out: Counter[str]) -> Iterator[Case]:
    """Yield cases on which the two should agree, without end; count in `left_out` why others are none."""
    made = generator.Generator(seed, vocabulary())
    while True:
        case = made.case()
        case["principal"] = PRINCIPAL
        case["context"] = dict(ordinary(case["context"]))
        reason = next((name for name, applies in LEFT_OUT.items() if applies(case)), None)
        if reason is None:
            yield case
        else:
            left_out[reason] += 1


def ordinary(context: Case) -> Iterator[tuple[str, Any]]:
    """Yield a context as the peer takes it: one value where a key has one, and who calls."""
    for key, value in context.items():
        if key not in ("aws:username", "aws:PrincipalArn") and value != []:
            yield key, value if key == "aws:TagKeys" or isinstance(value, str) else value[0]
    yield "aws:username", "alice"
    yield "aws:PrincipalArn", PRINCIPAL


def ask(batch: list[Case], folder: Path) -> list[str]:
    """Return the peer's answers in our words; what it refuses to answer stays in its own."""
    command = ["node", str(Path(__file__).parent / "peer.mjs"), str(folder)]
    given = "".join(json.dumps(case) + "\n" for case in batch)
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    return [ANSWERS.get(answer, answer) for answer in done.stdout.splitlines()]


def answers(cases: Iterable[Case], folder: Path) -> Iterator[tuple[Case, str]]:
    """Yield each case with the peer's answer, which is asked for many at a time."""
    source = iter(cases)
    while batch := list(itertools.islice(source, BATCH)):
        yield from zip(batch, ask(batch, folder), strict=True)


def main() -> int:
    """Compare and report."""
    seed, count, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]).resolve()
    left_out: Counter[str] = Counter()
    occurred: Counter[str] = Counter()
    differing: list[str] = []
    for case, answer in answers(itertools.islice(cases(seed, left_out), count), folder):
        occurred[f"answer {answer}"] += 1
        occurred.update(occurrences.elements_of(case))
        if (actual := decided(case)) != answer:
            differing.append(f"evaluator {actual}, peer {answer}: {json.dumps(case)}")
    for word, reason in NEVER_ASKED.items():
        sys.stdout.write(f"    never asked: {word}: {reason}\n")
    for reason, times in left_out.most_common():
        sys.stdout.write(f"{times:>9} left out: {reason}\n")
    said = f"{count} decisions of seed {seed} compared, {len(differing)} differ"
    return occurrences.report(occurred, count, differing, said)


if __name__ == "__main__":
    raise SystemExit(main())
