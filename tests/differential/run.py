"""Compare the evaluator with the oracle on many decisions: `python -m tests.differential.run SEED N`.

Prints how often each operator, negated element, Deny, boundary and SCP occurred and how often each answer;
ends with 1 if the two ever differ, or if something occurred too seldom for the comparison to mean anything.
"""

import random
import sys
from collections import Counter

from tests.differential import comparison, occurrences
from tests.differential.generator import Generator

VERDICT_SHARE = 100
"""One verdict, each held against hundreds of requests, for so many single decisions."""


def main() -> int:
    """Run the comparison and report."""
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    occurred: Counter[str] = Counter()
    differing = comparison.disagreements(Generator(seed), count, occurred)
    verdicts = count // VERDICT_SHARE
    source = random.Random(seed)  # noqa: S311 - a repeatable source is the point
    differing += comparison.verdict_disagreements(source, verdicts, Counter())
    said = f"{count} decisions and {verdicts} verdicts of seed {seed}, {len(differing)} disagreements"
    return occurrences.report(occurred, count, differing, said)


if __name__ == "__main__":
    raise SystemExit(main())
