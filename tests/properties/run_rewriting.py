"""Judge the labelled cases in other words: `python tests/properties/run_rewriting.py SEED N [STEP...]`.

N times over all cases, from SEED on; with STEPs, by those alone, to see which one matters. Prints each case
whose answer changed, and how often each step was taken; ends with 1 if an answer changed.
"""

import importlib
import sys
from collections import Counter


def main() -> int:
    """Compare and print."""
    first, rounds, *only = sys.argv[1:]
    comparing = importlib.import_module("comparing")
    taken: Counter[str] = Counter()
    changed = 0
    for seed in range(int(first), int(first) + int(rounds)):
        for difference in (
            *comparing.differences(seed, taken, frozenset(only) or None),
            *comparing.mended(seed),
        ):
            changed += 1
            sys.stdout.write(f"{difference}\n")
    for step, times in sorted(taken.items()):
        sys.stdout.write(f"{times:8} {step}\n")
    sys.stdout.write(f"{changed} answers changed\n")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
