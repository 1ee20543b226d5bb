"""The cases that every checker is asked: one JSON file, read by each in a process of its own.

Standard library only: the peers live in environments of their own.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

Answer = dict[str, "bool | None"]
"""What a checker says of a case: `root_level`, `escalation`, `misses_mfa`, `malformed`; it has no verdict on
what it leaves out."""


def ask_all(ask: Callable[[list[str]], Answer], warm_up: Callable[[], object]) -> None:
    """Ask a checker about every case of the file named first, and write answers, seconds and peak memory.

    `warm_up` is the start: what it reads and builds is not counted. Each case is asked once.
    """
    cases: list[dict[str, Any]] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    # Some checkers print while they work; standard output is the result's alone.
    with redirect_stdout(sys.stderr):
        warm_up()
        answers, seconds = _answers(ask, cases)
    write(answers, seconds)


def _answers(
    ask: Callable[[list[str]], Answer], cases: list[dict[str, Any]]
) -> tuple[dict[str, Answer], float]:
    """Ask about each case; return the answers and the seconds of the processor that asking took."""
    answers: dict[str, Answer] = {}
    seconds = 0.0
    for case in cases:
        began = time.process_time()
        try:
            answers[case["id"]] = ask(case["documents"])
        except Exception as error:  # noqa: BLE001 - a peer may fail in any way; that is its answer
            answers[case["id"]] = {"failed": True}
            sys.stderr.write(f"{case['id']}: {type(error).__name__}\n")
        seconds += time.process_time() - began
    return answers, seconds


def write(answers: dict[str, Answer], seconds: float) -> None:
    """Write the result of one checker."""
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    json.dump({"answers": answers, "seconds": seconds, "peak_mb": peak // 1024}, sys.stdout)
