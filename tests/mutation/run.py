"""Change the evaluator and the rules a little, many times, and see whether a test notices each change.

    .mutation/bin/python -m tests.mutation.run SEED N PYTHON [MODULE]

Cosmic Ray finds the places and makes the changes; N of them are drawn, from each module by its share of all,
and at least one; with MODULE, a part of a path, from those modules alone. Each is made in a copy of the
checkout, one copy for each of WORKERS, and the tests that bear on its part run there with PYTHON, those that
call the changed function first, until one fails. A change that a test notices is killed, so is one that makes
a test hang. The tests take the same examples each time, so a result repeats.

Every result is written to `.mutation/SEED-N.jsonl` as it comes. What survives is held against
`survivors.jsonl`, where each change that no test need notice stands with its reason; the others are printed,
and the run ends with 1 if fewer than 95 % were noticed. If a test fails with nothing changed, none is made.

Left out, for they decide nothing: types in annotations, and `frozen` and `slots` of dataclasses.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from itertools import zip_longest
from pathlib import Path
from queue import Queue
from typing import Any, Final

from tests.mutation.modules import CHECKOUT, modules, survivors
from tests.mutation.places import Mutant, change, draw, mutants_of

GOAL: Final = 0.95
#: A test may take so many times its usual time of the processor, and so many seconds more, before it hangs.
TIMES, MORE_SECONDS = 10, 5
Json = dict[str, Any]
Key = tuple[str, str, str]


@dataclass
class Copy:
    """A copy of the checkout with a process that runs its tests."""

    folder: Path
    python: str
    parts: Sequence[str]
    """The parts whose tests are needed: those of the modules that are drawn from."""
    process: subprocess.Popen[str] = field(init=False)
    clean: Json = field(init=False)
    changes: int = 0

    def __post_init__(self) -> None:
        """Copy what git tracks and run the tests once."""
        listed = subprocess.run(["git", "ls-files"], cwd=CHECKOUT, check=True, capture_output=True, text=True)  # noqa: S607
        for name in listed.stdout.splitlines():
            target = self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CHECKOUT / name, target)
        # Some tests ask git which files there are.
        subprocess.run(["git", "init", "--quiet"], cwd=self.folder, check=True)  # noqa: S607  # git of the PATH
        paths = os.pathsep.join(str(self.folder / name) for name in ("policies", "components", ""))
        self.process = subprocess.Popen(
            [self.python, "-P", "-m", "tests.mutation.worker"],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": paths, "CI": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.clean = self.ask({"parts": self.parts})
        for part in () if self.clean.get("failed") else self.parts:
            again = self.ask({"part": part, "first": [], "seconds": self.limits})
            if again["outcome"] != "passed":
                self.clean["failed"] = [again["test"] or f"the tests of {part}, run a second time"]

    @property
    def limits(self) -> dict[str, float]:
        """Give each test its most seconds."""
        tests = self.clean.get("tests", {})
        return {name: TIMES * told["seconds"] + MORE_SECONDS for name, told in tests.items()}

    def ask(self, told: Json) -> Json:
        """Have the tests run."""
        if self.process.stdin is None or self.process.stdout is None:
            raise TypeError("the process has no pipes")
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the process of {self.folder} ended")
        return dict(json.loads(answer))

    def test(self, mutant: Mutant) -> Json:
        """Make the change, run the tests, take it back; return what became of it."""
        file = self.folder / mutant.module
        source, times = file.read_text(encoding="utf-8"), file.stat()
        changed = mutant.source(source)
        shown = {**asdict(mutant), "change": change(source, changed)}
        if changed == source:
            return {**shown, "outcome": "none"}
        self.changes += 1
        try:
            file.write_text(changed, encoding="utf-8")
            # A time of its own, so that no compiled file of another change is taken for it.
            os.utime(file, (times.st_atime, times.st_mtime + 10 * self.changes))
            first = likely(mutant, self.clean["tests"])
            return {**shown, **self.ask({"part": mutant.part, "first": first, "seconds": self.limits})}
        finally:
            file.write_text(source, encoding="utf-8")
            os.utime(file, (times.st_atime, times.st_mtime))


def likely(mutant: Mutant, tests: Json) -> list[str]:
    """Order the tests: what calls the function, then what calls its module; one of each kind, then others."""
    place, module = f"{mutant.module}:{mutant.first_line}", f"{mutant.module}:"
    calls = {name: told["functions"] for name, told in tests.items()}
    direct = [name for name, called in calls.items() if called is None or place in called]
    near = [
        name for name, called in calls.items() if called and any(each.startswith(module) for each in called)
    ]
    return [*dict.fromkeys([*_mixed(direct, tests), *_mixed(near, tests), *_mixed(list(tests), tests)])]


def _mixed(names: list[str], tests: Json) -> Iterator[str]:
    kinds: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names, key=lambda each: tests[each]["seconds"]):
        kinds[name.partition("[")[0]].append(name)
    for row in zip_longest(*kinds.values()):
        yield from filter(None, row)


def known() -> dict[Key, str]:
    """Return which survivors have a reason: where they are, what changes, and of which kind it is."""
    return {(each.module, each.function, each.change): each.kind for each in survivors()}


def tested(drawn: list[Mutant], python: str) -> Iterator[Json]:
    """Yield what becomes of each change, as it comes."""
    workers = int(os.environ.get("WORKERS", os.cpu_count() or 1))
    folders: Queue[Copy] = Queue()
    with tempfile.TemporaryDirectory(prefix="mutation-") as name, ThreadPoolExecutor(workers) as pool:
        parts = sorted({mutant.part for mutant in drawn})
        copies = list(pool.map(lambda number: Copy(Path(name) / str(number), python, parts), range(workers)))
        try:
            failed = [test for each in copies for test in each.clean.get("failed", ())]
            if failed:
                raise SystemExit(f"with nothing changed these fail, so nothing is tested: {failed}")
            for each in copies:
                folders.put(each)

            def one(mutant: Mutant) -> Json:
                copy = folders.get()
                try:
                    return copy.test(mutant)
                finally:
                    folders.put(copy)

            for done in as_completed([pool.submit(one, mutant) for mutant in drawn]):
                yield done.result()
        finally:
            pool.shutdown(cancel_futures=True)
            for each in copies:
                each.process.kill()


def main() -> int:
    """Draw, test and report, a stopped run too."""
    seed, count, python = int(sys.argv[1]), int(sys.argv[2]), str(Path(sys.argv[3]).absolute())
    every = {
        path: list(mutants_of(path, (CHECKOUT / path).read_text(encoding="utf-8")))
        for path in modules(CHECKOUT, "".join(sys.argv[4:]))
    }
    drawn = draw(every, seed, count)
    sys.stderr.write(f"{len(drawn)} of {sum(map(len, every.values()))} changes of {len(every)} modules\n")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    reasons = known()
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    try:
        with (CHECKOUT / f".mutation/{seed}-{count}.jsonl").open("w", encoding="utf-8") as file:
            for number, result in enumerate(tested(drawn, python), start=1):
                outcome = result["outcome"]
                if outcome == "passed":
                    key = (result["module"], result["function"], result["change"])
                    outcome = result["outcome"] = reasons.get(key, "survived")
                file.write(json.dumps(result) + "\n")
                file.flush()
                outcomes[result["module"]][outcome] += 1
                if outcome == "survived":
                    sys.stdout.write(json.dumps(result) + "\n")
                    sys.stdout.flush()
                if number % 20 == 0:
                    sys.stderr.write(f"{number} of {len(drawn)}: {dict(sum(outcomes.values(), Counter()))}\n")
    except KeyboardInterrupt:
        sys.stderr.write("stopped before the end\n")
    return report(outcomes, {module: len(found) for module, found in every.items()})


def report(outcomes: dict[str, Counter[str]], sizes: dict[str, int]) -> int:
    """Print a line a module and the whole; end with 1 if too little was noticed."""
    for module, found in sorted(outcomes.items()):
        sys.stdout.write(f"{sizes[module]:>5} {module}: {dict(found)}\n")
    whole = sum(outcomes.values(), Counter())
    noticed = whole["killed"] + whole["timeout"]
    behaviour = noticed + whole["survived"]
    sys.stdout.write(
        f"{noticed} of {behaviour} changes of behaviour noticed ({100 * noticed / max(behaviour, 1):.1f} %); "
        f"{whole['equivalent']} change nothing, {whole['wording']} words only; {sum(sizes.values())} in all\n"
    )
    return 0 if behaviour and noticed >= GOAL * behaviour else 1


if __name__ == "__main__":
    raise SystemExit(main())
