"""Change the evaluator and the rules a little, many times, and see whether a test notices each change.

    .mutation/bin/python tests/mutation/run.py SEED N PYTHON

Cosmic Ray finds the places and makes the changes; N of them are drawn, from each module by its share of all,
and at least one. Each is made in a copy of the checkout, one copy for each processor, and the tests run
there with PYTHON, the fast ones first, until one fails. A change that a test notices is killed, so is one
that makes the tests hang. The others are printed as they stand in the code. Types in annotations are left
out: no test could notice them.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import Queue
from typing import Any

from cosmic_ray.ast import get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

CHECKOUT = Path(__file__).parents[2]
PACKAGE = Path("policies/identity_guard")
#: Tests that bear on each part, the fast ones first.
TESTS = {
    "iam": ("tests/corpus tests/iam", "tests/rules", "tests/properties tests/differential"),
    "rules": ("tests/rules tests/contracts", "tests/corpus tests/iam tests/cli"),
}
SECONDS = 150
LEAST = 1
#: One change for each kind of place: Cosmic Ray's others of the same kind are noticed by the same tests.
OPERATORS = (
    *(
        f"core/ReplaceBinaryOperator_{pair}"
        for pair in ("Add_Sub", "Sub_Add", "Mul_Add", "FloorDiv_Mul", "Div_Mul")
    ),
    *(f"core/ReplaceBinaryOperator_{pair}" for pair in ("BitOr_BitAnd", "BitAnd_BitOr", "BitXor_BitOr")),
    *(f"core/ReplaceBinaryOperator_{pair}" for pair in ("LShift_RShift", "RShift_LShift")),
    *(f"core/ReplaceComparisonOperator_{pair}" for pair in ("Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is")),
    *(
        f"core/ReplaceComparisonOperator_{pair}"
        for pair in ("Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Lt_GtE")
    ),
    "core/ReplaceUnaryOperator_Delete_Not",
    "core/ReplaceUnaryOperator_Delete_Invert",
    "core/AddNot",
    "core/ReplaceTrueWithFalse",
    "core/ReplaceFalseWithTrue",
    "core/ReplaceAndWithOr",
    "core/ReplaceOrWithAnd",
    "core/ReplaceBreakWithContinue",
    "core/ReplaceContinueWithBreak",
    "core/NumberReplacer",
    "core/ExceptionReplacer",
    "core/ZeroIterationForLoop",
)
#: Not code that decides: the command line, what tests drive, what writes the documentation.
LEFT_OUT = {"in_process_engine.py", "rule_pages.py", "preparation.py"}


@dataclass(frozen=True)
class Mutant:
    """One change."""

    module: str
    operator: str
    occurrence: int
    line: int

    @property
    def part(self) -> str:
        """Which tests bear on it."""
        return Path(self.module).parent.name


def mutants_of(module: str) -> Iterator[Mutant]:
    """Yield every change of a module that could be noticed."""
    source = (CHECKOUT / module).read_text(encoding="utf-8")
    lines = source.splitlines()
    tree = get_ast(source)
    nodes = list(_nodes(tree))
    for name in OPERATORS:
        operator = get_operator(name)()
        occurrence = 0
        for node in nodes:
            for position in operator.mutation_positions(node):
                line = position[0][0]
                if not _is_annotation(name, lines[line - 1]):
                    yield Mutant(module, name, occurrence, line)
                occurrence += 1


def _nodes(node: Any) -> Iterator[Any]:  # noqa: ANN401 - a node of parso, which has no types
    yield node
    for child in getattr(node, "children", ()):
        yield from _nodes(child)


def _is_annotation(operator: str, line: str) -> bool:
    """Recognise `X | None` in a signature or a field: a bar on a line without a call of bits."""
    return "BitOr" in operator and ("None" in line or "->" in line or line.strip().endswith((",", "):")))


def draw(seed: int, count: int) -> tuple[list[Mutant], Counter[str]]:
    """Draw from each module by its share; return the drawn and how many each module has."""
    files = [path for part in TESTS for path in sorted((CHECKOUT / PACKAGE / part).glob("*.py"))]
    modules = [str(path.relative_to(CHECKOUT)) for path in files if path.name not in LEFT_OUT]
    found = {module: list(mutants_of(module)) for module in modules}
    total = sum(map(len, found.values()))
    source = random.Random(seed)  # noqa: S311 - a repeatable source is the point
    drawn = []
    for every in found.values():
        wanted = min(len(every), max(LEAST, round(count * len(every) / total)))
        drawn += source.sample(every, wanted)
    source.shuffle(drawn)
    return drawn, Counter({module: len(every) for module, every in found.items()})


def copy(folder: Path) -> Path:
    """Copy what git tracks."""
    listed = subprocess.run(["git", "ls-files"], cwd=CHECKOUT, check=True, capture_output=True, text=True)  # noqa: S607
    for name in listed.stdout.splitlines():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKOUT / name, target)
    return folder


def test(mutant: Mutant, folder: Path, python: str) -> tuple[str, str]:
    """Make the change in a copy, run the tests, take it back; return the outcome and the changed line."""
    file = folder / mutant.module
    source = file.read_text(encoding="utf-8")
    changed = mutate_code(source, get_operator(mutant.operator)(), mutant.occurrence)
    if changed is None or changed == source:
        return "none", ""
    before, after = source.splitlines(), changed.splitlines()
    shown = next(
        (f"{old.strip()}  =>  {new.strip()}" for old, new in zip(before, after, strict=False) if old != new),
        "",
    )
    file.write_text(changed, encoding="utf-8")
    try:
        for tests in TESTS[mutant.part]:
            outcome = _run(tests, folder, python)
            if outcome:
                return outcome, shown
    finally:
        file.write_text(source, encoding="utf-8")
    return "survived", shown


def _run(tests: str, folder: Path, python: str) -> str:
    paths = [str(folder / "policies"), str(folder / "components"), str(folder)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [python, "-P", "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m", "not engine"]
    try:
        done = subprocess.run(
            [*command, *tests.split()],
            cwd=folder,
            env=environment,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "timeout"
    return "killed" if done.returncode else ""


def main() -> int:
    """Draw, test and report."""
    seed, count, python = int(sys.argv[1]), int(sys.argv[2]), str(Path(sys.argv[3]).absolute())
    drawn, sizes = draw(seed, count)
    sys.stderr.write(f"{len(drawn)} of {sum(sizes.values())} changes in {len(sizes)} modules are drawn\n")
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    workers = int(os.environ.get("WORKERS", os.cpu_count() or 1))
    with tempfile.TemporaryDirectory(prefix="mutation-") as name, ThreadPoolExecutor(workers) as pool:
        folders: Queue[Path] = Queue()
        for number in range(workers):
            folders.put(copy(Path(name) / str(number)))

        def tested(mutant: Mutant) -> tuple[Mutant, str, str]:
            folder = folders.get()
            try:
                return (mutant, *test(mutant, folder, python))
            finally:
                folders.put(folder)

        for number, (mutant, outcome, shown) in enumerate(pool.map(tested, drawn), start=1):
            outcomes[mutant.module][outcome] += 1
            if outcome == "survived":
                sys.stdout.write(json.dumps({**asdict(mutant), "change": shown}) + "\n")
                sys.stdout.flush()
            if number % 20 == 0:
                sys.stderr.write(f"{number} of {len(drawn)}: {dict(sum(outcomes.values(), Counter()))}\n")
    return report(outcomes, sizes)


def report(outcomes: dict[str, Counter[str]], sizes: Counter[str]) -> int:
    """Print a line a module and the whole."""
    for module, found in sorted(outcomes.items()):
        sys.stdout.write(f"{sizes[module]:>5} {module}: {dict(found)}\n")
    whole = sum(outcomes.values(), Counter())
    noticed = whole["killed"] + whole["timeout"]
    ran = noticed + whole["survived"]
    sys.stdout.write(
        f"{noticed} of {ran} noticed ({100 * noticed / max(ran, 1):.1f} %), of {sum(sizes.values())} in all\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
