"""Compare the evaluator with the oracle on many decisions: `python tests/differential/run.py SEED N`.

Prints how often each operator, negated element, Deny and boundary occurred and how often each answer; ends
with 1 if the two ever differ, or if something occurred too seldom for the comparison to mean anything.
"""

import importlib
import random
import sys
from collections import Counter

from identity_guard.iam.operators import OPERATORS

LEAST_SHARE = 0.2
LEAST_OCCURRENCES = 1_000
VERDICT_SHARE = 100
"""One verdict, each held against hundreds of requests, for so many single decisions."""
FULL_RUN = 100_000
"""From this many decisions on, the least occurrences are asked for."""


def expected() -> set[str]:
    """Return what has to occur, so that what never does is noticed, too."""
    operators = {f"operator {name}" for name in OPERATORS}
    answers = {f"answer {answer}" for answer in ("allow", "explicit deny", "implicit deny")}
    elements = {"Deny", "NotAction", "NotResource", "IfExists", "ForAllValues", "ForAnyValue"}
    return {*operators, *answers, *elements, "boundary or SCP", "policy variable"}


def main() -> int:
    """Run the comparison and report."""
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    oracle, enumeration = importlib.import_module("oracle"), importlib.import_module("enumeration")
    comparison = importlib.import_module("comparison")
    cases = importlib.import_module("generator").Generator(seed)
    occurred: Counter[str] = Counter()
    differing = comparison.disagreements(oracle, cases, count, occurred)
    verdicts = count // VERDICT_SHARE
    source = random.Random(seed)  # noqa: S311 - a repeatable source is the point
    differing += comparison.verdict_disagreements(oracle, enumeration, source, verdicts, Counter())
    for name, times in sorted(occurred.items()):
        sys.stdout.write(f"{times:>9}  {name}\n")
    for each in differing[:20]:
        sys.stdout.write(f"{each}\n")
    said = f"{count} decisions and {verdicts} verdicts of seed {seed}"
    sys.stdout.write(f"{said}, {len(differing)} disagreements\n")
    seldom = [
        name
        for name in {*occurred, *expected()}
        if occurred[name] < (count * LEAST_SHARE if name.startswith("answer ") else LEAST_OCCURRENCES)
    ]
    if seldom and count >= FULL_RUN:
        sys.stdout.write(f"too seldom: {', '.join(sorted(seldom))}\n")
    return 1 if differing or (seldom and count >= FULL_RUN) else 0


if __name__ == "__main__":
    raise SystemExit(main())
