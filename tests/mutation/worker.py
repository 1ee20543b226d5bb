"""Run the tests of one copy of the checkout again and again, each time from the code as it then stands.

The process imports what is not the project's once; each run is a fork of it that imports the project anew. It
is told on standard input, a line of JSON a run, and answers with one:

    {"part": "iam" | "rules", "first": [likely tests], "seconds": {test: most seconds of this process}}
    → {"outcome": "passed" | "killed" | "timeout", "test": the one that noticed}

The first run is the clean one: it is told which parts' tests are needed, {"parts": ["iam"]}, answers
{"tests": {test: {"seconds", "functions"}}} or {"failed": [tests]}, and is what the others are measured by.
"""

import contextlib
import importlib
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final

import pytest

from tests.mutation.modules import STAGES, UNWATCHED

ARGUMENTS: Final = (
    *("-q", "-p", "no:cacheprovider", "-m", "not engine"),
    # The plugins of pytest are imported already.
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
PROJECT: Final = {
    *("identity_guard", "identity_center", "identity_center_cli"),
    *("sandbox", "tools", "tests", "conftest", "bench"),
}
PACKAGE: Final = str(Path("policies/identity_guard").absolute())
MEMORY: Final = 6 * 1024**3
"""A change that makes a list grow without end must not end the machine."""
Answer = dict[str, Any]


class Clean:
    """Notes of each test how long it takes and which functions of the package it calls."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self.tests: dict[str, Answer] = {}
        self.failed: list[str] = []
        self._called: dict[int, CodeType] = {}

    def _note(self, frame: FrameType, _: str, __: object) -> None:
        code = frame.f_code
        if id(code) not in self._called:
            self._called[id(code)] = code

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Watch one test, its fixtures included, unless it is of those that call nearly all."""
        self._called.clear()
        watched = not item.nodeid.startswith(UNWATCHED)
        begun = time.process_time()
        if watched:
            sys.settrace(self._note)
        yield
        if watched:
            sys.settrace(None)
        told = {
            f"{os.path.relpath(code.co_filename)}:{code.co_firstlineno}"
            for code in self._called.values()
            if code.co_filename.startswith(PACKAGE)
        }
        functions = sorted(told) if watched else None
        self.tests[item.nodeid] = {"seconds": time.process_time() - begun, "functions": functions}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember what fails with nothing changed."""
        if report.failed:
            self.failed.append(report.nodeid)

    def answer(self, status: int) -> Answer:
        """Tell what was seen, and which modules are not the project's."""
        if status or self.failed:
            return {"failed": self.failed or [f"pytest ended with {status}"]}
        own = {name.partition(".")[0] for name in sys.modules} & PROJECT
        others = [name for name in sys.modules if name.partition(".")[0] not in own]
        return {"tests": self.tests, "modules": others}


class Changed:
    """Runs the likely tests first, ends at the first that fails, and lets none run for ever."""

    def __init__(self, first: list[str], seconds: Mapping[str, float]) -> None:
        """Take the order and each test's limit."""
        self.order = {name: place for place, name in enumerate(first)}
        self.seconds = seconds
        self.test = ""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Order them; the others keep their places behind."""
        items.sort(key=lambda item: self.order.get(item.nodeid, len(self.order)))

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Start the clock: the processor's time, so that a busy machine ends no test. It ends the process."""
        self.test = nodeid
        signal.setitimer(
            signal.ITIMER_VIRTUAL, self.seconds.get(nodeid, max(self.seconds.values(), default=60))
        )

    def answer(self, status: int) -> Answer:
        """Tell whether the change was noticed; one that stops the collection is."""
        return {"outcome": "killed" if status else "passed", "test": self.test if status else ""}


def run(plugin: Clean | Changed, *more: str) -> Answer:
    """Run the tests in a fork."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        silent = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silent, stream)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        status = pytest.main([*ARGUMENTS, *more], plugins=[plugin])
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        with os.fdopen(writing, "w", encoding="utf-8") as pipe:
            json.dump(plugin.answer(int(status)), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        text = pipe.read()
    _, ended = os.waitpid(child, 0)
    if text:
        return dict(json.loads(text))
    by_clock = os.WIFSIGNALED(ended) and os.WTERMSIG(ended) == signal.SIGVTALRM
    return {"outcome": "timeout" if by_clock else "killed", "test": ""}


def in_stages(told: Answer) -> Answer:
    """Run the tests that bear on a change until one notices it."""
    answer: Answer = {}
    for folders in STAGES[told["part"]]:
        answer = run(Changed(told["first"], told["seconds"]), "-x", *folders)
        if answer["outcome"] != "passed":
            break
    return answer


def main() -> None:
    """Answer until the input ends."""
    for number, line in enumerate(sys.stdin):
        told = json.loads(line)
        if number == 0:
            stages = chain.from_iterable(STAGES[part] for part in told["parts"])
            answer = run(Clean(), *dict.fromkeys(chain.from_iterable(stages)))
            for name in answer.pop("modules", ()):
                with contextlib.suppress(ImportError):
                    importlib.import_module(name)
            sys.dont_write_bytecode = True
            os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        else:
            answer = in_stages(told)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
