"""What random decisions are made of, and what of it occurred too seldom for a comparison to count."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from identity_guard.iam.text.operators import OPERATORS

LEAST_SHARE = 0.2
"""The least share of each answer in all decisions."""
LEAST_OCCURRENCES = 1_000
FULL_RUN = 100_000
"""From this many decisions on, the least occurrences are asked for."""

Case = dict[str, Any]


def expected() -> set[str]:
    """Return what has to occur, so that what never does is noticed, too."""
    operators = {f"operator {name}" for name in OPERATORS}
    answers = {f"answer {answer}" for answer in ("allow", "explicit deny", "implicit deny")}
    elements = {"Deny", "NotAction", "NotResource", "IfExists", "ForAllValues", "ForAnyValue"}
    return {*operators, *answers, *elements, "boundary", "SCP", "policy variable"}


def limits_of(case: Case) -> list[list[Case]]:
    """Return the boundary, where there is one, and each level of SCPs: each has to allow by itself."""
    boundary = [] if case["boundary"] is None else [[case["boundary"]]]
    return [*boundary, *case["scps"]]


def statements(case: Case) -> Iterator[tuple[Case, Case]]:
    """Yield every document, limits among them, with each of its statements."""
    for document in [*case["documents"], *(each for level in limits_of(case) for each in level)]:
        found = document["Statement"]
        for statement in found if isinstance(found, list) else [found]:
            yield document, statement


def operators(case: Case) -> Iterator[tuple[str, Case]]:
    """Yield every operator, as it is written, with its block."""
    for _, statement in statements(case):
        yield from statement.get("Condition", {}).items()


def elements_of(case: Case) -> Counter[str]:
    """Count what a case is made of."""
    found = Counter({"boundary": int(case["boundary"] is not None), "SCP": sum(map(len, case["scps"]))})
    for _, statement in statements(case):
        found.update(name for name in ("NotAction", "NotResource") if name in statement)
        found["Deny"] += statement["Effect"] == "Deny"
        found["policy variable"] += "${" in json.dumps(statement)
    for operator, _ in operators(case):
        prefix, _, name = operator.rpartition(":")
        found[f"operator {name.removesuffix('IfExists')}"] += 1
        found["ForAllValues"] += prefix == "ForAllValues"
        found["ForAnyValue"] += prefix == "ForAnyValue"
        found["IfExists"] += name.endswith("IfExists")
    return found


def table(occurred: Counter[str]) -> str:
    """Write the counts, one a line."""
    return "".join(f"{times:>9}  {name}\n" for name, times in sorted(occurred.items()))


def report(occurred: Counter[str], decisions: int, differing: Sequence[str], said: str) -> int:
    """Print what occurred, the first differences, what was `said` and what occurred too seldom.

    Return the exit status: 1 where something differs, or where the comparison means too little.
    """
    sys.stdout.write(table(occurred))
    for each in differing[:20]:
        sys.stdout.write(f"{each}\n")
    sys.stdout.write(f"{said}\n")
    seldom = too_seldom(occurred, decisions)
    if seldom:
        sys.stdout.write(f"too seldom: {', '.join(seldom)}\n")
    return 1 if differing or seldom else 0


def too_seldom(occurred: Counter[str], decisions: int) -> list[str]:
    """Return what occurred too seldom; nothing where there are too few decisions to ask for it."""
    if decisions < FULL_RUN:
        return []
    elements = {name for name in occurred if not name.startswith("answer ")}
    return [
        f"{name}: {occurred[name]} of at least {least:.0f}"
        for name in sorted({*elements, *expected()})
        if occurred[name]
        < (least := decisions * LEAST_SHARE if name.startswith("answer ") else LEAST_OCCURRENCES)
    ]
