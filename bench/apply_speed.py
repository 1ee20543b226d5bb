"""How long an update of many assignments takes at AWS's pace, beside the least that it can take.

    python bench/apply_speed.py [--assignments 1000 5000] [--parallel 8 16 32 64] [--scale 0.25]

The sandbox keeps AWS's and the provider's limits and delays (sandbox/pace.py), every second of theirs SCALE
of ours. The bound is the slowest of what holds an update back, from those limits alone, and beside it the
engine's own time: the same update with the pace off. An update must make all its assignments within 1.2 times
the bound. The first size is made with each `--parallel`, and then where AWS is quicker and slower for each
assignment than it is held to be; the other sizes with the best `--parallel` only.

The program is told none of this. What it says before each update of how long it takes goes by a smaller one
before, and must be true. Exit status 1 where one of these does not hold.
"""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from large_stacks import AT_THE_END, SETS, accounts_of, config, member_accounts, project, run, update
from rich.console import Console
from rich.table import Table
from side_by_side import own_sandbox

from sandbox.pace import OF_AWS

MOST = 1.2
#: Assignments of the update before, which the estimate goes by.
BEFORE = 300
#: Calls of the provider for one assignment: is it there, make it, is it done.
CALLS = 3
#: Seconds that AWS takes for each assignment, where it is quicker and slower than sandbox/pace.py holds.
OTHER_SPEEDS = (2.0, 12.0)
_ESTIMATE = re.compile(
    r"assignments: (?:(?P<low>\d+) to (?P<high>\d+) minutes|about (?:a minute|(?P<about>\d+) min))"
)


@dataclass(frozen=True)
class Case:
    """One update that is measured."""

    assignments: int
    parallel: int
    scale: float
    takes: float = OF_AWS.request
    """Seconds that AWS takes for each."""

    def least(self) -> float:
        """Return our seconds that limits and delays alone take."""
        assert OF_AWS.calls_a_second is not None  # noqa: S101  # AWS's pace has every limit
        assert OF_AWS.assignments_at_once is not None  # noqa: S101  # as above
        looks = OF_AWS.delay + max(0.0, -(-(self.takes - OF_AWS.delay) // OF_AWS.poll)) * OF_AWS.poll
        slowest: float = max(
            self.assignments * looks / self.parallel,
            self.assignments * self.takes / OF_AWS.assignments_at_once,
            self.assignments * CALLS / OF_AWS.calls_a_second,
            SETS * self.takes,
        )
        return slowest * self.scale


@dataclass(frozen=True)
class Measured:
    """What an update took, in our seconds."""

    case: Case
    engine: float
    """With the pace off."""
    taken: float
    estimate: str
    """What the program said before."""

    @property
    def ratio(self) -> float:
        """How much longer it took than it had to."""
        return self.taken / (self.case.least() + self.engine)

    @property
    def was_told(self) -> bool:
        """Say whether the estimate was true, to the minute: the engine's own time comes on top of it."""
        found = _ESTIMATE.search(self.estimate)
        if found is None:
            return False
        low, high = (found["low"] or 0, found["high"] or found["about"] or 1)
        return 60 * (int(low) - 0.5) <= self.taken and self.taken - self.engine <= 60 * int(high)


def main() -> int:
    """Measure and show."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--assignments", type=int, nargs="+", default=[1000, 5000])
    parser.add_argument("--parallel", type=int, nargs="+", default=[8, 16, 32, 64])
    parser.add_argument("--scale", type=float, default=0.25)
    arguments = parser.parse_args()
    return _show(list(_measured(arguments.assignments, arguments.parallel, arguments.scale)))


def _measured(sizes: list[int], parallels: list[int], scale: float) -> Iterator[Measured]:
    first, *others = sizes
    engine = _engine_alone(Case(first, max(parallels), scale))
    of_first = []
    for parallel in parallels:
        of_first.append(_at_the_pace(Case(first, parallel, scale), engine))
        yield of_first[-1]
    best = min(of_first, key=lambda each: each.taken).case
    for takes in OTHER_SPEEDS:
        yield _at_the_pace(replace(best, takes=takes), engine)
    for size in others:
        case = replace(best, assignments=size)
        yield _at_the_pace(case, _engine_alone(case))


def _engine_alone(case: Case) -> float:
    return _update(case, {}).taken


def _at_the_pace(case: Case, engine: float) -> Measured:
    found = replace(_update(case, {"scale": case.scale, "request": case.takes}), engine=engine)
    sys.stderr.write(f"{case}: {found.taken:.0f} s, {found.ratio:.2f} of the bound; told: {found.estimate}\n")
    return found


def _update(case: Case, pace: dict[str, float]) -> Measured:
    """Make a stack in a sandbox of its own: some assignments first, then those that are measured."""
    options = ("--parallel", str(case.parallel))
    with tempfile.TemporaryDirectory() as name, own_sandbox(Path(name)) as environment:
        accounts = member_accounts(environment, accounts_of(case.assignments + BEFORE))
        large = project(Path(name) / "large", environment)
        if pace:
            (Path(name) / "sandbox" / "pace.json").write_text(json.dumps(pace), encoding="utf-8")
        large.write_config(config(accounts[: accounts_of(BEFORE)]))
        update(large, *options, **AT_THE_END)
        large.write_config(config(accounts))
        estimate = _said(run(large, "preview", "--suppress-progress", *options))
        made = update(large, *options, **AT_THE_END)
    if made.made < case.assignments:
        raise SystemExit(f"{case}: {made.made} were made\n{made.said[-3000:]}")
    return Measured(case, 0.0, made.seconds, estimate)


def _said(preview: str) -> str:
    """Return the program's estimate, which the engine may have broken into lines."""
    found = re.search(r"How long the update takes: (.*?)\. The engine's own", " ".join(preview.split()))
    return found[1] if found else ""


def _show(found: list[Measured]) -> int:
    table = Table(
        "assignments",
        "AWS takes",
        "--parallel",
        "least",
        "engine",
        "took",
        f"of the bound (≤ {MOST})",
        "at AWS's pace",
        "told",
    )
    for each in found:
        case = each.case
        table.add_row(
            f"{case.assignments:,}",
            f"{case.takes:g} s",
            str(case.parallel),
            f"{case.least():.0f} s",
            f"{each.engine:.0f} s",
            f"{each.taken:.0f} s",
            f"{each.ratio:.2f}" + ("" if each.ratio <= MOST else " NO"),
            f"{case.least() / case.scale / 60:.0f} min",
            each.estimate.partition("(")[0] + ("" if each.was_told else " NO"),
        )
    Console(width=140).print(table)
    return 0 if all(each.ratio <= MOST and each.was_told for each in found) else 1


if __name__ == "__main__":
    sys.exit(main())
