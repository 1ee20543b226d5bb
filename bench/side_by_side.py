"""Previews measured side by side: in one sandbox, in turns, so that whatever else the machine does meets all.

The figure is the ratio of the medians. Seconds are shown to be believed, not to be compared with another
machine's.
"""

import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from sandbox import lifecycle
from sandbox.environment import inside
from sandbox.home import Home
from sandbox.project import Project
from sandbox.shell.commands import write_commands
from sandbox.toolchain.pulumi_cli import find_or_build


@dataclass(frozen=True)
class Preview:
    """One of the previews that are compared."""

    project: Project
    options: tuple[str, ...] = ()


@contextmanager
def own_sandbox(folder: Path) -> Iterator[dict[str, str]]:
    """Run a sandbox in the folder; give the environment inside it."""
    home = Home(folder / "sandbox")
    cli = find_or_build()
    server = lifecycle.find_or_start(home).server
    try:
        write_commands(home, cli)
        # Compiled modules are kept, as Python does: else whoever imports more would compile more each time.
        environment = inside(home, server, cli)
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        yield environment
    finally:
        lifecycle.end(home)


def medians(title: str, previews: Mapping[str, Preview], rounds: int) -> list[float]:
    """Return the median seconds of each preview, in the given order.

    Every other round goes backwards: none is always the one that comes after the longest. A round before the
    first is not counted.
    """
    seconds: dict[str, list[float]] = {name: [] for name in previews}
    for preview in previews.values():
        preview.project.succeed("preview", "--suppress-progress", *preview.options)
    for number in range(rounds):
        for name in list(previews)[:: 1 if number % 2 == 0 else -1]:
            sys.stderr.write(f"{title}, round {number + 1} of {rounds}, {name}\n")
            began = time.perf_counter()
            previews[name].project.succeed("preview", "--suppress-progress", *previews[name].options)
            seconds[name].append(time.perf_counter() - began)
    return [statistics.median(taken) for taken in seconds.values()]


@dataclass
class Comparison:
    """Ratios of two figures each, held against goals."""

    columns: Sequence[str]
    """What is measured, then the base and what is compared with it."""
    _met: list[bool] = field(default_factory=list)
    _rows: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, measured: Sequence[str], base: float, compared: float, goal: float | None) -> None:
        """Add a row; one without a goal is shown only."""
        ratio = compared / base
        verdict = "none"
        if goal is not None:
            self._met.append(ratio <= goal)
            verdict = f"≤ {goal:.2f}: {'yes' if self._met[-1] else 'NO'}"
        self._rows.append((*measured, f"{base:.1f} s", f"{compared:.1f} s", f"{ratio:.2f}", verdict))
        # At once: a run takes long, and one that is stopped has measured something.
        sys.stderr.write(f"{', '.join(self._rows[-1])}\n")

    def show(self) -> bool:
        """Print the table; tell whether every ratio meets its goal."""
        table = Table(*self.columns, "ratio", "goal")
        for row in self._rows:
            table.add_row(*row)
        Console().print(table)
        return bool(self._met) and all(self._met)
